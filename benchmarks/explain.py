"""Whether the words that an explanation names matter: ``python -m benchmarks.explain`` writes ``benchmarks/results/explain.json`` (two minutes).

A deletion test ("comprehensiveness", DeYoung et al. 2020, "ERASER"): from sentences of the test split that the classifier is certain are framed, the
``WORDS`` words that weigh most for the frame are taken out together, and the fall of the frame's probability is compared with that after taking out as
many random words. Intervals are 95 % percentiles of 2,000 bootstrap samples of sentences.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.dataset import load
from stance.explain import without
from stance.labels import FRAMES, Frame
from stance.records import Excerpt, SentenceScore
from stance.scoring import Classifier

RESULTS = Path(__file__).resolve().parent / "results" / "explain.json"
WORDS = 3
DRAWS = 3
SAMPLES = 2000
Floats = NDArray[np.float64]


def chosen(classifier: Classifier, count: int) -> list[tuple[list[str], SentenceScore]]:
    """A fixed random sample of framed certain sentences of more than twice ``WORDS`` words, each with the sentences before."""
    rows = [row for row in load("test") if row["settled"] and len(row["text"].split()) > 2 * WORDS]
    order = np.random.default_rng(0).permutation(len(rows))
    found: list[tuple[list[str], SentenceScore]] = []
    for at in range(0, len(order), 100):
        part = [rows[index] for index in order[at : at + 100]]
        scores = classifier.classify([row["text"] for row in part], previous=[row["before"] for row in part])
        found += [(row["before"], score) for row, score in zip(part, scores, strict=True) if score.certain and score.frame is not Frame.NEUTRAL]
        if len(found) >= count:
            break
    return found[:count]


def falls(classifier: Classifier, pairs: list[tuple[list[str], SentenceScore]]) -> Floats:
    """How far the frame's probability falls without the top words and without random ones, shape (sentences, 2)."""
    generator = np.random.default_rng(0)
    results = []
    for before, score in pairs:
        words = score.explain(classifier=classifier, previous=before).words
        top = sorted(words, key=lambda word: -word[2])[:WORDS]
        draws = [generator.choice(len(words), size=WORDS, replace=False) for _ in range(DRAWS)]
        spans = [[word[:2] for word in top], *([words[index][:2] for index in draw] for draw in draws)]
        frames, *_ = classifier.network.probabilities([Excerpt.after(before, without(score.text, some)) for some in spans])
        column = score.probabilities[score.frame] - frames[:, FRAMES.index(score.frame)]
        results.append((column[0], column[1:].mean()))
    return np.array(results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="sentences (default 200)")
    classifier = Classifier.load()
    pairs = chosen(classifier, parser.parse_args().count)
    found = falls(classifier, pairs)
    columns = {"top words": found[:, 0], "random words": found[:, 1], "difference": found[:, 0] - found[:, 1]}
    drawn = np.random.default_rng(0).integers(len(found), size=(SAMPLES, len(found)))
    results: dict[str, object] = {"revision": classifier.revision, "sentences": len(found), "words taken out": WORDS}
    for name, values in columns.items():
        middle, (low, high) = values.mean(), np.quantile(values[drawn].mean(axis=1), (0.025, 0.975))
        results[name] = [round(float(value), 4) for value in (middle, low, high)]
    results["sentences where the top words matter more"] = round(float((columns["difference"] > 0).mean()), 4)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
