"""Processes of our own beside the daemon: forked from one that has loaded our code, given no secret."""

from monitor.children.launching import Child, launch

__all__ = ["Child", "launch"]
