"""The YAML folder in, frozen settings out; every error says file:line:column."""
