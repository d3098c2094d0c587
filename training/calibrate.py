"""Temperature and threshold, chosen on validation data alone, and the holdout file: ``python -m training.calibrate [FOLDER]`` writes it again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.dataset import as_excerpt, excerpts_of, load, ordered
from stance.artifacts import HOLDOUT, Holdout, find, write_holdout
from stance.labels import FRAMES, VOICES
from stance.records import SentenceScore
from stance.scoring import Classifier

Floats = NDArray[np.float64]
WANTED = 0.90
"""Accuracy that the sentences called certain should have."""
LEAST = 0.334
"""A margin from which a frame is more probable than the three others together; no threshold is lower."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperatures above 0, threshold of the margin, 0 to 1, and what the threshold gives on the same data: coverage and accuracy.

    ``accuracy`` is ``None`` where no sentence reaches the threshold.
    """

    temperature: float
    voice_temperature: float
    threshold: float
    coverage: float
    accuracy: float | None


def temperature_of(logits: Floats, gold: NDArray[np.int64]) -> float:
    """The temperature with the smallest negative log-likelihood, on a grid of 0.01 from 0.3 to 5 (Guo et al. 2017)."""
    grid = np.arange(0.3, 5.0, 0.01)

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(gold)), gold]))

    return round(float(min(grid, key=loss)), 2)


def calibrate(logits: Floats, frame_target: Floats, voice_target: Floats, wanted: float = WANTED) -> Calibration:
    """Fit temperatures, then the lowest threshold of the margin above which the wanted accuracy is reached (margin: Scheffer et al. 2001, "Active Hidden Markov
    Models for Information Extraction").

    Where no threshold reaches it, the one that comes nearest among those that keep at least a tenth of the sentences. Rows whose voice is not
    known have a voice target of zeros, and take no part in the voice's temperature.
    """
    frames, voices = (part.astype(float) for part in np.split(logits, [len(FRAMES), len(FRAMES) + len(VOICES)], axis=1)[:2])
    gold = frame_target.argmax(axis=1)
    temperature = temperature_of(frames, gold)
    powers = np.exp((frames - frames.max(axis=1, keepdims=True)) / temperature)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    *_, second, first = np.sort(probabilities, axis=1).T
    right, margin = probabilities.argmax(axis=1) == gold, first - second
    candidates = [t for t in np.arange(LEAST, 1, 0.001) if (margin >= t).mean() >= 0.1] or [LEAST]
    accuracy = {t: right[margin >= t].mean() if (margin >= t).any() else 0.0 for t in candidates}
    reached = [t for t in candidates if accuracy[t] >= wanted]
    threshold = round(float(reached[0] if reached else max(candidates, key=accuracy.__getitem__)), 3)
    sure = margin >= threshold
    known = voice_target.any(axis=1)
    voice_temperature = temperature_of(voices[known], voice_target[known].argmax(axis=1)) if known.any() else 1.0
    return Calibration(temperature, voice_temperature, threshold, float(sure.mean()), float(right[sure].mean()) if sure.any() else None)


def read_rows(classifier: Classifier, rows: Sequence[dict[str, Any]]) -> list[SentenceScore]:
    """The classifier's scores of gold rows as ``annotations.dataset.load`` gives them, each read in its excerpt."""
    said = classifier.read([as_excerpt(excerpt) for excerpt in excerpts_of(rows)])
    found = {row["id"]: score for row, score in zip(ordered(rows), said, strict=True)}
    return [found[row["id"]] for row in rows]


def holdout_of(classifier: Classifier, rows: Sequence[dict[str, Any]]) -> Holdout:
    """What the classifier says of gold rows as ``annotations.dataset.load`` gives them, each read in its excerpt, beside their labels."""
    scores = read_rows(classifier, rows)
    groups: dict[str, int] = {}
    return Holdout(
        revision=classifier.revision,
        frames=np.array([FRAMES.index(row["frame"]) for row in rows]),
        voices=np.array([VOICES.index(row["voice"]) if row["voice"] else -1 for row in rows]),
        probabilities=np.array([list(score.probabilities.values()) for score in scores]),
        spoken=np.array([VOICES.index(score.voice) for score in scores]),
        groups=np.array([groups.setdefault(row["group"], len(groups)) for row in rows]),
        langs=tuple(row["lang"] for row in rows),
        origins=tuple(row["origin"] for row in rows),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a model's holdout file from the validation split.")
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    folder = find(parser.parse_args().model)
    rows = [row for row in load("validation") if row["settled"]]
    write_holdout(folder, holdout_of(Classifier.load(folder), rows))
    print(f"wrote {folder / HOLDOUT}: {len(rows)} sentences")


if __name__ == "__main__":
    main()
