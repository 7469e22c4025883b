# One command list, the same on a laptop and in CI. Only make, Python 3.11+ and Node.js 20+ have to be there.
SHELL := /bin/sh
PORT ?= 8001
export PORT

# The first Python that is new enough; `make PYTHON=/path/to/python` overrides it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check nightly fmt bench web docs lock clean setup setup-dev setup-python

help: ## List these commands
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: setup ## Install what is missing, build the web app, run the exchange
	@$(BIN)/cryptovault run

test: setup-dev ## Everything: lint, types, import contract, secrets, web, backend, faults, browser
	@$(BIN)/python scripts/test.py

check: setup-dev ## Only what needs no running process: lint, types, import contract, secrets, web lint
	@$(BIN)/python scripts/test.py --static

nightly: setup-dev ## Timing of addresses, 20,000 fuzzing cases, a million orders twice, amounts and trades in circles
	@$(BIN)/python scripts/nightly.py

fmt: setup-dev ## Format Python and web sources, and fix what can be fixed
	@$(BIN)/ruff check --fix-only -q . && $(BIN)/ruff format . && cd web && npm run --silent format

bench: setup-python ## Measure each figure of docs/performance.md
	@$(BIN)/python scripts/bench.py

web: setup-dev ## Build the web app
	@test -d web/dist && echo "web/dist is built from the current sources"

docs: setup-python ## Write docs/reference from the code: API, settings, commands
	@$(BIN)/python scripts/docs.py

lock: setup-python ## Resolve the dependencies again and write all lock files
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --group nautilus -c requirements-dev.lock -o requirements-nautilus.lock

clean: ## Remove what can be made again; the exchange's data in var/ stays
	@rm -rf .venv web/node_modules web/dist build artifacts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +

setup: NEEDS = run
setup-dev: NEEDS = dev
setup-python: NEEDS = dev --no-web
setup setup-dev setup-python:
	@test -n "$(PYTHON)" || { echo "✗ Python 3.11 or newer is needed, and was not found on PATH."; exit 1; }
	@$(PYTHON) scripts/setup.py $(NEEDS)
