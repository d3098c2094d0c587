"""Imports point one way, and importing the library loads no heavy runtime."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = [
    {"labels", "spelling"},
    {"words", "palette", "agreement"},
    {"records"},
    {"figures", "sentences", "pages", "article", "rows"},
    {"text", "voice", "gazetteer", "corpus", "prevalence", "artifacts"},
    {"model", "conformal", "lexicon", "correction", "differences", "topic", "wire"},
    {"phrases"},
    {"cues", "ties"},
    {"speakers"},
    {"scoring", "sample"},
    {"explain", "evaluation", "events", "powered"},
    {"evidence", "estimates", "periods"},
    {"compare"},
    {"annotate", "summary", "tables", "passages"},
    {"charts"},
    {"leans"},
    {"drawing"},
    {"report"},
    {"__init__", "grammar"},
    {"cli"},
    {"__main__"},
]
DOORS = {("records", "explain"), ("records", "scoring")}
"""The one method that reaches up, ``SentenceScore.explain()``: what it calls, and the type of its argument."""

LEVEL = {module: level for level, floor in enumerate(FLOORS) for module in floor}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names |= {f"stance.{alias.name}" for alias in node.names} if node.module == "stance" else {str(node.module)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def test_every_module_stands_on_a_floor(root: Path) -> None:
    assert {path.stem for path in (root / "stance").glob("*.py")} == set(LEVEL)


@pytest.mark.parametrize("module", sorted(LEVEL))
def test_imports_point_down(root: Path, module: str) -> None:
    for name in imported(root / "stance" / f"{module}.py"):
        assert name.split(".")[0] not in {"training", "annotations", "benchmarks", "tests", "seeds"}
        if name.startswith("stance."):
            below = name.split(".")[1]
            upward = LEVEL[below] >= LEVEL[module] and (module, below) not in DOORS
            assert not upward, f"{module} imports {below}"


def test_import_is_light() -> None:
    heavy = ("torch", "transformers", "onnxruntime", "tokenizers", "altair", "jinja2")
    code = f"import sys, stance; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_files_stay_short(root: Path) -> None:
    for folder in ("stance", "training", "annotations", "benchmarks", "seeds"):
        for path in (root / folder).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name
