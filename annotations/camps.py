"""Whose side an attributed sentence's speaker belongs to: ``write`` sheets, ``read`` the filled ones into ``camps.jsonl``.

Unlike those of ``annotations.speakers``, these labels are made with the whole page in view: a sheet shows pages in order, the sentences to label with a
number, the others with a bar; sentences that stand alone follow the sentence before them in round brackets. An answer is one line, the number and the
camp's letter, for example ``17 B``; ``SPEAKERS.md`` says what the letters stand for. Round 2 asks a second annotator for a twentieth, drawn by hash.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from annotations.dataset import HERE, CampLabel, identify, load, read, write
from annotations.sheets import answers_in
from annotations.speakers import CAMP_OF
from stance.labels import Camp

FILE = "camps.jsonl"
Row = dict[str, Any]


def answers(folder: Path = HERE) -> dict[str, list[str]]:
    """The camps that annotators gave each sentence, by id; none where the folder has no ``camps.jsonl``."""
    said: dict[str, list[str]] = defaultdict(list)
    for label in read(CampLabel, folder / FILE) if (folder / FILE).is_file() else ():
        said[label.id].append(label.camp)
    return said


def agreed(camps: Sequence[str]) -> str:
    """The camp that all annotators gave, empty if they differ or there are none.

    >>> agreed(["Belgrade", "Belgrade"]), agreed(["other", "unknown"]), agreed([])
    ('Belgrade', '', '')
    """
    return camps[0] if len(set(camps)) == 1 else ""


def again(name: str) -> bool:
    """Whether a sentence belongs to the random twentieth whose camp two annotators label."""
    return int(hashlib.sha256(f"camp twice:{name}".encode()).hexdigest(), 16) % 20 == 0


def asked(number: int, rows: Sequence[Row], labels: Sequence[CampLabel]) -> set[str]:
    """Ids of the settled attributed sentences that round ``number`` asks for."""
    labelled = [label.id for label in labels]
    attributed = {row["id"] for row in rows if row["voice"] == "attributed" and row["settled"]}
    if number == 1:
        return attributed - set(labelled)
    return {name for name in attributed if again(name) and labelled.count(name) == 1}


def sheets(rows: Sequence[Row], wanted: set[str], size: int) -> Iterator[tuple[str, list[str]]]:
    """The text of each sheet with about ``size`` sentences to label, and their ids in order; a page stays whole."""
    pages: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        pages[row["group"] if row["origin"] == "re-reported" else row["id"]].append(row)
    lines: list[str] = []
    names: list[str] = []
    for _, page in sorted(pages.items(), key=lambda item: identify("camps", item[0])):
        if not any(row["id"] in wanted for row in page):
            continue
        lines.append("")
        for row in sorted(page, key=lambda row: row["position"]):
            names += [row["id"]] if row["id"] in wanted else []
            before = f"({row['previous']}) >> " if len(page) == 1 and row["previous"] else ""
            lines.append(f"{len(names) if row['id'] in wanted else '|'} {before}{row['text']}")
        if len(names) >= size:
            yield "\n".join(lines).strip() + "\n", names
            lines, names = [], []
    if names:
        yield "\n".join(lines).strip() + "\n", names


def read_sheet(path: Path) -> list[CampLabel]:
    """Labels of a filled sheet ``NAME.ANNOTATOR.txt``; errors as ``annotations.sheets.answers_in`` raises them."""
    annotator = path.name.split(".")[1]
    return [CampLabel(name, annotator, str(CAMP_OF[answer[2]])) for name, answer in answers_in(path, "([BPWROU])", "17 B")]


def faults(labels: Iterable[tuple[str, CampLabel]], known: Container[str]) -> Iterator[str]:
    """What is wrong with labels, each given with where it stands: sentences without gold or labelled twice by one annotator, camps that do not exist."""
    seen: set[tuple[str, str]] = set()
    for where, label in labels:
        if label.id not in known or (label.id, label.annotator) in seen:
            yield f"{where}: {label.id} is no gold sentence, or {label.annotator} labelled it twice"
        if label.camp not in list(Camp):
            yield f"{where}: camp is {label.camp!r}, needs {', '.join(Camp)}"
        seen.add((label.id, label.annotator))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["write", "read"])
    parser.add_argument("folder", type=Path, help="where the sheets lie")
    parser.add_argument("--round", type=int, choices=[1, 2], default=1)
    parser.add_argument("--size", type=int, default=500, help="sentences a sheet (default 500)")
    options = parser.parse_args()
    rows = load()
    labels = list(read(CampLabel, HERE / FILE)) if (HERE / FILE).is_file() else []
    if options.action == "write":
        options.folder.mkdir(parents=True, exist_ok=True)
        for number, (text, names) in enumerate(sheets(rows, asked(options.round, rows, labels), options.size), 1):
            path = options.folder / f"c{options.round}_{number:03d}"
            path.with_suffix(".sheet").write_text(text, encoding="utf-8")
            path.with_suffix(".key.json").write_text(json.dumps(names), encoding="utf-8")
            print(f"{path.with_suffix('.sheet')}: {len(names)} sentences")
        return
    new = chain.from_iterable(map(read_sheet, sorted(options.folder.glob("*.*.txt"))))
    known = {(label.id, label.annotator): label for label in chain(labels, new)}
    write(HERE / FILE, known.values())
    print(f"{len(known)} labels of {len({label.id for label in known.values()})} sentences")


if __name__ == "__main__":
    main()
