"""The quality gate: the shipped model is held to its floors, and to what its files and README say of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import behaviour, conformal
from benchmarks.behaviour import Row, built, run, written
from benchmarks.floors import FLOORS, MARGIN, Floor, faults, figures, raised, read_floors, write_floors
from stance.artifacts import BUILT_IN, find
from stance.evaluation import read_labelled
from stance.labels import FRAMES
from stance.scoring import Classifier
from training import verify
from training.evaluate import README, RESULTS, Remembering, between, block, into_readme, measure
from training.evaluate import labelled as as_records

EARLIER = "was trained on an earlier state of the annotations"
LARGEST = 35_000_000
"""Bytes of the built-in model's folder."""
NEAR = 0.0005 + 1e-9
"""Figures agree to three decimals."""


@pytest.fixture(scope="session")
def measured(remembering: Classifier) -> dict[str, Any]:
    return measure(remembering, {})


@pytest.fixture(scope="session")
def behaving(remembering: Classifier) -> list[Row]:
    return run(remembering, [*written(), *built()])


@pytest.fixture(scope="session")
def recorded(remembering: Classifier) -> dict[str, Any]:
    path = RESULTS / f"{remembering.revision}.json"
    assert path.is_file(), "the shipped model was not measured; run python -m training.evaluate --readme"
    return json.loads(path.read_text(encoding="utf-8"))


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every figure in nested results, with its place; counts of single cells are left out, their figures are not."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "confusion":
                yield from numbers(inner, f"{path}/{name}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from numbers(inner, f"{path}/{place}")
    elif isinstance(value, int | float):
        yield path, value


def test_no_figure_is_below_its_floor(measured: dict[str, Any], behaving: list[Row]) -> None:
    found = faults(read_floors(), figures(measured, behaving))
    assert not found, "\n".join(found)


def test_results_file_is_of_the_shipped_model(measured: dict[str, Any], recorded: dict[str, Any]) -> None:
    again = {"sets": {name: recorded["sets"].get(name) for name in measured["sets"]}, "consistency": recorded["consistency"]}
    assert recorded["revision"] == measured["revision"]
    found = dict(numbers({"sets": measured["sets"], "consistency": measured["consistency"]}))
    assert len(found) > 100
    assert dict(numbers(again)) == pytest.approx(found, abs=NEAR), "run python -m training.evaluate --readme"


def test_results_on_other_files_are_of_the_shipped_model(root: Path, remembering: Classifier, recorded: dict[str, Any]) -> None:
    folder = root.parent / "shared" / "dev"
    files = {name: folder / f"{name}.jsonl" for name in recorded["sets"] if (folder / f"{name}.jsonl").is_file()}
    if not files:
        pytest.skip("the development sentences are not on this machine")
    found = measure(remembering, {name: list(read_labelled(path)) for name, path in files.items()})["sets"]
    assert dict(numbers({name: recorded["sets"][name] for name in files})) == pytest.approx(
        dict(numbers({name: found[name] for name in files})), abs=NEAR
    )


def test_behaviour_results_are_of_the_shipped_model(behaving: list[Row], remembering: Classifier) -> None:
    result = json.loads(behaviour.RESULTS.read_text(encoding="utf-8"))
    assert result == {"revision": remembering.revision, "rows": [asdict(row) for row in behaving]}, "run python -m benchmarks.behaviour --readme"


def test_readme_has_the_tables(recorded: dict[str, Any]) -> None:
    text = README.read_text(encoding="utf-8")
    assert between("results", block(recorded)) in text, "run python -m training.evaluate --readme"
    for module in (behaviour, conformal):
        name = module.__name__.rpartition(".")[2]
        part = between(name, module.block(json.loads(module.RESULTS.read_text(encoding="utf-8"))))
        assert part in text, f"run python -m benchmarks.{name} --readme"


def test_provenance(remembering: Classifier, root: Path) -> None:
    """The model is of the annotations and the configuration that it names, or README says that it is older."""
    settings, text = remembering.network.settings, " ".join(README.read_text(encoding="utf-8").split())
    if settings.data == hashlib.sha256((root / "annotations" / "gold.jsonl").read_bytes()).hexdigest():
        assert verify.faults(BUILT_IN) == []
        assert EARLIER not in text, "README calls the model older than it is"
    else:
        assert EARLIER in text, f"the annotations have changed since; README has to say that this revision {EARLIER}"
        card = (BUILT_IN / "README.md").read_text(encoding="utf-8")
        assert settings.data in card
        assert settings.revision in card


def test_holdout_is_of_the_shipped_model(remembering: Classifier) -> None:
    from annotations.dataset import as_excerpt, excerpts_of, load

    holdout = remembering.network.holdout
    rows = [row for row in load("validation") if row["settled"]]
    assert holdout is not None
    assert [FRAMES[index] for index in holdout.frames] == [row.frame for row in as_records(rows)], "run python -m training.calibrate"
    places = {row["id"]: place for place, row in enumerate(rows)}
    for page in list(excerpts_of(rows))[::20]:
        given = np.array([list(score.probabilities.values()) for score in remembering.read([as_excerpt(page)])])
        kept = holdout.probabilities[[places[row["id"]] for row in page if row["frame"]]]
        assert kept == pytest.approx(given, abs=0.002), "run python -m training.calibrate"


def test_model_is_small() -> None:
    assert sum(path.stat().st_size for path in BUILT_IN.rglob("*") if path.is_file()) <= LARGEST


def test_results_of_the_fast_model() -> None:
    fast = Classifier.load("fast")
    recorded = json.loads((RESULTS / f"{fast.revision}.json").read_text(encoding="utf-8"))
    found = measure(Classifier(Remembering(find("fast"))), {})["sets"]["test"]
    assert recorded["sets"]["test"]["frame"]["macro_f1"] == pytest.approx(found["frame"]["macro_f1"], abs=NEAR), (
        "run python -m training.evaluate fast"
    )


def test_remembering_changes_nothing() -> None:
    class Counting(Remembering):
        runs = 0

        def _run(self, row: Any) -> Any:
            self.runs += 1
            return super()._run(row)

    network, plain = Counting(BUILT_IN), Classifier.load()
    texts = ["The envoy met both leaders.", "Talks resume in May.", "The envoy met both leaders."]
    assert Classifier(network).classify(texts) == plain.classify(texts)
    assert Classifier(network).classify(texts[::-1]) == plain.classify(texts[::-1])
    assert Classifier(network).classify([]) == []
    assert network.runs == 2


def test_parts_of_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "README.md"
    monkeypatch.setattr("training.evaluate.README", path)
    path.write_text("# A\n<!-- b: start -->\n<!-- b: end -->\nrest\n", encoding="utf-8")
    for text in ("first\n\ntable", "second"):
        into_readme("b", text)
        assert path.read_text(encoding="utf-8") == f"# A\n{between('b', text)}\nrest\n"
    with pytest.raises(SystemExit, match="has no part <!-- c: start -->"):
        into_readme("c", "third")


def test_floors_only_rise(tmp_path: Path) -> None:
    first = raised({}, {"a": 0.75, "b": 0.5})
    assert first == {"a": Floor("a", 0.74, 0.74), "b": Floor("b", 0.49, 0.49)}
    assert raised(first, {"a": 0.6, "b": 0.9})["a"] == first["a"]
    assert raised(first, {"a": 0.6, "b": 0.9})["b"].least == pytest.approx(0.9 - MARGIN)
    assert raised({"a": Floor("a", 0.3, 0.7, "reason")}, {"a": 0.71})["a"] == Floor("a", 0.7, 0.7)
    write_floors(first, tmp_path / "floors.json")
    assert read_floors(tmp_path / "floors.json") == first


def test_gate_finds_what_is_wrong() -> None:
    floors = {"a": Floor("a", 0.7, 0.7), "b": Floor("b", 0.4, 0.5, "the sentences are harder now"), "c": Floor("c", 0.4, 0.5, " ")}
    present = {"a": 0.7, "b": 0.4, "c": 0.4}
    assert faults(floors, present) == ['c: its floor was 0.5 and is 0.4 now; say in "lowered" why']
    floors["c"] = Floor("c", 0.5, 0.5)
    assert faults(floors, {"a": 0.69, "b": 0.4, "d": 1.0}) == [
        "a is 0.690, its floor is 0.7",
        "d has no floor; run python -m benchmarks.floors",
        "c has a floor, but is not measured",
    ]


def test_every_floor_was_once_measured() -> None:
    assert all(0 <= floor.least <= floor.highest <= 1 for floor in read_floors(FLOORS).values())
