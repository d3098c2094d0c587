"""How well a classifier's labels agree with gold labels: macro-F1, per class, confusion, calibration, coverage."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.agreement import Agreement, ClassFigures
from stance.labels import FRAMES, VOICES, Frame, StanceError, Voice
from stance.prevalence import FEWEST, interval, never_seen
from stance.records import Labelled, SentenceScore
from stance.rows import Rejected, json_rows, present
from stance.scoring import Classifier, built_in

BINS = 10

DRAWS, SEED = 2000, 20221
"""Resamples for the bounds of macro-F1."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What ``stance evaluate`` prints; ``by_language`` holds the frame's figures by ``lang``.

    ``calibration_error`` is the class-wise expected calibration error over 10 bins of equal width (Nixon et al. 2019, "Measuring
    Calibration in Deep Learning"). ``coverage`` is the share of sentences that are certain, ``certain_accuracy`` the accuracy on
    them (``None`` where there are none). ``labels`` counts rows, more than ``sentences`` where several annotators labelled the same; each row counts. Bounds are
    over articles where rows name theirs, else over sentences.
    """

    sentences: int
    labels: int
    frame: Agreement
    voice: Agreement | None
    calibration_error: float
    coverage: float
    certain_accuracy: float | None
    by_language: dict[str, Agreement]
    revision: str

    def __str__(self) -> str:
        several = f" with {self.labels} labels" * (self.labels > self.sentences)
        lines = [f"{self.sentences} sentences{several}, model revision {self.revision}"]
        for name, figures in (("frame", self.frame), ("voice", self.voice)):
            if figures is None:
                continue
            lines += ["", f"{name}: {figures}"]
            lines.append(f"  {'':<18}precision  recall      F1  gold   predicted {', '.join(figures.labels)}")
            for label, row in zip(figures.labels, figures.confusion, strict=True):
                one, counts = figures.classes[label], " ".join(f"{count:5d}" for count in row)
                lines.append(f"  {label:<18}{one.precision:9.3f}{one.recall:8.3f}{one.f1:8.3f}{one.support:6d}   {counts}")
        if len(self.by_language) > 1:
            lines += ["", *(f"frame in {lang}: {figures}" for lang, figures in self.by_language.items())]
        sure = f"{self.certain_accuracy:.3f}" if self.certain_accuracy is not None else "none"
        certain = f"certain {self.coverage:.0%} of sentences, accuracy on them {sure}"
        return "\n".join([*lines, "", f"calibration error {self.calibration_error:.3f}; {certain}"])


def read_labelled(path: str | Path) -> Iterator[Labelled]:
    """Rows of a JSON-lines file with text and frame, and if wanted voice, previous (the sentence before, or a list of those before), lang, outlet and article.

    Raises
    ------
    StanceError
        With file and line, for a row that is not such a record: figures over part of a gold file would mislead.
    """
    for number, row in read_rows(Path(path)):
        where = f"{Path(path).name}:{number}"
        given = present(row) if isinstance(row, dict) else {}
        values = {name: given.get(name) for name in ("text", "frame", "voice", "previous", "lang", "outlet", "article")}
        if not isinstance(values["text"], str) or values["frame"] not in list(Frame):
            raise StanceError(f'{where}: needs "text" and a "frame" that is one of {", ".join(Frame)}')
        if values["voice"] not in [None, "", *Voice]:
            raise StanceError(f"{where}: voice is {values['voice']!r}, needs {' or '.join(Voice)}, or none")
        voice = Voice(values["voice"]) if values["voice"] else None
        lang, outlet, article = (str(values[name] or "") for name in ("lang", "outlet", "article"))
        before = values["previous"] or ""
        if not all(isinstance(text, str) for text in (before if isinstance(before, list) else [before])):
            raise StanceError(f"{where}: previous is {before!r}, needs the sentence before, or a list of those before")
        previous = tuple(before) if isinstance(before, list) else before
        yield Labelled(values["text"], previous, Frame(values["frame"]), voice, lang, outlet, article)


def read_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Line number and parsed JSON of each line that is not empty.

    Raises
    ------
    StanceError
        With file and line, for what is no UTF-8 or no JSON.
    """
    if not path.is_file():
        raise StanceError(f"{path}: no such file")
    for where, row in json_rows(path):
        if isinstance(row, Rejected):
            raise StanceError(str(row))
        yield int(where.rpartition(":")[2]), row


def agreement(gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str], units: Sequence[Hashable] | None = None) -> Agreement:
    """Macro-F1 with its bounds, accuracy, per-class figures and confusion of predicted labels.

    ``units``, as many as labels, says which of these belong together, those of one article or one sentence; each stands for itself by default.

    >>> agreement(["a", "a", "b"], ["a", "b", "b"], ["a", "b"]).confusion
    ((1, 1), (0, 1))
    """
    place = {label: index for index, label in enumerate(labels)}
    cells = np.array([place[right] * len(labels) + place[guess] for right, guess in zip(gold, predicted, strict=True)], dtype=np.int64)
    counts = np.bincount(cells, minlength=len(labels) ** 2).reshape(len(labels), len(labels))
    classes = {}
    for index, label in enumerate(labels):
        hit, found, support = counts[index, index], counts[:, index].sum(), counts[index].sum()
        precision = float(hit / found) if found else 0.0
        recall = float(hit / support) if support else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        classes[str(label)] = ClassFigures(precision, recall, f1, int(support))
    confusion = tuple(tuple(int(count) for count in row) for row in counts)
    accuracy = float(np.trace(counts) / max(1, counts.sum()))
    present: NDArray[np.bool_] = counts.sum(axis=1) > 0  # in gold
    macro = float(_macro_f1(counts[None], present)[0])
    numbered: dict[Hashable, int] = {}
    unit_of = [numbered.setdefault(unit, len(numbered)) for unit in (range(len(cells)) if units is None else units)]
    bounds = _bounds(unit_of, cells, macro, present) if len(numbered) >= FEWEST else (0.0, 1.0)
    return Agreement(tuple(map(str, labels)), macro, bounds, accuracy, classes, confusion)


def _bounds(unit_of: Sequence[int], cells: NDArray[np.int64], macro: float, present: NDArray[np.bool_]) -> tuple[float, float]:
    """Interval of macro-F1 from resamples of at least ``FEWEST`` units, each a number from 0, as ``stance.prevalence.interval`` and ``never_seen`` make them."""
    count = max(unit_of) + 1
    held = np.zeros((count, len(present) ** 2), dtype=np.int64)
    np.add.at(held, (np.array(unit_of), cells), 1)
    drawn = _macro_f1(_resampled(held).reshape(-1, len(present), len(present)), present)
    found = never_seen(interval(np.concatenate([[macro], drawn]), count), count)
    return found.low, found.high


def _resampled(held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums of units that are drawn with replacement, shape (``DRAWS``, columns), from what each holds. Units that hold the same are drawn together, which
    changes nothing but the time."""
    kinds, sizes = np.unique(held, axis=0, return_counts=True)
    return np.asarray(np.random.default_rng(SEED).multinomial(len(held), sizes / len(held), size=DRAWS) @ kinds)


def _macro_f1(counts: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Macro-F1 of each confusion, shape (n, labels, labels): the mean over the labels that are ``present``, 0 where none is."""
    hits = np.diagonal(counts, axis1=1, axis2=2)
    f1 = 2 * hits / np.maximum(1, counts.sum(axis=2) + counts.sum(axis=1))
    return np.asarray(f1[:, present].sum(axis=1) / max(1, present.sum()))


def calibration_error(probabilities: NDArray[np.float64], gold: NDArray[np.int64], bins: int = BINS) -> float:
    """Class-wise expected calibration error, 0 to 1: for each class the gap between its probability and its frequency within
    bins of equal width, weighted by the bins' sizes; the mean over classes.

    ``probabilities`` has shape (n, classes), ``gold`` holds class indices, shape (n,).
    """
    errors = []
    for index in range(probabilities.shape[1]):
        column, hit = probabilities[:, index], gold == index
        place = np.minimum((column * bins).astype(int), bins - 1)
        gaps = [abs(column[place == b].mean() - hit[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any()]
        errors.append(sum(gaps))
    return float(np.mean(errors))


def evaluate(rows: Sequence[Labelled], classifier: Classifier | None = None) -> Evaluation:
    """Score labelled sentences and compare with their gold labels.

    Raises
    ------
    StanceError
        If there is no row.
    """
    if not rows:
        raise StanceError("evaluate: got no labelled sentence")
    classifier = classifier or built_in()
    return compared(rows, classifier.classify([row.text for row in rows], previous=[row.previous for row in rows]), classifier.revision)


def compared(rows: Sequence[Labelled], scores: Sequence[SentenceScore], revision: str) -> Evaluation:
    """The figures of sentences' scores beside their gold labels."""
    probabilities = np.array([list(score.probabilities.values()) for score in scores])
    gold = np.array([FRAMES.index(row.frame) for row in rows])
    certain = np.array([score.certain for score in scores])
    hits = np.array([score.frame == row.frame for score, row in zip(scores, rows, strict=True)])
    sentences = [(row.outlet, row.article, *(row.previous if isinstance(row.previous, list | tuple) else [row.previous]), row.text) for row in rows]
    units = [(row.outlet, row.article) if row.article else sentence for row, sentence in zip(rows, sentences, strict=True)]
    voiced = [(row.voice, score.voice, unit) for row, score, unit in zip(rows, scores, units, strict=True) if row.voice is not None]
    by_language = {}
    for lang in sorted({row.lang for row in rows if row.lang}):
        found = [(row.frame, score.frame, unit) for row, score, unit in zip(rows, scores, units, strict=True) if row.lang == lang]
        right, guessed, belong = zip(*found, strict=True)
        by_language[lang] = agreement(right, guessed, FRAMES, belong)
    return Evaluation(
        sentences=len(set(sentences)),
        labels=len(rows),
        frame=agreement([row.frame for row in rows], [score.frame for score in scores], FRAMES, units),
        voice=agreement([right for right, _, _ in voiced], [guess for _, guess, _ in voiced], VOICES, [unit for *_, unit in voiced])
        if voiced
        else None,
        calibration_error=calibration_error(probabilities, gold),
        coverage=float(certain.mean()),
        certain_accuracy=float(hits[certain].mean()) if certain.any() else None,
        by_language=by_language,
        revision=revision,
    )
