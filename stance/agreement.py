"""Figures of one labelling beside another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Precision, recall and F1 of one label, 0 to 1, and how many gold labels it is."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures of one labelling against gold. ``confusion`` counts labels, gold in rows, predicted in columns.

    ``macro_f1`` is the mean over the labels that occur in gold, ``bounds`` its 95 % interval: percentiles of a bootstrap (Efron 1979) over units that are drawn
    whole, articles or sentences, the same labels in every resample, expanded for their number (``stance.prevalence.interval``). Over fewer than five units they are 0 and 1.
    """

    labels: tuple[str, ...]
    macro_f1: float
    bounds: tuple[float, float]
    accuracy: float
    classes: dict[str, ClassFigures]
    confusion: tuple[tuple[int, ...], ...]

    def row(self) -> dict[str, float | int]:
        """The figures over all labels by name."""
        low, high = self.bounds
        count = sum(map(sum, self.confusion))
        return {"labels": count, "macro_f1": self.macro_f1, "macro_f1_low": low, "macro_f1_high": high, "accuracy": self.accuracy}

    def __str__(self) -> str:
        low, high = self.bounds
        return f"macro-F1 {self.macro_f1:.3f} (95 % interval {low:.3f} to {high:.3f}), accuracy {self.accuracy:.3f}, labels {self.row()['labels']}"
