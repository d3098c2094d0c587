# make demo: score the demonstration corpus and compare its outlets.  make test: lint, types, all tests.
# make model: rebuild the built-in model from the annotations (hours on a CPU; goes on where it was stopped).
# make results: measure the built-in model again, put the tables into README, raise the floors; MEASURE="--files FILE.jsonl" measures on more files.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test model results clean

.venv/python:
	$(PYTHON) -m venv .venv
	touch $@

.venv/report: .venv/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[report]'
	touch $@

.venv/develop: .venv/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[report,scale,html,train,annotate,dev]'
	$(BIN)/pip install --quiet --constraint constraints.txt --no-deps mapie quapy ppi-python  # known answers for tests; most of what they need is not needed here
	touch $@ .venv/report

demo: .venv/report
	$(BIN)/stance report seeds/demonstration.jsonl -o report.html

test: .venv/develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m annotations.check
	$(BIN)/pytest

model: .venv/develop
	$(BIN)/python -m training.train --config training/configs/default.toml
	mkdir -p stance/built_in
	cp -r $(addprefix training/runs/built-in/,model.onnx upper.onnx tokenizer.json stance.json holdout.json README.md fast) stance/built_in/
	$(MAKE) results

results: .venv/develop
	$(BIN)/python -m training.evaluate $(MEASURE) --readme
	$(BIN)/python -m training.evaluate fast $(MEASURE)
	$(BIN)/python -m benchmarks.speakers
	$(BIN)/python -m benchmarks.behaviour --readme
	$(BIN)/python -m benchmarks.voice $(MEASURE)
	$(BIN)/python -m benchmarks.articles
	$(BIN)/python -m benchmarks.events
	$(BIN)/python -m benchmarks.explain
	$(BIN)/python -m benchmarks.conformal --readme
	$(BIN)/python -m benchmarks.prevalence --readme
	$(BIN)/python -m benchmarks.floors

clean:
	rm -rf .venv report.html
