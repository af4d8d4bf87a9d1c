# Everything is built from requirements.lock and package-lock.json on first use.
PYTHON ?= python3.13
BIN := .venv/bin
USER_NAME = $(if $(filter command line,$(origin USER)),$(USER),ann)

# Node.js 20 works; its retirement notice would fill the screen.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION ?= 20
export CDK_DISABLE_CLI_TELEMETRY = 1
export UV_COMPILE_BYTECODE = 1
# pytest's own compiling of every test module takes longer than most tests: it is kept.
unexport PYTHONDONTWRITEBYTECODE
export UV_LINK_MODE = copy

.DEFAULT_GOAL := help
.PHONY: help demo up down token test quick quick-arrays quick-rest lint synth bench simulate environment

help: ## these lines
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "make %-8s %s\n", $$1, $$2}'

demo: .venv/.ready ## the whole system here, on real data: publish, sign in, order, download, map
	$(BIN)/python -m stacks.local demo

up: .venv/.ready ## start the system on this machine and leave it running (.local/endpoints.json)
	$(BIN)/python -m stacks.local up

down: .venv/.ready ## stop it; users, datasets and jobs stay
	$(BIN)/python -m stacks.local down

token: .venv/.ready ## print an access token: make -s token USER=ann
	@$(BIN)/python -m stacks.local token $(USER_NAME)

test: environment ## every test: journeys in one process, in another the fast ones and then the slow
	$(BIN)/pytest -n 2

quick: environment ## the tests that need neither emulator, full-size data nor others' programs
	@$(MAKE) --no-print-directory --jobs=2 --output-sync quick-arrays quick-rest

# Two processes that take as long: one loads the array libraries, the other those of AWS. What
# pytest -n costs to hand out thousands of short tests is more than it gains.
ARRAYS := $(addprefix tests/,extraction publication planning dialects model services admission)
quick-arrays:
	@$(BIN)/pytest -q -m "not slow" $(ARRAYS)
quick-rest:
	@$(BIN)/pytest -q -m "not slow" $(addprefix --ignore=,$(ARRAYS) tests/interoperability)

lint: environment ## format, style, types, dependency rules, dead code, module sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=layers/core/python:functions:. $(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/pytest -q tests/test_house.py

synth: environment ## CloudFormation templates into cdk.out; needs no network and no credentials
	npx --no-install cdk synth -q

bench: .venv/.ready ## speed and memory against xarray and raw reads; table here, numbers in .bench/
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.huge
	$(BIN)/python -m tests.benchmarks.ingestion
	$(BIN)/python -W ignore -m tests.benchmarks.search

simulate: .venv/.ready ## a day of 19 units of 5,000 users, one of them flooded: who waits how long
	$(BIN)/python -m tests.simulation

environment: .venv/.ready node_modules/.ready

# uv comes from the lock as well, checked by its hashes like everything else. Bytecode is
# compiled once, here: importing without it takes ten times as long.
.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r requirements.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

node_modules/.ready: package-lock.json
	npm ci --silent
	touch $@
