# The same words on a desk and in CI. `make demo` is all a newcomer needs.
.POSIX:
.PHONY: help setup demo test check lint bench soak ci clean

PYTHON = python3
PORT ?= 8000
HOST = 127.0.0.1
JOBS = auto
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
# What depends on the engine, and the rules, which then need not be gone through a second time.
DATABASE_TESTS = tests/queries tests/jobs tests/migrations tests/wall
RULES_TESTS = tests/services

help:
	@echo "make demo    set up what is missing and run the portal with its story (PORT=8000)"
	@echo "make test    run all tests"
	@echo "make check   look at style, types, floors, templates and texts"
	@echo "make bench   measure the jobs of every day, the pages and the database (the first time it loads its data)"
	@echo "make soak    run the long suites at full size"
	@echo "make ci      what CI runs: the same without its tests, then all tests"
	@echo "make clean   remove everything that was installed or built, and the demo's data"

setup: .venv/.dev
	@$(BIN)/python -m portal.cli.frontend

demo: .venv/.runtime
	@exec $(BIN)/portal demo run --port $(PORT) --host $(HOST)

# The part that speaks to the database runs on the given server first, then the rest on the embedded engine.
test: setup
	@if [ -n "$$TEST_SERVER_URL" ]; then \
		echo "On the server that TEST_SERVER_URL names:"; \
		$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile $(DATABASE_TESTS) $(RULES_TESTS) || exit 1; \
		echo "On the embedded engine:"; \
		without="--ignore=$(RULES_TESTS)"; \
	fi; \
	TEST_SERVER_URL= $(BIN)/python -m pytest -n $(JOBS) --dist loadfile $$without

check: lint
	$(BIN)/python -m pytest -q tests/architecture

# What needs no test run; `make test` goes through tests/architecture with all others.
lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet portal/templates

bench: setup
	$(BIN)/python -m bench
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.wall

soak: setup
	SOAK=1 $(BIN)/python -m pytest -q -m "soak and not stopwatch" -n $(JOBS) --dist load --timeout 0
	SOAK=1 $(BIN)/python -m pytest -q -m stopwatch --timeout 0
	WALL_COMPARE=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile tests/blueprints

ci: lint test

clean:
	rm -rf .venv node_modules portal/static/vendor .stamps var build *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make demo PYTHON=python3.11"; exit 1; }
	@echo "Creating the environment …"
	@$(PYTHON) -m venv .venv
	@touch .venv/.made

.venv/.runtime: .venv/.made requirements.lock pyproject.toml
	@echo "Installing the packages …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch .venv/.runtime

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing the developer's tools …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch .venv/.dev
