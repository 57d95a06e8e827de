# make run    set everything up, scan and audit the example workspace, bring the gateway up
# make test   set everything up and pass the tests
# make check  format, lint, types, layers, sizes, docs
# make bench  speed and memory of scans, the gateway and audits beside others, written down by hand
# make corpus recall and false positives on labelled data, beside peers
# make regen  rewrite the generated pages
# make lock   resolve the dependencies again

PYTHON := .venv/bin/python
WORKERS ?= $(shell nproc)
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/bin:$(CURDIR)/.tools/node/bin:$(PATH)

.PHONY: run test check bench corpus regen lock setup setup-test setup-bench setup-corpus

setup:
	@tools/setup.sh run

setup-test:
	@tools/setup.sh test

setup-bench:
	@tools/setup.sh bench

setup-corpus:
	@tools/setup.sh corpus

run: setup
	@$(PYTHON) tools/demo.py
	@$(PYTHON) tools/demo_gateway.py

test: setup-test
	$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -q

check: setup-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) -m pytest -q tests/house

bench: setup-bench
	$(PYTHON) tools/bench.py
	$(PYTHON) tools/gateway_bench.py
	$(PYTHON) tools/audit_bench.py

corpus: setup-corpus
	$(PYTHON) tools/corpus.py
	$(PYTHON) tools/audit_corpus.py

regen: setup
	$(PYTHON) tools/regen.py

lock: setup
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
