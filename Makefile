# The first target installs all dependencies into .venv; it requires git, make and Python 3.11.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
# The site is built without CDK and Node.js.
DOCS := .venv-docs
LOWEST := .venv-lowest
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One file for all platforms and Python versions.
LOCK := UV_CUSTOM_COMPILE_COMMAND='make lock' uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(ARGS)

.PHONY: synth test test-lowest check deploy-local validate-aws wheel lock bench docs clean
.DEFAULT_GOAL := synth

synth: $(VENV)/.app
	cdk synth --quiet

test: $(VENV)/.dev
	python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# What renders templates, and the command line, with the lowest versions that pyproject.toml allows.
test-lowest: $(LOWEST)/.installed
	PATH=$(CURDIR)/$(LOWEST)/bin:$$PATH python -m pytest tests/test_lowest.py tests/test_acknowledgments.py \
		tests/network tests/capacity/test_managed_scaling.py tests/capacity/test_instance_groups.py \
		tests/cli/test_describe.py tests/prices

check: $(VENV)/.dev
	ruff check .
	ruff format --check .
	mypy

deploy-local: $(VENV)/.dev
	python -m tests.deploy.local

validate-aws: $(VENV)/.dev
	python -m tests.aws.validate $(ARGS)

wheel: $(VENV)/.app
	hatchling build --clean

# Rewrites the locked requirements; ARGS=--upgrade also updates the packages that others require.
lock: $(VENV)/.dev
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt
	$(LOCK) requirements-lowest.in pyproject.toml --extra aws --resolution lowest-direct --upgrade --output-file requirements-lowest.txt
	$(LOCK) requirements.in --constraint requirements-dev.txt --output-file requirements.txt
	for name in $(basename $(filter-out requirements-dev.in requirements-lowest.in,$(wildcard requirements-*.in))); do \
		$(LOCK) $$name.in --output-file $$name.txt || exit; \
	done
	npm install --package-lock-only --silent

bench: $(VENV)/.dev
	python -m benchmarks.run
	python -m benchmarks.check

docs: $(DOCS)/.installed
	$(DOCS)/bin/python -m website
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/python -m mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) $(DOCS) $(LOWEST) node_modules build dist site cdk.out .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python $(DOCS)/bin/python $(LOWEST)/bin/python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' 2>/dev/null \
		|| { echo "emr_constructs requires Python 3.11 or later; run make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(@:/bin/python=)

# pip installs nothing editable in the same command as requirements with hashes.
$(VENV)/.app: $(BIN)/python requirements.txt pyproject.toml package-lock.json
	pip install --quiet --require-hashes --requirement requirements.txt
	pip install --quiet --no-deps --no-build-isolation --editable .
	npm ci --silent
	ln -sf $(CURDIR)/node_modules/.bin/cdk $(BIN)/cdk
	touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.txt
	pip install --quiet --require-hashes --requirement requirements-dev.txt
	touch $@

$(DOCS)/.installed: $(DOCS)/bin/python requirements-docs.txt
	$(DOCS)/bin/pip install --quiet --require-hashes --requirement requirements-docs.txt
	touch $@

$(LOWEST)/.installed: $(LOWEST)/bin/python requirements-lowest.txt
	$(LOWEST)/bin/pip install --quiet --require-hashes --requirement requirements-lowest.txt
	touch $@
