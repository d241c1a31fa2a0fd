# What a developer runs. VENV may name another virtual environment.
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: check test lock reference torture

check:            ## every checker; each was the sole catcher of a planted fault
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/codespell
	$(BIN)/monitor check --config config

test:             ## what README says
	$(BIN)/pytest -n auto --dist worksteal

LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header

reference:        ## docs/reference.md from the program itself, where a verb, key, operator or figure changed
	$(BIN)/python docs/reference.py

lock:             ## pin every dependency with its hashes for all Pythons and platforms, naming no index
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --output-file tests/requirements.lock --constraint requirements.lock \
	    --extra test --extra apprise --extra dkim pyproject.toml

torture:          ## kill -9 and a hostile mail server at full size: ten minutes
	MONITOR_TORTURE=1 $(BIN)/pytest tests/torture -q -s --timeout 1800
