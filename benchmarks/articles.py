"""How well whole articles are told: ``python -m benchmarks.articles`` writes ``benchmarks/results/articles.json`` (a minute).

An article is a group of at least ``LEAST`` sentences of ``annotations/`` in the validation or test split: a page that was told anew, or a composed article.
Its gold frame is ``stance.article.rule`` applied to the gold frames of its sentences: neutral where less than a fifth is framed or no side has
one and a half times the share of the next, else the most frequent side. The predicted frame is what ``stance.score`` gives for the same sentences.

``told`` is the share of articles that get a frame, ``accuracy`` the share of those that get the right one; ``accuracy of all`` counts the rest as errors of
a guess by the rule on expected shares. ``share error`` is the mean absolute difference of predicted and gold share over articles and frames, ``lean error``
that of the lean. Intervals are 95 % percentiles of 2,000 bootstrap samples of articles. ``weights`` shows, on the validation split only, what counting
the headline or the first three sentences more would do to ``accuracy of all``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.dataset import as_excerpt, excerpts_of, load
from stance.article import frame_of, rule
from stance.labels import FRAMES, Frame
from stance.records import Shares, lean_of
from stance.scoring import Classifier

RESULTS = Path(__file__).resolve().parent / "results" / "articles.json"
LEAST = 4
SAMPLES = 2000
WEIGHTS = {
    "none": (1, 1),
    "headline twice": (2, 1),
    "headline four times": (4, 1),
    "first three sentences twice": (2, 3),
    "headline half": (0.5, 1),
}
"""Weight, and for how many sentences from the start."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """One article: gold shares and predicted probabilities of its sentences, shape (sentences, 4) each, in order."""

    origin: str
    split: str
    gold: Floats
    predicted: Floats


def articles(classifier: Classifier) -> list[Told]:
    """All articles of the validation and test splits, scored."""
    groups = defaultdict(list)
    for row in load():
        if row["split"] != "train" and row["settled"] and row["origin"] in ("re-reported", "composed"):
            groups[row["group"]].append(row)
    results = []
    for rows in groups.values():
        if len(rows) < LEAST:
            continue
        rows.sort(key=lambda row: row["position"])
        scores = classifier.read([as_excerpt(excerpt) for excerpt in excerpts_of(rows)])
        gold = np.array([[row["frame"] == frame for frame in FRAMES] for row in rows], dtype=float)
        results.append(Told(rows[0]["origin"], rows[0]["split"], gold, np.array([list(score.probabilities.values()) for score in scores])))
    return results


def shares(rows: Floats, weight: float = 1, first: int = 0) -> Shares:
    """Mean over sentences, the first ones weighted."""
    weights = np.array([weight if index < first else 1 for index in range(len(rows))], dtype=float)
    return dict(zip(FRAMES, (weights @ rows / weights.sum()).tolist(), strict=True))


def figures(told: Sequence[Told]) -> dict[str, Any]:
    """The figures of some articles, those with an interval as (value, low, high)."""
    gold = [rule(shares(item.gold)) for item in told]
    found: list[Frame | None] = [frame_of(item.predicted) for item in told]
    guess = [rule(shares(item.predicted)) for item in told]
    known = np.array([frame is not None for frame in found], dtype=float)
    hits = np.array([a == b for a, b in zip(gold, found, strict=True)], dtype=float)
    guessed = np.array([a == b for a, b in zip(gold, guess, strict=True)], dtype=float)
    gaps = np.array([item.predicted.mean(axis=0) - item.gold.mean(axis=0) for item in told])
    leans = np.array([abs(lean_of(shares(item.predicted)) - lean_of(shares(item.gold))) for item in told])
    return {
        "articles": len(told),
        "gold": {str(frame): gold.count(frame) for frame in FRAMES},
        "told": interval(known, np.ones(len(told))),
        "accuracy": interval(hits, known),
        "accuracy of all": interval(guessed, np.ones(len(told))),
        "share error": interval(abs(gaps).mean(axis=1), np.ones(len(told))),
        "share bias": {str(frame): round(float(value), 4) for frame, value in zip(FRAMES, gaps.mean(axis=0), strict=True)},
        "lean error": interval(leans, np.ones(len(told))),
    }


def interval(values: Floats, weights: Floats) -> list[float]:
    """Sum of values over sum of weights, and the bounds of its 95 % interval."""
    chosen = np.random.default_rng(0).integers(len(values), size=(SAMPLES, len(values)))
    drawn = values[chosen].sum(axis=1) / np.maximum(weights[chosen].sum(axis=1), 1)
    middle = values.sum() / max(float(weights.sum()), 1)
    return [round(float(value), 4) for value in (middle, *np.quantile(drawn, (0.025, 0.975)))]


def main() -> None:
    classifier = Classifier.load()
    told = articles(classifier)
    results: dict[str, Any] = {"revision": classifier.revision}
    for origin in ("re-reported", "composed"):
        for split in ("validation", "test"):
            if chosen := [item for item in told if (item.origin, item.split) == (origin, split)]:
                results[f"{origin}, {split}"] = figures(chosen)
    results["both origins, test"] = figures([item for item in told if item.split == "test"])
    held = [item for item in told if item.split == "validation"]
    gold = [rule(shares(item.gold)) for item in held]
    results["weights"] = {
        name: round(float(np.mean([rule(shares(item.predicted, *weights)) == right for item, right in zip(held, gold, strict=True)])), 4)
        for name, weights in WEIGHTS.items()
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for name, values in results.items():
        print(f"{name}: {json.dumps(values)}")


if __name__ == "__main__":
    main()
