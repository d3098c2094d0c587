"""Verify the data set: ``python -m annotations.check`` prints the counts and every fault with file and line; 1 if there is one.

Checked are the records' form and values, ids against texts, references between the tables, that documents, sets and
translations stay within a split, near-duplicates across splits, that gold and agreement follow from the labels, the hashes, and
the counts that ``plan.toml`` asks for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from annotations import camps
from annotations.dataset import HERE, CampLabel, Document, Gold, Label, Sentence, identify, read, script_of, split_of
from annotations.gold import agreement, derive
from stance.labels import Frame, Voice

FILES = ("documents.jsonl", "sentences.jsonl", "labels.jsonl", "reannotation.jsonl", "camps.jsonl", "gold.jsonl", "agreement.json")
ORIGINS = {"re-reported", "composed", "contrast", "translated"}
NEAR = 0.8
"""Two texts of different splits may share at most this share of their word triples (Jaccard)."""

T = TypeVar("T")


def records(kind: type[T], folder: Path, name: str, faults: list[str]) -> list[tuple[str, T]]:
    """The file's records with where they stand; a fault in the form ends the reading of that file."""
    found: list[tuple[str, T]] = []
    try:
        for number, record in enumerate(read(kind, folder / name), 1):  # type: ignore[type-var]
            found.append((f"{name}:{number}", record))
    except (ValueError, OSError) as error:
        faults.append(str(error))
    return found


def check_sentences(sentences: list[tuple[str, Sentence]], documents: set[str]) -> Iterator[str]:
    """Faults of single sentences."""
    seen: dict[str, str] = {}
    known = {sentence.id: sentence for _, sentence in sentences}
    for where, row in sentences:
        if row.id in seen:
            yield f"{where}: id {row.id} stands in {seen[row.id]} too"
        seen.setdefault(row.id, where)
        if row.id != identify(row.previous, row.text):
            yield f"{where}: id {row.id} does not belong to this text; previous or text was changed"
        if row.lang not in {"en", "sr", "sq"}:
            yield f"{where}: lang is {row.lang!r}, needs en, sr or sq"
        if row.script != script_of(row.text):
            yield f"{where}: script is {row.script!r}, the text is in {script_of(row.text)}"
        if row.origin not in ORIGINS:
            yield f"{where}: origin is {row.origin!r}, needs {', '.join(sorted(ORIGINS))}"
        if row.origin == "re-reported" and row.group not in documents:
            yield f"{where}: document {row.group} is not in documents.jsonl"
        if not row.text.strip() or row.text != row.text.strip():
            yield f"{where}: text is empty or has blanks around it"
        if (row.origin == "translated") != bool(row.source):
            yield f"{where}: a translated sentence needs a source, and only it has one"
        elif row.source and (row.source not in known or known[row.source].group != row.group):
            yield f"{where}: source {row.source} is no sentence of the same group"


def check_labels(labels: list[tuple[str, Label]], known: set[str]) -> Iterator[str]:
    """Faults of single labels."""
    seen: set[tuple[str, str]] = set()
    for where, row in labels:
        if row.id not in known:
            yield f"{where}: sentence {row.id} is not in sentences.jsonl"
        if row.frame not in set(Frame) or row.voice not in set(Voice):
            yield f"{where}: label {row.frame!r}, {row.voice!r} is not in the codebook"
        if (row.id, row.annotator) in seen:
            yield f"{where}: annotator {row.annotator} labels {row.id} twice"
        seen.add((row.id, row.annotator))


def check_splits(sentences: list[tuple[str, Sentence]], gold: list[tuple[str, Gold]], folder: Path) -> Iterator[str]:
    """Gold that does not follow from the labels, splits that do not follow from the group, near-duplicates across splits."""
    try:
        derived = derive(folder)
    except (ValueError, KeyError, OSError):
        return
    if [row for _, row in gold] != derived:
        wrong = next((where for (where, row), right in zip(gold, derived, strict=False) if row != right), "gold.jsonl:1")
        yield f"{wrong}: gold does not follow from the labels; run python -m annotations.gold"
    shingles: dict[str, list[int]] = defaultdict(list)
    triples: list[set[str]] = []
    for index, (_, row) in enumerate(sentences):
        words = re.findall(r"\w+", row.text.lower())
        triples.append({" ".join(words[at : at + 3]) for at in range(len(words) - 2)})
        for triple in triples[-1]:
            shingles[triple].append(index)
    for index, (where, row) in enumerate(sentences):
        shared = Counter(other for triple in triples[index] for other in shingles[triple] if other < index)
        for other, count in shared.items():
            near = count / len(triples[index] | triples[other])
            twin = sentences[other][1]
            if near >= NEAR and split_of(row.group) != split_of(twin.group):
                yield f"{where}: nearly the same text as {sentences[other][0]}, which is in another split"


def check_counts(sentences: list[Sentence], documents: list[Document], gold: list[Gold], folder: Path) -> Iterator[str]:
    """Print the counts of plan.toml; faults are the counts not reached."""
    plan = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    labelled = {row.id for row in gold}
    held = [row for row in sentences if row.id in labelled]
    counts: dict[str, int] = {"sentences": len(held), "documents": len(documents), "outlets": len({row.domain for row in documents})}
    tests: dict[str, Callable[[Sentence], str]] = {
        "lang": lambda row: row.lang, "origin": lambda row: row.origin, "script": lambda row: f"{row.lang}-{row.script}",
    }  # fmt: skip
    for name, of in tests.items():
        counts |= {f"{name} {value}": count for value, count in Counter(map(of, held)).items()}
    counts |= {f"frame {frame}": count for frame, count in Counter(row.frame for row in gold).items()}
    counts |= {f"voice {voice}": count for voice, count in Counter(row.voice for row in gold).items()}
    counts |= {f"split {split}": count for split, count in Counter(row.split for row in gold).items()}
    for name, count in sorted(counts.items()):
        least = plan["least"].get(name)
        print(f"{name:<28}{count:>7}" + (f"   at least {least}" if least else ""))
    for name, least in plan["least"].items():
        if counts.get(name, 0) < least:
            yield f"plan.toml: {name} is {counts.get(name, 0)}, at least {least} are planned"


def check_hashes(folder: Path) -> Iterator[str]:
    """Files that are not the ones SHA256SUMS names."""
    sums = [line.partition("  ") for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    named = {name: digest for digest, _, name in sums}
    for name in FILES:
        if named.get(name) != hashlib.sha256((folder / name).read_bytes()).hexdigest():
            yield f"SHA256SUMS: {name} has another hash; if the change is wanted, run python -m annotations.check --seal"


def check(folder: Path = HERE) -> list[str]:
    """All faults of the data set in ``folder``."""
    faults: list[str] = []
    documents = records(Document, folder, "documents.jsonl", faults)
    sentences = records(Sentence, folder, "sentences.jsonl", faults)
    labels = records(Label, folder, "labels.jsonl", faults)
    gold = records(Gold, folder, "gold.jsonl", faults)
    pages = Counter(row.url for _, row in documents)
    faults += [f"{where}: page {row.url} stands there {pages[row.url]} times" for where, row in documents if pages[row.url] > 1]
    faults += check_sentences(sentences, {row.document for _, row in documents})
    faults += check_labels(labels, {row.id for _, row in sentences})
    faults += check_labels(records(Label, folder, "reannotation.jsonl", faults), {row.id for _, row in gold})
    faults += camps.faults(records(CampLabel, folder, "camps.jsonl", faults), {row.id for _, row in gold})
    faults += check_splits(sentences, gold, folder)
    faults += check_counts([row for _, row in sentences], [row for _, row in documents], [row for _, row in gold], folder)
    if not faults and json.loads((folder / "agreement.json").read_text(encoding="utf-8")) != agreement(folder):
        faults.append("agreement.json: does not follow from the labels; run python -m annotations.gold")
    faults += check_hashes(folder)
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=HERE, help="the data set (default: this one)")
    parser.add_argument("--seal", action="store_true", help="write SHA256SUMS anew first, because the change is wanted")
    options = parser.parse_args()
    if options.seal:
        sums = [f"{hashlib.sha256((options.folder / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES]
        (options.folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    faults = check(options.folder)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
