# The first target installs all dependencies into .venv; it requires git, make and Python 3.11.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: synth test check deploy-local validate-aws deploy-aws bench clean
.DEFAULT_GOAL := synth

synth: $(VENV)/.app
	cdk synth --quiet

test: $(VENV)/.dev
	python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev
	ruff check .
	ruff format --check .
	mypy

deploy-local: $(VENV)/.dev
	python -m tests.deploy.local

validate-aws: $(VENV)/.dev
	python -m tests.aws.validate $(ARGS)

deploy-aws: $(VENV)/.dev
	python -m tests.aws.deploy $(ARGS)

bench: $(VENV)/.dev
	python -m benchmarks.run
	python -m benchmarks.check

clean:
	rm -rf $(VENV) cdk.out .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' 2>/dev/null \
		|| { echo "emr_constructs requires Python 3.11 or later; run make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: $(BIN)/python requirements.txt package.json
	pip install --quiet --requirement requirements.txt
	npm install --silent --no-audit --no-fund --no-update-notifier --global --prefix $(VENV) \
		aws-cdk@$$(python -c 'import json; print(json.load(open("package.json"))["devDependencies"]["aws-cdk"])')
	touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.txt
	pip install --quiet --requirement requirements-dev.txt
	touch $@
