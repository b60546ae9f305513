# `make` alone lists the targets: the words after `##` are the list.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Tests run on this many processes; `make test WORKERS=0` runs them in one, for a debugger.
WORKERS ?= 2

# $(1) names the stage, $(2) is the command. One line when it passes; its whole output when it does not.
define stage
@output=$$($(2) 2>&1) && printf '%-10s ok\n' '$(1)' || { printf '%-10s FAILED\n%s\n' '$(1)' "$$output"; exit 1; }
endef

.DEFAULT_GOAL := help
.PHONY: help setup demo test check style lint types contracts docs format soak bench lock clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## create .venv with everything pinned, and the stepscope command in it

# A folder that was moved or copied has scripts that point to the old place: set up again.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif
$(READY): requirements-dev.txt pyproject.toml .ci/setup
	@PYTHON='$(PYTHON)' bash .ci/setup

demo: setup ## sample data in a dashboard on this machine, no AWS account needed
	@$(BIN)/stepscope demo

test: check ## everything: the checks below, then all tests
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

check: style lint types contracts docs ## formatting, lint, types, import contracts, generated docs

style: setup
	$(call stage,format,$(BIN)/ruff format --check .)

lint: setup
	$(call stage,lint,$(BIN)/ruff check .)

types: setup
	$(call stage,types,$(BIN)/mypy)

contracts: setup
	$(call stage,contracts,$(BIN)/lint-imports --no-logo)

COG := $(BIN)/python -m cogapp --verbosity=1
GENERATED := $(shell grep -ls "\[\[\[cog" README.md docs/*.md docs/*/*.md deploy/*.yaml)

docs: setup
	$(call stage,docs,$(COG) --check --diff $(GENERATED))

format: setup ## rewrite the code's formatting and the generated parts of the docs
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(COG) -r $(GENERATED)

soak: setup ## the property tests with many more examples, and the slow fault tests
	@$(BIN)/pytest -n $(WORKERS) -m 'hypothesis or soak' --hypothesis-profile soak $(ARGS)

bench: setup ## print how fast the pieces are, as ratios
	@$(BIN)/python -m benchmarks $(ARGS)

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

lock: setup ## compile requirements*.in to hash-pinned requirements*.txt (ARGS=--upgrade takes newer versions)
	@$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	@$(COMPILE) $(ARGS) -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean: ## remove .venv and caches; a store is never touched
	@rm -rf .venv *.egg-info build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
