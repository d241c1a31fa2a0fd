"""Bytes in, entries out: a file a kind of source."""
