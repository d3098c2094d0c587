"""Who speaks in attributed sentences (``SPEAKERS.md``): ``write`` a sheet, ``read`` a filled one into ``speakers.jsonl``, ``check`` the rows.

A sheet shows numbered sentences, each after the sentence before it in round brackets. An answer is one line: the number, the camp's letter and the
speaker as written, for example ``17 B Serbian President``; ``-`` for the speaker where the sentence names none, and ``@2`` behind
the speaker where its second occurrence is meant.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from annotations.dataset import HERE, identify, load
from stance.labels import Camp

PLANNED = {"en": 225, "sr": 125, "sq": 100}
CAMP_OF = {"B": Camp.BELGRADE, "P": Camp.PRISTINA, "W": Camp.WESTERN, "R": Camp.RUSSIAN, "O": Camp.OTHER, "U": Camp.UNKNOWN}
FILE = HERE / "speakers.jsonl"


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """The speaker of one attributed sentence; ``start`` and ``end`` are half-open offsets into its text, ``None`` where it names none.

    ``half`` is ``development``, which may be read while rules are written, or ``test``, which may not.
    """

    id: str
    half: str
    start: int | None
    end: int | None
    camp: str


def half_of(group: str) -> str:
    """By hash of the group, so that a page, a contrast set and a sentence with its translations stay in one half."""
    return "test" if int(hashlib.sha256(f"speakers:{group}".encode()).hexdigest(), 16) % 2 else "development"


def sample(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The planned number of settled attributed sentences of each language, by hash; of contrast sets and translations one a group."""
    asked: list[dict[str, Any]] = []
    taken: set[str] = set()
    left = dict(PLANNED)
    for row in sorted(rows, key=lambda row: identify("speakers", row["id"])):
        if row["settled"] and row["voice"] == "attributed" and left[row["lang"]] and (row["origin"] == "re-reported" or row["group"] not in taken):
            asked.append(row)
            taken.add(row["group"])
            left[row["lang"]] -= 1
    return asked


def sheet(rows: list[dict[str, Any]]) -> str:
    """Numbered sentences as an annotator sees them."""
    return "\n".join(f"{number} ({row['previous']}) >> {row['text']}" for number, row in enumerate(rows, 1)) + "\n"


def answered(line: str, rows: list[dict[str, Any]]) -> SpeakerLabel:
    """The label that one line of a filled sheet gives.

    >>> answered("1 B Belgrade @2", [{"id": "a", "group": "g", "text": "In Belgrade, Belgrade said no."}]).start
    13
    >>> answered("1 X Belgrade", [])
    Traceback (most recent call last):
    ValueError: got '1 X Belgrade', needs '17 B Serbian President' with a number from 1 to 0
    """
    match = re.fullmatch(r"(\d+) ([BPWROU]) (.+?)(?: @(\d))?", line)
    if not match or not 1 <= int(match[1]) <= len(rows):
        raise ValueError(f"got {line!r}, needs '17 B Serbian President' with a number from 1 to {len(rows)}")
    row, camp = rows[int(match[1]) - 1], str(CAMP_OF[match[2]])
    if match[3] == "-":
        return SpeakerLabel(row["id"], half_of(row["group"]), None, None, camp)
    places = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(match[3])}(?!\w)", row["text"])]
    if len(places) < int(match[4] or 1):
        raise ValueError(f"{line!r}: the sentence does not hold that: {row['text']}")
    start = places[int(match[4] or 1) - 1]
    return SpeakerLabel(row["id"], half_of(row["group"]), start, start + len(match[3]), camp)


def read_speakers(path: Path = FILE) -> list[SpeakerLabel]:
    """All rows of ``speakers.jsonl``."""
    return [SpeakerLabel(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def faults(labels: list[SpeakerLabel], rows: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What is wrong with the rows: unknown or repeated sentences, halves, camps, and spans that do not fit their text."""
    seen: set[str] = set()
    for label in labels:
        row = rows.get(label.id)
        if row is None or label.id in seen:
            yield f"{label.id}: is no gold sentence, or stands there twice"
            continue
        seen.add(label.id)
        if label.half != half_of(row["group"]):
            yield f"{label.id}: half is {label.half!r}, its group belongs to {half_of(row['group'])}"
        if label.camp not in list(Camp):
            yield f"{label.id}: camp is {label.camp!r}, needs {', '.join(Camp)}"
        if (label.start is None) != (label.end is None):
            yield f"{label.id}: start and end must both be given or both be missing"
        elif label.start is not None and label.end is not None:
            span = row["text"][label.start : label.end] if 0 <= label.start < label.end <= len(row["text"]) else ""
            if not span or span != span.strip():
                yield f"{label.id}: span {label.start}-{label.end} is empty, outside the sentence, or has blanks around it"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["write", "read", "check"])
    parser.add_argument("sheet", type=Path, nargs="?", help="the sheet NAME.sheet, its key NAME.key.json and its answers NAME.txt")
    options = parser.parse_args()
    rows = {row["id"]: row for row in load()}
    if options.action == "write":
        asked = sample(list(rows.values()))
        options.sheet.write_text(sheet(asked), encoding="utf-8")
        options.sheet.with_suffix(".key.json").write_text(json.dumps([row["id"] for row in asked]), encoding="utf-8")
        print(f"{len(asked)} sentences in {options.sheet}")
        return 0
    if options.action == "read":
        asked = [rows[name] for name in json.loads(options.sheet.with_suffix(".key.json").read_text(encoding="utf-8"))]
        lines = options.sheet.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        labels = [answered(line.strip(), asked) for line in lines if line.strip()]
        FILE.write_text("".join(json.dumps(asdict(label)) + "\n" for label in labels), encoding="utf-8")
    labels = read_speakers()
    found = list(faults(labels, rows))
    print("\n".join([*found, f"{len(labels)} sentences, {len(found)} faults"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
