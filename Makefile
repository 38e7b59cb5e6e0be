# Two commands do everything: `make run` and `make test`. The others are parts of them, or rarer.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
export PYTHONUTF8 = 1

.PHONY: run test lint format messages lock

run: ## The portal with its workers, on this machine: make run [PORT=8000]
	@$(PYTHON) -m dev.environment production
	@$(PYTHON) -m dev.system run
	@exec .venv/bin/python -m dev.serve $(PORT)

test: ## Everything that must hold; make test ARGS="-k name" for some tests, quickly
	@$(PYTHON) -m dev.environment development
	@test -n '$(ARGS)' || $(PYTHON) -m dev.system test
	@exec .venv/bin/python -m dev.check test '$(ARGS)'

lint: ## Style, floors, types, migrations, production settings
	@$(PYTHON) -m dev.environment development
	@exec .venv/bin/python -m dev.check lint

format: ## Write Python as the style says
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

messages: ## Write locale/fr from the counted sentences of code and templates
	@.venv/bin/python -m dev.catalogues extract

COMPILE = .venv/bin/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11

lock: ## Write requirements/*.txt from pyproject.toml
	$(COMPILE) --group setup -o requirements/setup.txt
	$(COMPILE) pyproject.toml --group demonstration -o requirements/production.txt
	$(COMPILE) pyproject.toml --group demonstration --group test --group lint --group build \
		-c requirements/production.txt -o requirements/development.txt
