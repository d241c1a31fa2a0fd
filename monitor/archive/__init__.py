"""The archive asked: what a query finds, how one article went, what other rules would make of it."""
