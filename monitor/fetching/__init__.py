"""URL in, bytes or outcome out."""
