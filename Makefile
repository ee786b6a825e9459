# Everything a newcomer types. `make demo` and `make test` set up what they need by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

# Without it each of the many processes of the tests would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv dev demo test lint types tests clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

venv: .venv/.ready  ## set-up alone: a virtual environment in .venv

dev: .venv/.dev  ## set-up for tests: with what they compare against

.venv/.ready: pyproject.toml | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[export,postgres]'
	@touch $@

# By itself: what `make demo` installs is among it, and to settle the versions twice takes half a minute.
.venv/.dev: pyproject.toml | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch .venv/.ready $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: Python 3.11 or newer is needed; try: make venv PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

demo: venv  ## crawl the bundled replica into corpus.db and look at what came
	@$(BIN)/python -m demo tour

test: lint types tests  ## lint, types and tests, as CI runs them

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev
	$(BIN)/mypy

tests: dev
	$(BIN)/pytest -n 3 --dist worksteal -q

clean:  ## remove what the demo made, and nothing else
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m demo clean; \
	else echo "make: without .venv nothing is removed; see: ls corpus.db* archive"; fi
