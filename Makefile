# The jobs of this project. `make run` opens the program, `make test` runs every check that CI runs.
# Needed beforehand: Python 3.11 or newer and make. Windows, and no network: see README.md.

VENV := .venv
BIN := $(VENV)/bin
NEW_ENOUGH := -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p $(NEW_ENOUGH) >/dev/null 2>&1 && { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
OURSELVES := --no-deps --no-build-isolation --editable .

.PHONY: run demo bench torture kit sbom test lint types imports pytest lock clean

run: $(VENV)/.ready-to-run
	@$(BIN)/esafety

demo: $(VENV)/.ready-to-run
	@$(BIN)/esafety demo

bench: $(VENV)/.ready-to-test
	@$(BIN)/python -m tests.bench

# For a computer without a network: one folder in dist. PYTHONS="3.11 3.12": for several; PYTHON_EMBED: see README.md.
kit: $(VENV)/.ready-to-test
	@test -n "$(PLATFORM)" || { echo "Say for which computer: make kit PLATFORM=win_amd64 (or linux_x86_64," \
		"macos_arm64)" >&2; exit 2; }
	@PYTHON_EMBED="$(PYTHON_EMBED)" $(BIN)/python -m kit $(PLATFORM) $(addprefix --python ,$(PYTHONS))

sbom: $(VENV)/.ready-to-test
	@$(BIN)/python -m kit sbom

# Everything that is broken on purpose, at every point: under an hour on two processors.
torture: $(VENV)/.ready-to-test
	@$(BIN)/python -m tests.torture

test: lint types imports pytest

lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-to-test
	$(BIN)/mypy

imports: $(VENV)/.ready-to-test
	$(BIN)/lint-imports

pytest: $(VENV)/.ready-to-test
	$(BIN)/pytest -n 2 --dist loadgroup

# The locks carry hashes and no index address. Compiled for every platform and Python >= 3.11 at once.
lock: $(VENV)/.ready-to-test
	$(PIP) install 'uv>=0.9,<1'
	$(BIN)/uv pip compile $(LOCKED) --extra build --extra dev -o requirements-dev.lock
	$(BIN)/uv pip compile $(LOCKED) --extra build -c requirements-dev.lock -o requirements.lock

LOCKED := pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --quiet \
	--custom-compile-command 'make lock'

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Stamps: a second run installs nothing unless a lock or pyproject.toml changed.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer (with its venv module) was not found." \
		"Install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-to-run: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install $(OURSELVES)
	@touch $@

$(VENV)/.ready-to-test: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install $(OURSELVES)
	@touch $@ $(VENV)/.ready-to-run
