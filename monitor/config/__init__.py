"""The YAML folder in, frozen settings out; every error says file:line:column.

`folder` reads everything, `settings` only monitor.yaml: whoever just looks at the store waits for no rules.
"""
