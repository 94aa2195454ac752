# Everything the course is asked to do, in one place. `make` alone lists it.
# Needs only make and Python 3.11, 3.12 or 3.13; the rest is installed into .venv.

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP_ARGS ?=
TEST_ARGS ?=

# Tests that build the site or drive a browser take minutes: they come after the others.
SLOW := tests/publish tests/site tests/browser
FAST = $(filter-out $(SLOW) tests/bench tests/__pycache__,$(patsubst %/,%,$(wildcard tests/*/)))

# pytest's exit code 5: none of these tests was chosen by TEST_ARGS.
NONE_CHOSEN = [ $$? -eq 5 ]

.DEFAULT_GOAL := help
.PHONY: help course test demo bench jupyter clean install port chromium bubblewrap

help: ## this list
	@echo "make course [PORT=8000]   build the course and serve it on this computer; the second time starts in seconds"
	@echo "make demo                 an invented cohort: hand-ins, grades, feedback and the completion report"
	@echo "make jupyter [PORT=8000]  JupyterLab on this computer: the exercises, and nbgrader's form grader"
	@echo "make test [TEST_ARGS=…]   every test, quick ones first"
	@echo "make bench [FIGURES=…]    what the course promises, measured: a table, and build/bench.json"
	@echo "make clean                remove what was built; hand-ins, attempts and grades stay"

course: port install
	@$(BIN)/course build
	@exec $(BIN)/course serve --port $(PORT)

demo: install
	@$(BIN)/course demo

jupyter: port install
	@$(BIN)/course release
	@mkdir -p build/jupyter && cp build/release/*/*.ipynb build/jupyter/
	@cd build && exec ../$(BIN)/jupyter lab --port $(PORT) --port-retries 0 --log-level WARN \
	  --LabApp.default_url=/lab/tree/jupyter $$([ "$$(id -u)" = 0 ] && echo --allow-root)

test: install chromium bubblewrap
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(FAST) $(TEST_ARGS) || $(NONE_CHOSEN)
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(wildcard $(SLOW)) $(TEST_ARGS) || $(NONE_CHOSEN)

bench: install bubblewrap
	@$(BIN)/python -m tests.bench $(FIGURES)

# What learners did, handed in and were given for it cannot be made again, so it is never removed here.
clean:
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 \
	  ! -name attempts ! -name submitted ! -name autograded ! -name feedback ! -name 'gradebook.db*' \
	  ! -name server ! -name jupyter ! -name locks ! -name incidents.jsonl -exec rm -rf {} +
	@find book exercises grading notebooks simemr tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The first of these that is a Python we run on. A newer one is not tried: the pinned packages may not be there for it.
FIND_PYTHON = for python in python3.13 python3.12 python3.11 python3; do \
	  command -v $$python >/dev/null 2>&1 || continue; \
	  $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
	  echo $$python; break; done

# Installs once, and again when what is asked for changes: the stamp holds the checksum of what was installed.
install:
	@want=$$(cat requirements.txt pyproject.toml | cksum); \
	if [ -x $(BIN)/python ] && [ "$$(cat $(STAMP) 2>/dev/null)" = "$$want" ]; then exit 0; fi; \
	python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
	  found=$$(python3 -V 2>/dev/null) || found="no Python 3"; \
	  echo "The course needs Python 3.11, 3.12 or 3.13, and this computer has $$found: install one of them and try again." >&2; exit 1; fi; \
	if [ -x $(BIN)/python ] && ! $(BIN)/python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then rm -rf $(VENV); fi; \
	mkdir -p build; \
	if [ ! -x $(BIN)/python ] && ! $$python -m venv $(VENV) >build/install.log 2>&1; then \
	  rm -rf $(VENV); \
	  echo "$$python cannot make a virtual environment here (on Debian and Ubuntu: apt-get install python3-venv); see build/install.log." >&2; exit 1; fi; \
	echo "Installing the packages the course needs: once, a few minutes…"; \
	if ! $(BIN)/python -m pip install --disable-pip-version-check --no-input $(PIP_ARGS) -r requirements.txt >build/install.log 2>&1 \
	  || ! $(BIN)/python -m pip install --disable-pip-version-check --no-input $(PIP_ARGS) --no-deps -e . >>build/install.log 2>&1; then \
	  if grep -qiE 'NewConnectionError|Temporary failure in name resolution|Connection (refused|reset|to .* timed out)|ProxyError|ConnectTimeout|No route to host|Network is unreachable|Max retries exceeded|from versions: none' build/install.log; then \
	    echo "The packages could not be fetched: this computer does not reach the Python package index. Connect it, or set PIP_INDEX_URL to your hospital's mirror; see build/install.log." >&2; \
	  else \
	    echo "The packages could not be installed: the last lines of build/install.log say why." >&2; fi; exit 1; fi; \
	echo "$$want" >$(STAMP)

# Asked before anything is installed or built, so that nobody waits for minutes to be told.
port:
	@case '$(PORT)' in ''|*[!0-9]*) echo "PORT must be a number, such as PORT=8000, not '$(PORT)'." >&2; exit 1;; esac; \
	python=$$($(FIND_PYTHON)); [ -n "$$python" ] || exit 0; \
	$$python -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' $(PORT) 2>/dev/null \
	  || { echo "Port $(PORT) is in use on this computer: stop what runs there, or choose another, for example make $(or $(MAKECMDGOALS),course) PORT=$$(($(PORT) + 1))." >&2; exit 1; }

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	mkdir -p build; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium for the browser tests…"; \
	  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >build/chromium.log 2>&1 \
	    || { echo "Chromium could not be installed; see build/chromium.log." >&2; exit 1; }; \
	else \
	  echo "The browser tests need Chromium: install it (Debian and Ubuntu: sudo apt-get install chromium), then run make test again." >&2; exit 1; fi

# The sandbox has walls of its own where this is not to be had, so nothing depends on it; its tests then say so.
bubblewrap:
	@command -v bwrap >/dev/null 2>&1 && exit 0; \
	[ "$$(uname)" = Linux ] || exit 0; \
	mkdir -p build; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends bubblewrap; } >build/bubblewrap.log 2>&1 && exit 0; fi; \
	echo "bubblewrap is not installed (Debian and Ubuntu: apt-get install bubblewrap): its tests are left out." >&2
