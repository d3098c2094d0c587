"""The data set's records, how they are read and written, and ``load``: gold sentences joined and ready for training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from stance.records import Excerpt

HERE = Path(__file__).resolve().parent
TASKS = ("frame", "voice", "camp")
"""What a sentence is labelled with."""
WRITER = "writer"
"""The annotator name under which a writer's intent is kept; it never counts towards gold."""


@dataclass(frozen=True, slots=True)
class Document:
    """A real page that was re-reported; ``date`` as far as known (YYYY, YYYY-MM or YYYY-MM-DD), else empty."""

    document: str
    url: str
    outlet: str
    domain: str
    date: str
    lang: str
    register: str
    event: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to label.

    ``group`` is what may not be torn apart by a split: the document, the contrast set, or the sentence with its
    translations. ``position`` counts from 0 within the group. ``origin``: re-reported, composed, contrast or translated.
    ``source`` is the id of the English sentence that a translated one translates, else empty.
    """

    id: str
    group: str
    position: int
    lang: str
    script: str
    origin: str
    register: str
    previous: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What one annotator says of one sentence."""

    id: str
    annotator: str
    frame: str
    voice: str


@dataclass(frozen=True, slots=True)
class Gold:
    """The adjudicated label: majority of the blind annotators; ``votes`` of them, ``agreeing`` on the frame.

    ``camp`` is the speaker's (``camps.jsonl``), empty where the voice is the author's own, nobody was asked, or two disagree.
    ``settled`` is false where frame or voice has no majority; such sentences take no part in training or figures.
    """

    id: str
    frame: str
    voice: str
    votes: int
    agreeing: int
    settled: bool
    split: str
    camp: str


@dataclass(frozen=True, slots=True)
class CampLabel:
    """What one annotator, who saw the whole page, says of the speaker of one attributed sentence."""

    id: str
    annotator: str
    camp: str


Record = TypeVar("Record", Document, Sentence, Label, Gold, CampLabel)


def read(kind: type[Record], path: Path) -> Iterator[Record]:
    """Records of a JSON-lines file.

    Raises
    ------
    ValueError
        With file and line, for a line that is not such a record.
    """
    names = {field.name for field in fields(kind)}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row: dict[str, Any] = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path.name}:{number}: not JSON ({error})") from error
            if not isinstance(row, dict) or set(row) != names:
                got = sorted(row) if isinstance(row, dict) else type(row).__name__
                raise ValueError(f"{path.name}:{number}: has {got}, needs exactly {sorted(names)}")
            yield kind(**row)


def write(path: Path, records: Iterable[Record]) -> None:
    """One JSON object a line, keys in the order of the record's fields."""
    with path.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")


def identify(*parts: str) -> str:
    """Twelve hexadecimal digits that stand for the given texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def script_of(text: str) -> str:
    """ISO 15924 code of the script most letters are in: ``Cyrl`` or ``Latn``."""
    cyrillic = sum("\u0400" <= character <= "\u04ff" for character in text)
    return "Cyrl" if 2 * cyrillic > sum(character.isalpha() for character in text) else "Latn"


def split_of(group: str) -> str:
    """``test`` and ``validation`` take a tenth of the groups each, by hash: adding data moves nothing."""
    share = int(hashlib.sha256(f"split:{group}".encode()).hexdigest()[:8], 16) / 16**8
    return "test" if share < 0.1 else "validation" if share < 0.2 else "train"


def load(split: str | None = None, folder: Path = HERE) -> list[dict[str, Any]]:
    """Gold sentences with their labels as flat rows, optionally of one split (``train``, ``validation``, ``test``); ``before`` lists the texts before each, in
    their order.

    >>> row = load("test")[0]
    >>> row["split"], row["lang"] in {"en", "sr", "sq"}
    ('test', True)
    """
    gold = {row.id: row for row in read(Gold, folder / "gold.jsonl")}
    sentences = list(read(Sentence, folder / "sentences.jsonl"))
    previous = {(row.group, row.text): row.previous for row in sentences}
    return [
        asdict(sentence) | asdict(gold[sentence.id]) | {"before": _before(sentence, previous)}
        for sentence in sentences
        if sentence.id in gold and split in (None, gold[sentence.id].split)
    ]


def _before(sentence: Sentence, previous: Mapping[tuple[str, str], str]) -> list[str]:
    """The texts before a sentence, in their order, as far as each is known to follow another of the group."""
    found: list[str] = []
    text = sentence.previous
    while text and text not in found:
        found.append(text)
        text = previous.get((sentence.group, text), "")
    return found[::-1]


def ordered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order in which excerpts hold them: text by text, each in the order of its sentences. A translation is in its source's group, but a text of its own."""
    texts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        texts.setdefault((row["group"], row["lang"]), []).append(row)
    return [row for text in texts.values() for row in sorted(text, key=lambda row: row["position"])]


def excerpts_of(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows that follow each other; where others stand before the first that are no rows themselves, the text's first and the nearest begin an excerpt, without labels.

    Every row is in one excerpt, in the order of ``ordered``.
    """
    excerpt: list[dict[str, Any]] = []
    for row in ordered(rows):
        before = row["before"]
        if excerpt and ((row["group"], row["lang"]) != (excerpt[-1]["group"], excerpt[-1]["lang"]) or before[-1:] != [excerpt[-1]["text"]]):
            yield excerpt
            excerpt = []
        if not excerpt:
            excerpt = [row | dict.fromkeys(TASKS, "") | {"text": text} for text in (*before[:-1][:1], *before[-1:])]
        excerpt.append(row)
    if excerpt:
        yield excerpt


def as_excerpt(rows: Sequence[dict[str, Any]]) -> Excerpt:
    """Rows that follow each other as the network takes them; only the first ones may be without labels."""
    return Excerpt(tuple(row["text"] for row in rows), sum(bool(row["frame"]) for row in rows))
