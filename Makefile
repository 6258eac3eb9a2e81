# Verbatim. `make demo` and `make test` do the set-up themselves; everything they make stays in .venv and var.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint tests browser-tests chromium worker lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-14s %s\n", $$1, $$2 }'

setup: .venv/installed ## the virtual environment with everything pinned, and the model weights
	@$(MANAGE) fetch_models
	@$(MANAGE) collectstatic --noinput --verbosity 0

.venv/installed: requirements-uv.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements-uv.txt requirements-dev.txt
	@touch $@

demo: setup ## a running site with analysed sample calls: database, web and worker (Ctrl-C stops them)
	@$(MANAGE) demo

test: setup chromium lint tests browser-tests ## all tests and checks, as CI runs them

lint: ## style, types, the import rule, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(MANAGE) makemigrations --check --dry-run

tests:
	$(BIN)/pytest --ignore tests/browser

browser-tests: # a process of their own: Playwright's event loop and Django's ORM do not share one
	$(BIN)/pytest tests/browser

chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } || \
		{ echo "The browser tests need Debian's chromium: sudo apt-get install chromium"; exit 1; }

worker: ## one more worker
	$(MANAGE) worker

lock: ## pin the dependencies of pyproject.toml again
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --extra s3 -o requirements-web.txt
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --extra s3 --extra speech \
		-o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --extra s3 --extra speech --extra dev \
		-o requirements-dev.txt

clean: ## remove the virtual environment and everything under var (database, recordings, weights)
	rm -rf .venv var
