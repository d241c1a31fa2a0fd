"""Article in, matches out; pure."""
