"""Watches news sources, matches articles against watchlists and tells people."""

__all__ = ["__version__"]

__version__ = "0.1.0"
