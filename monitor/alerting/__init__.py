"""Matches in, decisions and notifications out; pure, time is an argument."""
