"""Extending the data set: choose sentences worth labelling, hand them to Label Studio, and take the labels back."""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus import checked
from stance.evaluation import read_rows
from stance.labels import FRAMES, VOICES, Frame, StanceError, Voice
from stance.records import Article
from stance.rows import present, read_text
from stance.sample import content_of
from stance.scoring import Classifier, built_in
from stance.text import split

POOL = 10
"""Uncertain sentences kept for each one that is wanted; diversity chooses among them."""

FEWEST_WORDS = 4
"""Shorter sentences are not worth a label."""

KEPT = ("outlet", "lang", "article")
"""What a row keeps through Label Studio besides id, text and previous; annotators are not shown it."""

BREAK = "\n\n"
"""Between the sentences before, where a row has several."""

WIDTH = 4096
CONFIG = (
    "<View>\n"
    '  <Text name="before" value="$previous"/>\n'
    '  <Text name="text" value="$text"/>\n'
    '  <Choices name="frame" toName="text" choice="single" required="true" showInline="true">\n'
    + "".join(f'    <Choice value="{frame}"/>\n' for frame in FRAMES)
    + "  </Choices>\n"
    '  <Choices name="voice" toName="text" choice="single" required="true" showInline="true">\n'
    + "".join(f'    <Choice value="{voice}"/>\n' for voice in VOICES)
    + "  </Choices>\n</View>\n"
)
"""The labelling interface to paste into a Label Studio project."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence worth labelling. ``uncertainty`` is 1 minus the gap between the two highest probabilities, 0 to 1; ``None`` where it was drawn at random,
    and then ``article`` is a digest of the words of the article where it stands, empty else.
    """

    id: str
    text: str
    previous: str
    outlet: str
    uncertainty: float | None = None
    article: str = ""


def sample(articles: Iterable[Article], count: int, *, classifier: Classifier | None = None, progress: bool = False) -> list[Candidate]:
    """The ``count`` sentences of a corpus whose labels would teach the most: uncertain, and unlike each other.

    The corpus is read as a stream. Among the ten times as many most uncertain sentences (margin; Scheffer et al. 2001), each next one
    is chosen for its uncertainty times its distance from those chosen before (cosine over words and word pairs).

    Raises
    ------
    StanceError
        If ``count`` is below 1.
    """
    if count < 1:
        raise StanceError(f"count is {count}, needs at least 1")
    classifier = classifier or built_in()
    best: list[tuple[float, str, Candidate]] = []
    seen: set[int] = set()
    for article, score in classifier.pairs(articles, progress=progress):
        previous = ""
        for sentence in score.sentences:
            first, second = sorted(sentence.probabilities.values())[:-3:-1]
            if hash(sentence.text) not in seen and len(sentence.text.split()) >= FEWEST_WORDS:
                seen.add(hash(sentence.text))
                uncertainty = 1 - (first - second)
                candidate = _candidate(sentence.text, previous, article.outlet, uncertainty)
                heapq.heappush(best, (uncertainty, candidate.id, candidate))
                if len(best) > POOL * count:
                    heapq.heappop(best)
            previous = sentence.text
    return _diverse([item for _, _, item in sorted(best, key=lambda entry: (-entry[0], entry[1]))], count)


def draw(articles: Iterable[Article], count: int, *, seed: int = 0) -> list[Candidate]:
    """``count`` sentences of each outlet at random, or all where it has fewer: what ``compare(gold=...)`` needs once people have labelled them.

    The corpus is read as a stream, and no model is needed. Every sentence of every article has the same chance, short ones and those that many articles have as well: the
    sample stands for all that the figures count. An article that its outlet has twice counts once. Chance hangs on the seed, the outlet, the article's words and the
    sentence's place, not on the articles' order, and a larger sample begins with the smaller one.

    Raises
    ------
    StanceError
        If ``count`` is below 1, or something else than an ``Article`` comes, or one without outlet.

    Examples
    --------
    >>> page = "The envoy met both leaders on Monday. Talks resume in May. Nobody came."
    >>> len(draw([Article(page, "Daily"), Article(page, "Weekly")], 2))
    4
    """
    if count < 1:
        raise StanceError(f"count is {count}, needs at least 1")
    drawn: dict[str, dict[int, Candidate]] = defaultdict(dict)
    heaps: dict[str, list[int]] = defaultdict(list)  # of each outlet what ``drawn`` has, the number that falls out next first
    for article in checked(articles):
        kept, heap = drawn[article.outlet], heaps[article.outlet]
        texts = [article.text[start:end] for start, end in split(article.text)]
        content = content_of(texts)
        for place, text in enumerate(texts):
            number = -int.from_bytes(hashlib.sha256(f"{seed}\0{article.outlet}\0{content}\0{place}".encode()).digest())
            if number not in kept and (len(kept) < count or number > heap[0]):
                kept[number] = _candidate(text, texts[place - 1] if place else "", article.outlet, None, content)
                heapq.heappush(heap, number)
                if len(kept) > count:
                    del kept[heapq.heappop(heap)]
    return [kept[number] for _, kept in sorted(drawn.items()) for number in sorted(kept, reverse=True)]


def _candidate(text: str, previous: str, outlet: str, uncertainty: float | None, article: str = "") -> Candidate:
    name = hashlib.sha256("\0".join((outlet, article, previous, text)).encode()).hexdigest()[:12]
    return Candidate(name, text, previous, outlet, uncertainty, article)


def _diverse(pool: list[Candidate], count: int) -> list[Candidate]:
    vectors = np.stack([_hashed(item.text) for item in pool]) if pool else np.empty((0, WIDTH), dtype=np.float32)
    worth = np.array([item.uncertainty or 0.0 for item in pool])
    nearest = np.zeros(len(pool))
    chosen: list[Candidate] = []
    while len(chosen) < min(count, len(pool)):
        best = int(np.argmax(np.where(worth < 0, -1, worth * (1 - np.minimum(nearest, 1)))))
        chosen.append(pool[best])
        nearest = np.maximum(nearest, vectors @ vectors[best])
        worth[best] = -1
    return chosen


def _hashed(text: str) -> NDArray[np.float32]:
    words = re.findall(r"\w+", text.lower())
    vector = np.zeros(WIDTH, dtype=np.float32)
    for item in [*words, *map(" ".join, itertools.pairwise(words))]:
        vector[int(hashlib.sha256(item.encode()).hexdigest()[:8], 16) % WIDTH] += 1
    return np.asarray(vector / (np.linalg.norm(vector) or 1))


def write_candidates(path: Path, candidates: Iterable[Candidate]) -> None:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in candidates), encoding="utf-8")


def to_label_studio(path: Path) -> list[dict[str, Any]]:
    """Label Studio tasks of a .jsonl file whose rows have text, and if known previous (several with a blank line between them), id, outlet, lang and article.

    Raises
    ------
    StanceError
        With file and line, for a row without text.
    """
    tasks = []
    for number, found in read_rows(path):
        row = present(found) if isinstance(found, dict) else {}
        if not isinstance(row.get("text"), str):
            raise StanceError(f'{path.name}:{number}: text is missing; every row needs "text"')
        previous = row.get("previous") or ""
        before = previous if isinstance(previous, list) else [previous]
        if not all(isinstance(text, str) for text in before):
            raise StanceError(f"{path.name}:{number}: previous is {previous!r}, needs the sentence before, or a list of those before")
        data = {"id": str(row.get("id") or number), "text": row["text"], "previous": BREAK.join(re.sub(r"\n{2,}", "\n", text) for text in before)}
        tasks.append({"data": data | {name: str(row[name]) for name in KEPT if row.get(name)}})
    return tasks


def from_label_studio(path: Path) -> list[dict[str, Any]]:
    """Rows with id, text, previous, annotator, frame of a Label Studio JSON export, one for each completed annotation, and voice, outlet, lang and article
    where it has them.

    Such rows are what ``stance evaluate`` reads, and with outlets ``stance report --gold``.

    Raises
    ------
    StanceError
        If there is no such file, it is no such export, or an annotation's choice is not in the codebook.
    """
    text = read_text(path)
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StanceError(f"{path.name}: is not JSON ({error})") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "annotations" in task and "data" in task for task in tasks):
        raise StanceError(
            f"{path.name}: is no Label Studio export; needed is the format JSON (not JSON-MIN), a list of tasks with data and annotations"
        )
    rows = []
    for number, task in enumerate(tasks, 1):
        for annotation in task["annotations"]:
            if annotation.get("was_cancelled"):
                continue
            chosen = {
                item["from_name"]: choices[0]
                for item in annotation["result"]
                if item.get("type") == "choices" and (choices := item["value"].get("choices"))
            }
            if chosen.get("frame") not in set(Frame) or chosen.get("voice", Voice.OWN) not in set(Voice):
                raise StanceError(
                    f"{path.name}: task {number}: choices are {chosen}; needed are a frame ({', '.join(Frame)}) and, if known, a voice ({', '.join(Voice)})"
                )
            who = annotation.get("completed_by")
            annotator = str((who.get("email") or who.get("id") if isinstance(who, dict) else who) or "")
            data = task["data"]
            before = str(data.get("previous") or "").split(BREAK)
            row = {"id": str(data.get("id", "")), "text": str(data.get("text", "")), "previous": before[0] if len(before) == 1 else before}
            rows.append(row | {name: str(data[name]) for name in KEPT if data.get(name)} | {"annotator": annotator} | chosen)
    return rows
