# Two commands for a newcomer: `make demo` and `make test`. Everything goes into .venv and build/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: demo test soak check bench bench-peers samples docs lock format windows-zip clean

demo: $(VENV)/.ready-run
	$(BIN)/tracker demo build/demo

test: $(VENV)/.ready-test
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n auto --dist worksteal

# Long runs, one after another; figures go to build/soak/ and docs/soak.md.
soak: $(VENV)/.ready-test
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n0 -m soak
	$(BIN)/python -m tests.soak.page

check: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

samples: $(VENV)/.ready-test
	$(BIN)/python -m tests.samples snapshots/samples

docs: $(VENV)/.ready-test
	$(BIN)/python -m tests.docs

# Figures of the issues; each line ends in an error when its budget is broken.
bench: $(VENV)/.ready-test
	$(BIN)/python -m benchmarks.text_findings
	$(BIN)/python -m benchmarks.judging
	$(BIN)/python -m benchmarks.forms
	$(BIN)/python -m benchmarks.lists

# The same work done with other tools; they live in an environment of their own. Linux; about ten minutes; docs/performance.md.
bench-peers: $(VENV)/.ready-test build/peers-venv/.ready
	$(BIN)/python -m tests.browser
	$(BIN)/python -m benchmarks.peers; told=$$?; $(BIN)/python -m benchmarks.peers.page && exit $$told

build/peers-venv/.ready: benchmarks/peers/requirements.lock
	@mkdir -p build
	@$(PYTHON) tools/make_venv.py build/peers-venv
	build/peers-venv/bin/pip install --quiet --require-hashes -r benchmarks/peers/requirements.lock
	@touch $@

format: $(VENV)/.ready-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/bin/pip:
	@$(PYTHON) tools/make_venv.py $(VENV)

$(VENV)/.ready-run: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@if [ -f $(VENV)/.ready-test ]; then :; else $(BIN)/pip install --quiet --require-hashes -r requirements.lock; fi
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: requirements-test.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready-run

# Needs uv on PATH; hashes, but no index addresses.
LOCK := uv pip compile pyproject.toml tools/build.in --extra cluster --extra postgres --extra notify --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --extra test -c requirements.lock -o requirements-test.lock
	cd benchmarks/peers && uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

# PYTHON_ZIP: the embeddable Python for 64-bit Windows, fetched by whoever runs this; without it the tree is built and checked only.
windows-zip: $(VENV)/.ready-run
	$(BIN)/python -m tools.windows $(if $(PYTHON_ZIP),--python-zip "$(PYTHON_ZIP)")

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
