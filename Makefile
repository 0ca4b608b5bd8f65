# SoundMap's verbs.  Every one sets up what it needs by itself.
PYTHON ?= python3
BIN := .venv/bin
# Tests run beside each other, file by file.  One worker more than processors, since those that
# drive a chat mostly wait; four at most.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')
BESIDE = -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# .venv/bin/python is a link: what was installed beside an earlier one is not for a new one.  A link
# to nowhere has a time as well, so make has to be told that Python is gone.
MAKEFLAGS += --check-symlink-times

.DEFAULT_GOAL := help
.PHONY: help setup run test quick lint types format fuzz check train clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { sub("%", "NAME", $$1); printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/serve ## make .venv with what answering needs (no torch)

run: setup ## open the console: type a path, get genre and picks
	@$(BIN)/python -m bot

# What trains, decodes by the hundred, or needs worker processes, a chat, a cluster or a browser.
NOT_QUICK = audio/test_bent.py bot/core/test_service.py bot/workers bundle deploy engines fuzz lab links loopback map scenarios

test: lint types ## lint, types and all tests
	$(BIN)/python -m pytest $(BESIDE) -m "not alone"
	$(BIN)/python -m pytest -m alone

quick: .venv/dev ## tests of less than a minute: no torch, processes, chats, cluster or browser
	$(BIN)/python -m pytest $(BESIDE) -m "not alone and not process" \
	  $(addprefix --ignore=tests/,$(NOT_QUICK))

lint: .venv/dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev ## mypy, strict
	$(BIN)/mypy

format: .venv/dev ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: .venv/dev ## have workers listen to files that mean harm: make fuzz SECONDS=600 SEED=1
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

extra-%: .venv/extra-% ## add an optional part; NAME is slack, serve, large, cluster, fast, bench or train
	@:

check: setup ## verify the shipped bundle
	@$(BIN)/soundmap check

train: .venv/dev ## train the shipped bundle anew: make train DATA=folder with tiles-*.npz
	$(BIN)/soundmap train --data $(DATA)

clean: ## remove the venv and caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache

# A prerequisite that no file is, so that the rule runs.
.PHONY: gone
.venv/bin/python: $(shell [ -e .venv/bin/python ] || echo gone)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "SoundMap needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@[ -w . ] || { echo "Nothing may be written in this folder, where .venv belongs."; exit 1; }
	@echo "Setting up .venv (once, about a minute)"
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }

.venv/serve: .venv/bin/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bot,formats]'
	@touch $@

# Always -e: without it pip would replace the clone by a copy of it.
.PRECIOUS: .venv/extra-%
.venv/extra-%: .venv/serve
	@grep -q '^$* = \[' pyproject.toml || { echo "There is no optional part $*."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$*]'
	@touch $@

.venv/dev: .venv/serve
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@
