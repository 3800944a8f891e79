# `make` lists what can be made. Everything runs from the source tree in .venv, made from the lock files.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run demo test check format evaluate storm rush bench pictures sbom gallery locale shape image-test lock clean

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Start the desk: on its simulator, or on the platform when MIZBAN_BOT_TOKEN is set
	@$(BIN)/python -m bot run

demo: $(VENV)/.run ## Start the desk on its simulator, whatever token is set
	@$(BIN)/python -m bot demo

test: $(VENV)/.dev ## Run every test, on SQLite and on PostgreSQL
	$(BIN)/pytest -n 2 --dist=worksteal --database=both

check: $(VENV)/.dev ## Format, lint, types, import contracts, catalogue, locale, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot catalogue check
	$(MAKE) --no-print-directory locale-check
	$(MAKE) --no-print-directory test

format: $(VENV)/.dev ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

evaluate: $(VENV)/.dev ## Measure the answers: R@1, R@3, MRR@10, false answers
	$(BIN)/python -m benchmarks.evaluate --questions tests/data/questions.jsonl \
		$(addprefix --collection ,$(dir $(wildcard ../shared/retrieval/*/queries.jsonl)))

storm: $(VENV)/.dev ## Kill the bot forty times under load, and let every fault happen at length (an hour)
	$(BIN)/python -m benchmarks.storm
	$(BIN)/python -m benchmarks.storm --full
	$(BIN)/python -m benchmarks.storm --database postgresql
	$(BIN)/python -m benchmarks.storm --database postgresql --full
	FAULTS=long $(BIN)/pytest -s --database=both tests/faults tests/handlers/test_crash_staff.py

rush: $(VENV)/.dev ## Let a thousand people at thirty places, on SQLite and on PostgreSQL with one and three processes
	$(BIN)/python -m benchmarks.places

pictures: $(VENV)/.dev ## Take the pictures of the documentation from the running desk (needs Chromium)
	$(BIN)/python docs/pictures/take.py

sbom: $(VENV)/.dev ## Write var/mizban.cdx.json, the bill of materials, and docs/licences.md
	@$(BIN)/python -m docs.supply

gallery: $(VENV)/.dev ## Draw every message of the product in var/gallery, as the desk says it in its tests
	@$(BIN)/python -m docs.gallery

bench: $(VENV)/.dev ## Measure speed, memory, growth and a broadcast (a quarter of an hour)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.broadcast
	$(BIN)/python -m benchmarks.replicas

EXTRACT := $(BIN)/pybabel -q extract --sort-output --add-location=file --no-wrap --project=Mizban \
	--version=1 --copyright-holder='the Mizban team' --msgid-bugs-address=none -k _

locale: $(VENV)/.dev ## Collect the messages anew; then translate what is empty in locale/fa
	$(EXTRACT) -o locale/mizban.pot bot handlers
	$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete -D mizban -i locale/mizban.pot -d locale

shape: $(VENV)/.dev ## Write what the migrations make of an empty file, after one was added
	@$(BIN)/python -m bot.migrations.shape

.PHONY: locale-check
locale-check: $(VENV)/.dev
	@new=$$(mktemp) && $(EXTRACT) -o $$new bot handlers && \
	$(BIN)/pybabel -q update --check --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-D mizban -i $$new -d locale && rm $$new && echo "locale: in step with the code"

image-test: $(VENV)/.run ## Build the image without Docker, run it with all rights taken away, and see that it behaves (as root)
	@bash .ci/image-test

lock: ## Resolve the lock files anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--extra postgres --extra semantic pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--extra postgres --extra semantic --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove the environment and the caches; the records in var/ stay
	rm -rf $(VENV) var/cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/.run: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock names (about a minute, once) …"
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements-dev.lock names (about a minute, once) …"
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.run
