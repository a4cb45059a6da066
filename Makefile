# `make run` opens the desk, `make test` and `make proofs` run the tests; each sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
READY := $(VENV)/.dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run demo test proofs lint format bench pictures snapshots constraints clean

run: $(RUN)
	@$(BIN)/poc

demo: $(RUN)
	@$(BIN)/poc demo

test: $(READY)
	$(BIN)/python -m pytest -q -n auto -m "not proof"

proofs: $(READY)
	$(BIN)/python -m pytest -q -n auto -m proof

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m bench

pictures: $(READY)
	$(BIN)/python -m tests.pictures docs/pictures

snapshots: $(READY)
	$(BIN)/python -m pytest -q tests/screens/test_snapshots.py --snapshot-update

# Names and versions only, of everything that is installed here besides poc itself.
constraints: $(READY)
	$(BIN)/python -m pip freeze --exclude-editable --exclude poc-tui > constraints.txt

$(RUN): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "poc needs Python 3.11 or newer; name one with PYTHON=")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) -e .
	@touch $@

$(READY): $(RUN)
	@$(INSTALL) -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
