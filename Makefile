# Everything this project does, one target per act. `make help` lists them.

SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules
BIN := .venv/bin

# The first Python here that is 3.11 or newer. `make serve PYTHON=/path/to/python` overrides it.
PYTHON ?= $(shell for candidate in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$candidate"; break; }; done)

UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help serve test check lint lint-table bench bench-imports limits faults fuzz soak relevance questions audit \
	format schema lock clean environment environment-develop require-python

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-20s\033[0m %s\n", $$1, $$2 }' Makefile

serve: environment ## Start the service (ARGS="--port 9000" passes options on)
	@exec $(BIN)/precedent serve $(ARGS)

test: environment-develop ## Run every test, on SQLite and PostgreSQL (ARGS="-k word" narrows it)
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: lint test ## Everything that must hold before a commit

lint: environment-develop ## Formatting, lint, types, import contracts, what is committed as generated
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/precedent export-schema --check
	$(BIN)/precedent library-page --check

lint-table: environment-develop ## How well the statement lint tells breach from none (ARGS=--missed)
	@$(BIN)/python -m tests.lint.table $(ARGS)

bench: environment-develop ## Measure the main queries beside their peers, on this machine (ARGS="--cases 1000")
	@$(BIN)/python -m bench.queries
	@$(BIN)/python -m bench.precedents $(ARGS)
	@$(BIN)/python -m bench.peers $(ARGS)

bench-imports: environment-develop ## Measure an import beside a bare COPY of its rows (ARGS="--cases 1000 --sqlite")
	@$(BIN)/python -m bench.imports $(ARGS)

limits: environment-develop ## Measure the largest request each limit allows, and how the next is refused
	@$(BIN)/python -m bench.limits

faults: environment-develop ## Break what the service stands on, and see what is lost (ARGS="--only meilisearch")
	@$(BIN)/python -m tests.faults $(ARGS)

fuzz: environment-develop ## Ask 50 000 random documents, and random bytes (ARGS="--count 3000 --seed 7")
	@$(BIN)/python -m tests.fuzz $(ARGS)

soak: environment-develop ## Ask at 70 % of capacity, with writes, and see what grows (ARGS="--minutes 1")
	@$(BIN)/python -m tests.faults.soak $(ARGS)

relevance: environment-develop ## Measure how well each search finds the right case (ARGS="--half tuning --worst")
	@$(BIN)/python -m tests.relevance $(ARGS)

questions: environment-develop ## Write the answers in docs/questions/ again, from the seed library
	@$(BIN)/python -m tests.questions

audit: environment-develop ## Look up known weaknesses of what is locked, and write bills of materials to var/sbom/
	@$(BIN)/python requirements/audit.py

format: environment-develop ## Format the code and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: environment-develop ## Write schema/schema.graphql from the code, docs/library.md from the library
	$(BIN)/precedent export-schema
	$(BIN)/precedent library-page

lock: environment-develop ## Lock the requirements again (ARGS=--upgrade takes newer versions)
	$(UV_COMPILE) $(ARGS) --extra build --output-file requirements/serve.txt
	$(UV_COMPILE) $(ARGS) --extra build --extra develop --constraint requirements/serve.txt \
		--output-file requirements/develop.txt

clean: ## Remove what was made here, but never var/, which holds the library
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment: require-python ## Bring .venv up to date for serving
	@$(PYTHON) requirements/install.py serve

environment-develop: require-python ## Bring .venv up to date for developing
	@$(PYTHON) requirements/install.py develop

require-python:
	@test -n "$(PYTHON)" || { echo "Precedent needs Python 3.11 or newer, found:" \
		"$$(python3 --version 2>/dev/null || echo none)." \
		"Name one with PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Precedent needs Python 3.11 or newer; $(PYTHON) is older." >&2; exit 1; }
