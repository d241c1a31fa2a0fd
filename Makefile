# What a developer runs. VENV may name another virtual environment.
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: check test lock torture

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
	$(BIN)/pytest -n auto

lock:             ## pin every dependency with its hashes, naming no index
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
	    --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header --output-file requirements.lock pyproject.toml

torture:          ## kill -9 and a hostile mail server at full size: half an hour
	MONITOR_TORTURE=1 $(BIN)/pytest tests/torture -q -s --timeout 1800
