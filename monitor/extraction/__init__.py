"""Page in, article out."""
