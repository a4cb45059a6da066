# `make run` opens the desk, `make test` and `make proofs` run the tests; each sets up what it needs,
# with uv where it is installed (`make UV=` does without), else with venv and pip. `make help` lists
# all.

PYTHON ?=
UV ?= $(shell command -v uv)
UPGRADE ?=
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
READY := $(VENV)/.dev

ifneq ($(UV),)
CHECK :=
CREATE := $(UV) venv --quiet $(if $(PYTHON),--python $(PYTHON)) $(VENV)
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
else
CHECK := $(or $(PYTHON),python3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "poc needs Python 3.11 or newer; name one with PYTHON=")'
CREATE := $(or $(PYTHON),python3) -m venv $(VENV)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: run demo test proofs lint format bench pictures snapshots surface modules rows constraints clean help

run: $(RUN)  ## open the desk
	@$(BIN)/poc

demo: $(RUN)  ## open a throw-away desk full of work
	@$(BIN)/poc demo

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -q -n auto -m "not proof"

proofs: $(READY)  ## run the tests that take long
	$(BIN)/python -m pytest -q -n auto -m proof

lint: $(READY)  ## look for what a machine can see: format, ruff, types, who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## format, and mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## take the figures of speed that README shows
	$(BIN)/python -m bench

pictures: $(READY)  ## draw the pictures of README anew
	$(BIN)/python -m tests.pictures docs/pictures

snapshots: $(READY)  ## accept how the screens look now
	$(BIN)/python -m pytest -q tests/screens/test_snapshots.py tests/screens/test_mail_screen.py \
	  --snapshot-update

surface: $(READY)  ## write down anew what scripts can rely on
	$(BIN)/python -m tests.surface docs/surface.txt

modules: $(READY)  ## write down anew which modules are loaded on each way in
	$(BIN)/python -m tests.project.test_loaded_modules

rows: $(READY)  ## spell the rows that verbs write anew, after a change to the models
	$(BIN)/python -m tests.project.spelled_rows

constraints: $(READY)  ## pin what pyproject.toml asks for; newest versions with UPGRADE=--upgrade
	$(if $(UV),,$(INSTALL) uv)
	$(or $(UV),$(BIN)/uv) pip compile --quiet --universal --python-version 3.11 --group dev \
	  --no-annotate --no-header $(UPGRADE) -o constraints.txt pyproject.toml

clean:  ## take away what the other targets made here
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

$(BIN)/python:
	@$(CHECK)
	@$(CREATE)

$(RUN): pyproject.toml constraints.txt | $(BIN)/python
	@$(INSTALL) -c constraints.txt -e .
	@touch $@

# Groups are known to pip from 25.1 on, which is newer than what some Pythons bring along.
$(READY): $(RUN)
	@$(if $(UV),,$(INSTALL) 'pip>=25.1')
	@$(INSTALL) -c constraints.txt -e . --group dev
	@touch $@
