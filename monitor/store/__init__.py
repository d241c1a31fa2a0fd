"""Memory: what was seen, read, matched, told."""
