"""Raise the floors below which the built-in model may not fall: ``python -m benchmarks.floors``.

``tests/floors.json`` holds a floor for each figure, ``tests/test_quality.py`` holds the model to it. The command sets each floor to the present
figure less ``MARGIN`` where that is higher, never lower. Who must lower one edits the file and says in ``lowered`` why; without a
reason the test fails.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import floor
from pathlib import Path
from typing import Any

from benchmarks.behaviour import Row, built, run, written
from stance.artifacts import find
from stance.scoring import Classifier
from training.evaluate import Remembering, measure

FLOORS = Path(__file__).resolve().parents[1] / "tests" / "floors.json"
MARGIN = 0.01


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a figure may be; ``highest`` is the highest floor that it ever had, ``lowered`` why this one is below it."""

    figure: str
    least: float
    highest: float
    lowered: str = ""


def read_floors(path: Path = FLOORS) -> dict[str, Floor]:
    """Floors by figure; none where there is no file yet."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return {row["figure"]: Floor(**row) for row in rows}


def write_floors(floors: Mapping[str, Floor], path: Path = FLOORS) -> None:
    """One floor a line."""
    lines = [json.dumps(asdict(entry), ensure_ascii=False) for entry in floors.values()]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def figures(results: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, float]:
    """What has a floor, from ``training.evaluate.measure`` of the own sets and from the behaviour's rows; higher is better in all."""
    found = {f"frame macro-F1, {name}": result["frame"]["macro_f1"] for name, result in results["sets"].items()}
    whole = results["sets"]["test"]
    found["voice macro-F1, test"] = whole["voice"]["macro_f1"]
    found["1 - calibration error, test"] = 1 - whole["calibration_error"]
    found["coverage, test"] = whole["coverage"]
    found["accuracy when certain, test"] = whole["certain_accuracy"] or 0.0
    found |= results["consistency"]
    return found | {f"{row.kind}, {row.lang}": row.rate for row in rows}


def raised(floors: Mapping[str, Floor], present: Mapping[str, float]) -> dict[str, Floor]:
    """The floors, each at least the present figure less the margin; a reason to be low goes when the highest is reached again.

    >>> raised({"a": Floor("a", 0.7, 0.8, "fewer sentences")}, {"a": 0.75, "b": 0.9})
    {'a': Floor(figure='a', least=0.74, highest=0.8, lowered='fewer sentences'), 'b': Floor(figure='b', least=0.89, highest=0.89, lowered='')}
    """
    found = dict(floors)
    for name, value in present.items():
        wanted = max(0.0, floor((value - MARGIN) * 1000 + 1e-6) / 1000)
        old = floors.get(name, Floor(name, wanted, wanted))
        least, highest = max(old.least, wanted), max(old.highest, wanted)
        found[name] = Floor(name, least, highest, old.lowered if least < highest else "")
    return found


def faults(floors: Mapping[str, Floor], present: Mapping[str, float]) -> list[str]:
    """What does not hold: figures below their floor, figures without one, floors without a figure, floors lowered without a reason.

    >>> faults({"a": Floor("a", 0.7, 0.8)}, {"a": 0.69})
    ['a is 0.690, its floor is 0.7', 'a: its floor was 0.8 and is 0.7 now; say in "lowered" why']
    """
    found = [
        f"{name} is {value:.3f}, its floor is {floors[name].least}"
        for name, value in present.items()
        if name in floors and value < floors[name].least
    ]
    found += [f"{name} has no floor; run python -m benchmarks.floors" for name in present if name not in floors]
    found += [f"{name} has a floor, but is not measured" for name in floors if name not in present]
    lowered = [entry for entry in floors.values() if entry.least < entry.highest and not entry.lowered.strip()]
    return found + [f'{entry.figure}: its floor was {entry.highest} and is {entry.least} now; say in "lowered" why' for entry in lowered]


def main() -> int:
    classifier = Classifier(Remembering(find(None)))
    present = figures(measure(classifier, {}), run(classifier, [*written(), *built()]))
    old = read_floors()
    new = raised(old, present)
    write_floors(new)
    for name, value in present.items():
        before = f"{old[name].least:.3f}" if name in old else "none"
        print(f"{name:<55} {value:.3f}  floor {before} -> {new[name].least:.3f}")
    found = faults(new, present)
    print("\n".join(found), file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
