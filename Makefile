# The only commands a newcomer needs. Every target sets itself up; `make` alone lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DATA   := ../shared/data
SHELL  := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help setup run test check e2e eval shots train-lexicon train-encoder train-reader bench bench-crowd bench-peers bench-warm bench-batching flames bench-encoder bench-reader calibrate browser clean

help: ## list the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## make .venv in the checkout and install Beleg into it

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: Beleg needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make setup PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: setup ## index seeds/, answer the example question, serve the chat at 127.0.0.1:7860
	$(BIN)/beleg index seeds/
	$(BIN)/beleg ask "What did Hegseth say about NATO?"
	$(BIN)/beleg serve

# A process a core, up to four, with one thread each: two of them with two threads each take longer than one alone.
test: check browser ## every check and every test
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

check: setup ## lint, format, types and the README's figures
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python evals/readme_table.py --check

e2e: setup browser ## the browser tests only
	$(BIN)/pytest tests/e2e

# Where Debian's chromium can be installed it is; elsewhere the browser tests skip and say why.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	  echo "notice: no chromium and no way to install it; the browser tests will be skipped"

eval: setup ## measure answers on the seed and, where the data is, search and reading on it; renew the README's table
	$(BIN)/beleg index seeds/
	$(BIN)/beleg eval evals/seed.jsonl --check
	$(BIN)/python evals/followups.py --out evals/results/followups.json
	@if [ -d $(DATA)/dev ]; then $(BIN)/python evals/gate.py $(DATA) && \
	 $(BIN)/python evals/xquad.py $(DATA)/dev/xquad_dev_en_de.jsonl.gz --out evals/results/xquad.json && \
	 $(BIN)/python evals/names.py $(DATA)/dev/xquad_dev_en_de.jsonl.gz --out evals/results/names.json && \
	 $(BIN)/python evals/quoted.py $(DATA)/corpus/wikinews_de_998.jsonl.gz && \
	 $(BIN)/python evals/reading.py $(DATA) --out evals/results/reading.json --plot docs/risk_coverage.svg; \
	 else echo "notice: no $(DATA)/dev, so the development data is left out"; fi
	$(BIN)/python evals/readme_table.py

train-lexicon: setup ## estimate models/lexicon-de-en from the parallel text
	$(BIN)/python -m train.lexicon $(DATA)/train/parallel_open_en_de.jsonl.gz

# SMOKE=1 walks the whole road in under two minutes, on the sample in the repository and into build/.
train-encoder: setup ## train models/minilm-de-en, about two hours on two cores; SMOKE=1 tries the road
ifdef SMOKE
	$(BIN)/python -m train.encoder train/encoder/smoke.toml --data train/encoder/sample --out build/encoder/smoke-out
else
	$(BIN)/python -m train.encoder train/encoder/minilm-de-en.toml --data $(DATA) --out models/minilm-de-en --log docs/log.md
endif

train-reader: setup ## train models/reader-de-en, about an hour on two cores; SMOKE=1 tries the road
ifdef SMOKE
	$(BIN)/python -m train.reader train/reader/smoke.toml --data train/encoder/sample --out build/reader/smoke-out
else
	$(BIN)/python -m train.reader train/reader/reader-de-en.toml --data $(DATA) --out models/reader-de-en --log docs/log.md
endif

bench: setup ## speed, memory and disk of indexing, how they grow, and what filters cost; best on an idle machine
	$(BIN)/python -m bench.index --corpus $(DATA)/corpus/{wikinews_de_998,bundestag_speeches_de_37126}.jsonl.gz
	$(BIN)/python -m bench.growth --corpus $(DATA)/corpus/bundestag_speeches_de_37126.jsonl.gz
	$(BIN)/python -m bench.filters --corpus $(DATA)/corpus/wikinews_de_998.jsonl.gz
	$(BIN)/python evals/readme_table.py

bench-crowd: setup ## sixteen readers for two minutes while the index is rebuilt, and memory over 2,000 questions
	$(BIN)/python -m bench.crowd --corpus $(DATA)/corpus/wikinews_de_998.jsonl.gz --questions $(DATA)/dev/quotes_dev_de.jsonl.gz

bench-warm: setup ## answers over 100,000 chunks, with the reader and without; half an hour, on an idle machine
	$(BIN)/python -m bench.warm --news $(DATA)/corpus/wikinews_de_998.jsonl.gz \
	  --speeches $(DATA)/corpus/bundestag_speeches_de_37126.jsonl.gz --questions $(DATA)/dev/quotes_dev_de.jsonl.gz

bench-batching: setup ## tokens a second by threads, size of batches and way of computing
	$(BIN)/python -m bench.batching --corpus $(DATA)/corpus/wikinews_de_998.jsonl.gz

flames: setup ## the flame graphs in docs/flames
	$(BIN)/pip install --quiet 'py-spy>=0.4'
	$(BIN)/python -m bench.flames --news $(DATA)/corpus/wikinews_de_998.jsonl.gz --questions $(DATA)/dev/quotes_dev_de.jsonl.gz

bench-peers: setup ## the same job for Beleg and four systems that people use, each in an environment of its own; an hour
	$(BIN)/python -m bench.peers --data $(DATA)
	$(BIN)/python evals/readme_table.py

shots: setup browser ## the pictures of the page in docs/shots
	$(BIN)/python docs/shots.py

bench-encoder: setup ## speed and loss of the encoder's backends, beside its teacher; minutes, on an idle machine
	$(BIN)/pip install --quiet 'onnx>=1.17'
	$(BIN)/python -m bench.encoder --corpus $(DATA)/corpus/wikinews_de_998.jsonl.gz \
	  --paragraphs $(DATA)/dev/xquad_dev_en_de.jsonl.gz --texts 160 --rounds 4

calibrate: setup ## fit what orders sentences, how sure Beleg is of the first, and when it abstains, on development data
	$(BIN)/python -m train.reader.calibrate $(DATA)
	$(BIN)/python -m train.calibrate $(DATA)/dev

bench-reader: setup ## speed of the evidence reader's backends
	$(BIN)/python -m bench.reader --corpus $(DATA)/corpus/wikinews_de_998.jsonl.gz

clean: ## remove .venv and caches; the index in the user data directory stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
