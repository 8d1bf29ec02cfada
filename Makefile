# Two commands: `make run` and `make test`. The rest are steps of theirs, for developers.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run test setup format check unit fault browser spark migrations messages documents lock clean

help: ## Show the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

run: ## Set up everything and start the demonstration city (Ctrl-C stops it)
	@$(PYTHON) setup/environment.py run

test: ## Set up everything and run every check and test, the browser's included
	@$(PYTHON) setup/environment.py test

setup: ## Make the environment with test tools, without running anything
	@$(PYTHON) setup/environment.py setup

format: ## Put imports and layout in order
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

check: ## Style, contracts and types
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports && .venv/bin/mypy

unit: ## All tests but the browser's and those that kill processes
	@.venv/bin/python -m pytest -q -n auto --dist worksteal -m "not browser and not fault"

fault: ## The tests that kill processes
	@.venv/bin/python -m pytest -q -n auto --dist worksteal -m fault

browser: ## The browser's tests
	@.venv/bin/python -m pytest -q -m browser

spark: ## Install the extra `spark` (400 MB) and run its tests
	@.venv/bin/uv pip install --quiet --require-hashes -r requirements-spark.lock
	@.venv/bin/python -m pytest -q -m spark

migrations: ## Write migrations for changed models
	@.venv/bin/jiuzhu database django makemigrations

messages: ## Collect new texts into the message catalogues
	@.venv/bin/jiuzhu messages collect

documents: ## Write the generated documents anew
	@.venv/bin/jiuzhu docs write

lock: ## Resolve the dependencies anew (needs uv in the environment)
	@.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --upgrade -o requirements.lock > /dev/null
	@.venv/bin/uv pip compile pyproject.toml --group test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --upgrade -o requirements-test.lock > /dev/null
	@.venv/bin/uv pip compile pyproject.toml --extra spark --constraint requirements-test.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o requirements-spark.lock > /dev/null

clean: ## Stop the embedded database and remove the environment; the city's data under var/ stays
	@-.venv/bin/jiuzhu database stop
	@rm -rf .venv node_modules
