"""Blind annotation sheets: ``write`` what a round needs, ``read`` the filled ones into ``labels.jsonl``.

A sheet shows numbered sentences, those of one page together and in order, composed ones with the sentence before them in
round brackets - and neither intents nor other labels. An annotator answers one line a sentence: its number, the frame's
letter (B P W N) and the voice's (o a), for example ``17 Pa``.

Round 1 takes every sentence without a blind label (of translated ones, a quarter). Round 2 takes, of those with one: a quarter chosen by hash, every
contrast sentence that is framed, and whatever differs from its writer's intent. Round 3 takes those whose two labels differ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import defaultdict
from pathlib import Path

from annotations.collect import FRAME_OF, VOICE_OF
from annotations.dataset import HERE, WRITER, Label, Sentence, read, write
from stance.labels import Frame


def chosen_twice(name: str) -> bool:
    """Whether a sentence belongs to the random quarter that two annotators label."""
    return int(hashlib.sha256(f"twice:{name}".encode()).hexdigest(), 16) % 4 == 0


def wanted(number: int, sentence: Sentence, labels: list[Label]) -> bool:
    """Whether round ``number`` asks for this sentence, given all labels it has."""
    blind = [label for label in labels if label.annotator != WRITER]
    intent = next((label for label in labels if label.annotator == WRITER), None)
    if number == 1:
        return not blind and (not sentence.source or chosen_twice(sentence.id))
    if number == 2 and len(blind) == 1:
        differs = intent is not None and (intent.frame, intent.voice) != (blind[0].frame, blind[0].voice)
        framed = sentence.origin == "contrast" and blind[0].frame != Frame.NEUTRAL
        return differs or framed or chosen_twice(sentence.id)
    return number == 3 and len(blind) == 2 and (blind[0].frame, blind[0].voice) != (blind[1].frame, blind[1].voice)


def write_sheets(number: int, folder: Path, size: int, data: Path) -> int:
    """Write sheets of about ``size`` sentences and a key beside each; return how many."""
    labels: dict[str, list[Label]] = defaultdict(list)
    if (data / "labels.jsonl").exists():
        for label in read(Label, data / "labels.jsonl"):
            labels[label.id].append(label)
    asked = [sentence for sentence in read(Sentence, data / "sentences.jsonl") if wanted(number, sentence, labels[sentence.id])]
    out = {
        row for path in folder.glob("*.key.json") if not list(folder.glob(f"{path.name.split('.')[0]}.*.txt")) for row in json.loads(path.read_text())
    }
    asked = [sentence for sentence in asked if sentence.id not in out]
    # Pages stay whole; single sentences are shuffled by hash, so that a sheet does not show one writer's run of intents.
    pages: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in asked:
        together = number == 1 and sentence.origin in ("re-reported", "composed")
        pages[sentence.group if together else f"~{hashlib.sha256(sentence.id.encode()).hexdigest()}"].append(sentence)
    folder.mkdir(parents=True, exist_ok=True)
    sheet: list[Sentence] = []
    made = len(list(folder.glob("*.key.json")))
    blocks = [pages[name] for name in sorted(pages, key=lambda name: hashlib.sha256(name.encode()).hexdigest())]
    for index, block in enumerate(blocks, 1):
        sheet += block
        if len(sheet) >= size or index == len(blocks):
            made += 1
            _write_sheet(folder / f"r{number}_{made:03d}", sheet)
            sheet = []
    return made


def _write_sheet(path: Path, sheet: list[Sentence]) -> None:
    lines, last = [], None
    for number, sentence in enumerate(sheet, 1):
        follows = last is not None and last.group == sentence.group and last.text == sentence.previous
        if not follows:
            lines.append("")
        before = f"({sentence.previous}) " if sentence.previous and not follows else ""
        lines.append(f"{number} {before}>> {sentence.text}" if before else f"{number} {sentence.text}")
        last = sentence
    path.with_suffix(".sheet").write_text("\n".join(lines).strip() + "\n", encoding="utf-8")
    path.with_suffix(".key.json").write_text(json.dumps([sentence.id for sentence in sheet]), encoding="utf-8")


def answers_in(path: Path, form: str, example: str) -> list[tuple[str, re.Match[str]]]:
    """Ids and answers of a filled sheet ``NAME.ANNOTATOR.txt``, in order, its key being ``NAME.key.json`` beside it.

    ``form`` is what may stand behind a sentence's number, as a pattern; ``example`` shows a whole line.

    Raises
    ------
    ValueError
        For a line of another form, a number outside the sheet, a number answered twice or not at all.
    """
    key = json.loads((path.parent / f"{path.name.split('.')[0]}.key.json").read_text(encoding="utf-8"))
    found: dict[int, re.Match[str]] = {}
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        match = re.fullmatch(rf"(\d+)\.?\s+{form}", line.strip())
        if not match or not 1 <= int(match[1]) <= len(key):
            raise ValueError(f"{path.name}:{place}: got {line!r}, needs {example!r} with a number from 1 to {len(key)}")
        if int(match[1]) in found:
            raise ValueError(f"{path.name}:{place}: sentence {match[1]} is answered twice")
        found[int(match[1])] = match
    missing = sorted(set(range(1, len(key) + 1)) - set(found))
    if missing:
        raise ValueError(f"{path.name}: no answer for {len(missing)} of {len(key)} sentences, first {missing[:8]}")
    return [(key[number - 1], found[number]) for number in sorted(found)]


def read_sheet(path: Path, annotator: str) -> list[Label]:
    """Labels of a filled sheet; errors as ``answers_in`` raises them."""
    return [Label(name, annotator, FRAME_OF[answer[2]], VOICE_OF[answer[3]]) for name, answer in answers_in(path, r"([BPWN])\s?([oa])", "17 Pa")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["write", "read"])
    parser.add_argument("folder", type=Path, help="where the sheets lie")
    parser.add_argument("--round", type=int, choices=[1, 2, 3], default=1)
    parser.add_argument("--size", type=int, default=350, help="sentences a sheet (default 350)")
    parser.add_argument("--data", type=Path, default=HERE, help="the data set's folder")
    options = parser.parse_args()
    if options.action == "write":
        print(f"{write_sheets(options.round, options.folder, options.size, options.data)} sheets in {options.folder}")
        return
    path = options.data / "labels.jsonl"
    known = {sentence.id for sentence in read(Sentence, options.data / "sentences.jsonl")}
    labels = {(label.id, label.annotator): label for label in read(Label, path) if label.id in known} if path.exists() else {}
    before = len(labels)
    for filled in sorted(options.folder.glob("*.*.txt")):
        try:
            for label in read_sheet(filled, filled.name.split(".")[1]):
                if label.id in known:  # a sentence may have been taken out since the sheet was written
                    labels[label.id, label.annotator] = label
        except ValueError as error:
            print(f"left out: {error}")
    write(path, labels.values())
    print(f"{len(labels) - before} new labels, {len(labels)} in all")


if __name__ == "__main__":
    main()
