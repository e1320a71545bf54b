# Two commands on a fresh machine: `make demo` and `make test`. Python >= 3.11 with venv is enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

.PHONY: demo test test-slow check bench bench-linkage seams history clean

$(VENV)/.core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "drillsim needs Python 3.11 or newer; set PYTHON=python3.12, for example"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	$(PIP) -e '.[dev]'
	@touch $@

demo: $(VENV)/.core
	$(BIN)/drillsim demo --out out/demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest

test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/bench.py

bench-linkage: $(VENV)/.dev
	$(BIN)/python -m benchmarks.linkage

seams: $(VENV)/.dev
	$(BIN)/python -m drillsim.experiments.seams_page --reps 100 --jobs 2

history: $(VENV)/.dev
	$(BIN)/python -m drillsim.experiments.history_page scenarios/history > docs/history.md

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
