"""The daemon's figures. The only module that knows prometheus-client."""
