"""Shares of frames of one outlet by every estimator, in its own voice and in what it quotes."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from stance.correction import SPREAD, Correction, Corrections
from stance.figures import Figures, Interval
from stance.labels import FRAMES, VOICES, Estimator, Frame, Voice
from stance.powered import Labels, Tally, powered
from stance.prevalence import FEWEST, LEVEL, SEED, Floats, bound_of, expanded, interval, never_seen, ratios, resamples, student
from stance.sample import Integers, Sample

RECOMMENDED = Estimator.MAXIMUM_LIKELIHOOD
"""Nearest to the true shares in simulated outlets that write as held-out news does, of the estimators whose intervals hold the truth about as often as they
say (``benchmarks/prevalence.py``)."""

FEWEST_ARTICLES, FEWEST_SENTENCES = 10, 100
"""Below either, figures are marked as too few to rank."""

FINENESS = 10
"""Cells a unit of the root of a probability, for the likelihood: sentences whose probabilities are alike are taken together."""

BELGRADE, PRISTINA = FRAMES.index(Frame.PRO_BELGRADE), FRAMES.index(Frame.PRO_PRISTINA)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Shares of frames in resamples of an outlet's articles.

    Attributes
    ----------
    articles, sentences
        How many there are; articles without a sentence are not counted.
    totals
        Sentences in each resample, shape (draws + 1,); the first is the sample itself, here and below.
    shares
        By estimator, shape (draws + 1, 4).
    gold
        The outlet's gold labels.
    """

    articles: int
    sentences: int
    totals: Floats
    shares: Mapping[Estimator, Floats]
    gold: Tally = field(default_factory=lambda: Tally(np.zeros(len(FRAMES), dtype=np.int64), 0))

    def lean(self, estimator: Estimator) -> Floats:
        """Lean in each resample, shape (draws + 1,)."""
        return np.asarray(self.shares[estimator][:, BELGRADE] - self.shares[estimator][:, PRISTINA])


def recommended(corrections: Corrections | None) -> Estimator:
    """The estimator that shares and leans are by: without a holdout there is nothing to correct by."""
    return RECOMMENDED if corrections else Estimator.EXPECTED


def estimate(sample: Sample, rows: Integers, name: str, corrections: Corrections | None, draws: int) -> dict[Voice | None, Draws]:
    """Draws for each voice that occurs among the sentences ``rows`` of one outlet, and under ``None`` for both together.

    Sentences are corrected by language and voice, since the classifier's errors differ by both, and the estimates put together in the
    proportion of the sentences. Prediction-powered shares need no correction by language; both voices together have them from all labels where one voice has too
    few for itself.
    """
    rows = rows[sample.counted[rows]]
    units, unit_of = np.unique(sample.units[sample.articles[rows]], return_inverse=True)
    articles = len(np.unique(sample.articles[rows]))
    if articles < FEWEST:
        draws = 0  # no interval is estimated
    weights = resamples(len(units), draws, SEED + zlib.crc32(name.encode("utf-8", "surrogatepass")))
    found: dict[Voice | None, Draws] = {}
    langs = np.array([sample.entries[article].lang for article in sample.articles[rows]])
    for index, voice in enumerate(VOICES):
        inside = sample.voices[rows] == index
        parts = []
        for lang in sorted(set(langs[inside])):
            chosen = inside & (langs == lang)
            correction = corrections[lang, voice].first(draws + 1) if corrections else None
            parts.append(_draws(sample, rows[chosen], unit_of[chosen], weights, correction))
        if parts:
            spoken = _together(parts, len(np.unique(sample.articles[rows[inside]])))
            found[voice] = _powered(spoken, sample, rows[inside], unit_of[inside], weights)
    found[None] = _powered(_together(list(found.values()), articles), sample, rows, unit_of, weights)
    return found


def _powered(draws: Draws, sample: Sample, rows: Integers, units: Integers, weights: Floats) -> Draws:
    """The draws with what gold labels there are and, where they suffice and shares of its voices do not give them, prediction-powered shares."""
    labels = Labels(units, sample.probabilities[rows], sample.gold[rows])
    known = Estimator.PREDICTION_POWERED in draws.shares
    gold = None if known else powered(labels, weights)
    shares = draws.shares if gold is None else {**draws.shares, Estimator.PREDICTION_POWERED: gold}
    return replace(draws, shares=shares, gold=Tally.of(labels))


def _draws(sample: Sample, rows: Integers, units: Integers, weights: Floats, correction: Correction | None) -> Draws:
    probabilities = sample.probabilities[rows]
    count = weights.shape[1]
    counts = np.bincount(units, minlength=count).astype(float)
    hard, soft = np.zeros((count, len(FRAMES))), np.zeros((count, len(FRAMES)))
    np.add.at(hard, (units, probabilities.argmax(axis=1)), 1)
    np.add.at(soft, units, probabilities)
    expected = ratios(soft, counts, weights)
    shares = {Estimator.COUNTED: ratios(hard, counts, weights), Estimator.EXPECTED: expected}
    if correction is not None:
        cells, cell_of = _cells(probabilities)
        tallies = np.zeros((count, len(cells)))
        np.add.at(tallies, (units, cell_of), 1)
        drawn = weights @ tallies
        drawn = np.where(drawn.sum(axis=1, keepdims=True) > 0, drawn, drawn[:1])
        shares[Estimator.ADJUSTED] = correction.adjusted(expected)
        shares[Estimator.MAXIMUM_LIKELIHOOD] = correction.likeliest(cells, drawn)
    return Draws(len(np.unique(sample.articles[rows])), len(rows), weights @ counts, shares)


def _cells(probabilities: Floats) -> tuple[Floats, Integers]:
    """Mean probabilities of sentences that are alike, shape (cells, 4), and the cell of each sentence."""
    codes = np.rint(FINENESS * np.sqrt(probabilities)).astype(np.int64) @ (FINENESS + 1) ** np.arange(len(FRAMES))
    _, cell_of, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    sums = np.zeros((len(sizes), len(FRAMES)))
    np.add.at(sums, cell_of, probabilities)
    return sums / sizes[:, None], cell_of


def _together(parts: list[Draws], articles: int) -> Draws:
    totals = np.sum([part.totals for part in parts], axis=0)
    common = [estimator for estimator in Estimator if all(estimator in part.shares for part in parts)]
    shares = {
        estimator: np.sum([part.shares[estimator] * part.totals[:, None] for part in parts], axis=0) / np.maximum(totals, 1e-12)[:, None]
        for estimator in common
    }
    shares = {estimator: np.where(totals[:, None] > 0, found, found[:1]) for estimator, found in shares.items()}
    return Draws(articles, sum(part.sentences for part in parts), totals, shares)


def figures(draws: Draws, estimator: Estimator) -> Figures:
    """Shares and lean with their intervals; ``estimator`` is the one to lead with."""
    lean = interval(draws.lean(estimator), draws.articles, (-1.0, 1.0))
    size = effective(draws.shares[estimator][0], lean, draws.sentences)
    estimates = {}
    for name, shares in draws.shares.items():
        powered = name is Estimator.PREDICTION_POWERED  # known from the articles with labels, however many there are
        units, independent, seen = (draws.gold.units, draws.gold.units, draws.gold.shares) if powered else (draws.articles, size, shares[0])
        found = [interval(shares[:, index], units) for index in range(len(FRAMES))]
        estimates[name] = {frame: never_seen(one, independent, share) for frame, one, share in zip(FRAMES, found, seen.tolist(), strict=True)}
    correcting = [name for name in (Estimator.ADJUSTED, Estimator.MAXIMUM_LIKELIHOOD, Estimator.PREDICTION_POWERED) if name in draws.shares]
    return Figures(
        articles=draws.articles,
        sentences=draws.sentences,
        shares=estimates[estimator],
        lean=lean,
        too_few=draws.articles < FEWEST_ARTICLES or draws.sentences < FEWEST_SENTENCES,
        estimates=estimates,
        effective=size,
        disagree=any(
            contradict(draws.shares[estimator], draws.shares[other], draws.gold if other is Estimator.PREDICTION_POWERED else None)
            for other in correcting
            if other is not estimator
        ),
        labelled=draws.gold.total,
    )


def effective(shares: Floats, lean: Interval, sentences: int) -> float:
    """How many independent sentences, read by a person, would give an interval of the lean as wide (Kish 1965, design effect)."""
    width = (lean.high - lean.low) / (2 * student((1 + LEVEL) / 2, 10**6))
    variance = float(shares[BELGRADE] + shares[PRISTINA]) - lean.value**2
    return min(float(sentences), max(1.0, variance / width**2)) if width > 0 else float(sentences)


def contradict(one: Floats, other: Floats, gold: Tally | None = None) -> bool:
    """Whether two estimators differ by more than chance in any frame's share.

    Both are right where the classifier errs as on its holdout, so the interval of their difference, of level 95 % for the four frames
    together (Bonferroni), should hold 0; where it does not, the assumption fails (the idea of Hausman 1978, "Specification Tests
    in Econometrics"). The draws' spread is narrowed to that of a bootstrap of the holdout: the wider one of ``SPREAD`` allows for outlets on
    which the assumption fails a little, which are to be found here. Not so where ``other`` rests on ``gold`` labels, whose spread is their own, which makes this the more
    careful test; a frame that none or all of them have adds the bound of Clopper and Pearson (1934), articles its units. False where there are no draws: in outlets below
    five articles, where nothing can be told.
    """
    gaps = one - other
    if len(gaps) == 1:
        return False
    margin = np.where(np.isin(gold.counts, [0, gold.total]), bound_of(gold.units), 0.0) if gold else 0.0
    tail = expanded(1 - (1 - LEVEL) / 2 / len(FRAMES), gold.units) if gold else (1 - LEVEL) / 2 / len(FRAMES)
    low, high = gaps[0] + (np.quantile(gaps[1:], [tail, 1 - tail], axis=0) - gaps[0]) / (1 if gold else np.sqrt(SPREAD))
    return bool(((low > margin) | (high < -margin)).any())
