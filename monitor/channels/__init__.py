"""Notification in, outcome out: a file a kind of channel."""
