"""Check a folder of source documents against the registry, and evaluate the model on their stand-off annotations.

The documents are not part of the project. ``registry.json`` names them by file name and sha256, ``annotations.jsonl`` says frame and
voice of each sentence by its half-open character offsets.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from stance.evaluation import compared
from stance.labels import Frame, Voice
from stance.records import Excerpt, Labelled
from stance.rows import read_text
from stance.scoring import Classifier
from stance.text import split

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Annotation:
    """One sentence of one document; ``votes`` are the annotators' labels."""

    file: str
    start: int
    end: int
    frame: str
    voice: str
    votes: tuple[str, ...]


def standoff() -> list[Annotation]:
    """All stand-off annotations, by file and offset."""
    rows = map(json.loads, (HERE / "annotations.jsonl").read_text(encoding="utf-8").splitlines())
    return [Annotation(**row | {"votes": tuple(row["votes"])}) for row in rows]


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a document; ``kind`` is headline, text, subheading, caption, byline, navigation, share, teaser or disclaimer."""

    file: str
    start: int
    end: int
    kind: str


def blocks() -> list[Block]:
    """All lines of the documents that are not empty, by file and offset."""
    return [Block(**json.loads(line)) for line in (HERE / "blocks.jsonl").read_text(encoding="utf-8").splitlines()]


def verify(folder: Path) -> list[str]:
    """What is wrong with the folder: documents that are missing or differ."""
    faults = []
    for row in json.loads((HERE / "registry.json").read_text(encoding="utf-8")):
        path = folder / row["file"]
        if not path.is_file():
            faults.append(f"{row['file']}: not in {folder}")
        elif (found := hashlib.sha256(path.read_bytes()).hexdigest()) != row["sha256"]:
            faults.append(f"{row['file']}: sha256 is {found}, the registry has {row['sha256']}")
    return faults


def labelled(folder: Path) -> list[Labelled]:
    """The annotated sentences with those before each, read from the documents."""
    rows = []
    for file in sorted({item.file for item in standoff()}):
        text = read_text(folder / file)
        items = [item for item in standoff() if item.file == file]
        texts = [text[item.start : item.end] for item in items]
        rows += [Labelled(texts[at], texts[:at], Frame(item.frame), Voice(item.voice), "en") for at, item in enumerate(items)]
    return rows


def splitting(folder: Path) -> tuple[int, int, int]:
    """Sentences annotated, sentences that the library finds, and how many of them have the same offsets."""
    gold = {(item.file, item.start, item.end) for item in standoff()}
    found = {(file, *span) for file in sorted({item.file for item in standoff()}) for span in split(read_text(folder / file))}
    return len(gold), len(found), len(gold & found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the source documents lie")
    parser.add_argument("--model", help="a model folder (default: the built-in model)")
    options = parser.parse_args()
    faults = verify(options.folder)
    for fault in faults:
        print(f"FAULT {fault}")
    if faults:
        return 1
    assert all(a.file != b.file or a.end <= b.start for a, b in pairwise(standoff())), "annotations overlap"
    rows, classifier = labelled(options.folder), Classifier.load(options.model)
    pages = [Excerpt.of([*before.previous, before.text]) for before, after in pairwise([*rows, rows[0]]) if not after.previous]
    result = compared(rows, classifier.read(pages), classifier.revision)
    print(f"{result.sentences} sentences: frame macro-F1 {result.frame.macro_f1:.3f}, accuracy {result.frame.accuracy:.3f}")
    print(f"voice macro-F1 {result.voice.macro_f1:.3f}" if result.voice else "no voice")
    print("sentences annotated, found, same offsets: {}, {}, {}".format(*splitting(options.folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
