"""What a comparison says, in plain words: who differs, who cannot be told apart, and what to beware of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from stance.figures import Comparison, Difference, Figures, Interval, OutletFigures
from stance.labels import FRAMES, Estimator
from stance.records import signed

UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
VOICES: Final = ("own voice", "attributed")
LEVEL: Final = 0.05
"""Differences whose adjusted p is below this, and whose interval leaves out 0, are called differences."""

BOUNDED: Final = 5
"""Over fewer articles an interval has no bounds; the estimate stands without one."""

NAMED: Final = 6
"""At most so many outlets are named in one sentence; the rest are counted."""

UNSURE: Final = 0.5
"""A greater share of abstentions is worth a word of caution."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Plain sentences: ``headline`` in one, ``findings`` and ``cautions`` in order of weight; unescaped text."""

    headline: str
    findings: tuple[str, ...]
    cautions: tuple[str, ...]


def ranked(outlets: Iterable[OutletFigures]) -> list[OutletFigures]:
    """From the most pro-Belgrade lean down; outlets with too few articles come last, by name."""
    return sorted(outlets, key=lambda row: (row.all.too_few, 0.0 if row.all.too_few else -row.all.lean.value, row.outlet))


def voices(outlet: OutletFigures) -> list[tuple[str, Figures]]:
    """The outlet's figures in either voice, where it has any, with the voice's name."""
    return [(name, one) for name, one in zip(VOICES, (outlet.own, outlet.attributed), strict=True) if one]


def contested(outlet: OutletFigures) -> list[str]:
    """In which of its figures, ``all`` and the voices, the ways of estimating an outlet's shares contradict each other."""
    return [name for name, one in (("all", outlet.all), *voices(outlet)) if one.disagree]


def pooled_lean(comparison: Comparison) -> float:
    """Lean of all sentences together: the mean of the outlets' leans, weighted by sentences."""
    return sum(row.all.lean.value * row.all.sentences for row in comparison.outlets) / sum(row.all.sentences for row in comparison.outlets)


def distance(first: OutletFigures, second: OutletFigures) -> float:
    """Total variation distance of two outlets' shares, 0 to 1: the share of sentences whose frame would have to change."""
    return sum(abs(first.all.shares[frame].value - second.all.shares[frame].value) for frame in FRAMES) / 2


def number(value: float) -> str:
    """A lean as it is printed: two decimals, a sign, a true minus.

    >>> number(-0.25)
    '−0.25'
    """
    return signed(value).replace("-", "\N{MINUS SIGN}")


def percent(share: float) -> str:
    """A share in whole percent, on one line.

    >>> percent(0.074)
    '7\\xa0%'
    """
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def interval_text(interval: Interval, articles: int = BOUNDED) -> str:
    """An estimate and its bounds in one line.

    >>> interval_text(Interval(0.1, -0.05, 0.25))
    '+0.10 [−0.05, +0.25]'
    >>> interval_text(Interval(0.1, -1, 1), articles=2)
    '+0.10 [too few articles]'
    """
    bounds = f"{number(interval.low)}, {number(interval.high)}" if articles >= BOUNDED else "too few articles"
    return f"{number(interval.value)} [{bounds}]"


def differs(difference: Difference) -> bool:
    """Whether the two can be told apart: by the test, corrected for many comparisons, and by the interval of the corrected leans.

    >>> differs(Difference("A", "B", Interval(0.2, 0.1, 0.3), 0.01, 0.02, 0.1))
    True
    >>> differs(Difference("A", "B", Interval(0.2, -0.1, 0.5), 0.01, 0.02, 0.4))
    False
    """
    return difference.adjusted < LEVEL and not difference.lean.low <= 0 <= difference.lean.high


def printable(text: str) -> str:
    """The text without what a page cannot show: control characters, line separators, marks that turn
    the direction of writing and lone surrogates become spaces.

    >>> printable("a\\x00b\\u2028c")
    'a b c'
    """
    return UNPRINTABLE.sub(" ", text)


def summarize(comparison: Comparison) -> Summary:
    """The comparison in plain sentences."""
    return Summary(_headline(comparison), tuple(_findings(comparison)), tuple(_cautions(comparison)))


def _headline(comparison: Comparison) -> str:
    able = [row for row in comparison.outlets if not row.all.too_few]
    if len(comparison.outlets) < 2:
        return "One outlet alone: there is nothing to compare it with."
    if len(able) < 2 or not comparison.pairs:
        return "Too few articles to compare these outlets: the figures are shown, but no ranking can be defended."
    return _pairwise(comparison, len(able))


def _pairwise(comparison: Comparison, count: int) -> str:
    found, total = sum(differs(pair) for pair in comparison.pairs), len(comparison.pairs)
    alone = [pair.first for pair in comparison.pooled if differs(pair)]
    if not found and alone:
        return f"No two of these {count} outlets can be told apart by their lean; {_listed(alone)} differ{'s' * (len(alone) == 1)} from all others together."
    if not found:
        return f"This sample cannot tell these {count} outlets apart by their lean."
    if total == 1:
        return "The two outlets differ in lean."
    if found == total:
        return f"All {count} outlets differ from each other in lean."
    return f"Of the {total} pairs that {count} outlets make, {found} differ{'s' * (found == 1)} in lean; {total - found} cannot be told apart."


def _findings(comparison: Comparison) -> Iterable[str]:
    able = [row for row in ranked(comparison.outlets) if not row.all.too_few]
    leans = [(row.all.lean, f"{row.outlet} {interval_text(row.all.lean)}" + " (contested, see below)" * row.all.disagree) for row in able]
    sides = {
        "Toward Belgrade's case": [name for lean, name in leans if lean.low > 0],
        "Toward Pristina's case": [name for lean, name in leans if lean.high < 0],
        "No lean that this sample can tell from zero": [name for lean, name in leans if lean.low <= 0 <= lean.high],
    }
    for side, found in sides.items():
        if found:
            yield f"{side}: {_listed(found, '; ')}."
    apart = sorted((pair for pair in comparison.pairs if differs(pair)), key=lambda pair: (-abs(pair.lean.value), pair.first, pair.second))
    alike = [pair for pair in comparison.pairs if not differs(pair)]
    if apart:
        widest = apart[0]
        high, low = (widest.first, widest.second) if widest.lean.value > 0 else (widest.second, widest.first)
        bounds = sorted(abs(end) for end in (widest.lean.low, widest.lean.high))
        yield (
            f"The widest gap is between {high} and {low}: {abs(widest.lean.value):.2f}, "
            f"95 % interval {bounds[0]:.2f} to {bounds[1]:.2f}, adjusted {p_text(widest.adjusted)}."
        )
    if alike:
        names = _listed([f"{pair.first} and {pair.second}" for pair in alike], "; ", most=4)
        detectable = median(pair.detectable for pair in alike)
        yield f"Cannot be told apart: {names}. Samples of this size would find a difference of about {detectable:.2f} in four of five cases, before the adjustment for several comparisons."
    yield from _voice_gaps(able)


def _voice_gaps(outlets: Sequence[OutletFigures]) -> Iterable[str]:
    for row in outlets:
        own, attributed = row.own, row.attributed
        if not own or not attributed or own.too_few or attributed.too_few:
            continue
        if own.lean.high < attributed.lean.low or attributed.lean.high < own.lean.low:
            yield (
                f"{row.outlet} quotes another lean than it writes: own voice {interval_text(own.lean)}, attributed {interval_text(attributed.lean)}."
            )


def _cautions(comparison: Comparison) -> Iterable[str]:
    few = [row.outlet for row in comparison.outlets if row.all.too_few]
    if few:
        yield f"Too few articles or sentences to rank: {_listed(few)}."
    disagree = [f"{row.outlet} ({', '.join(found)})" for row in comparison.outlets if (found := contested(row))]
    if disagree:
        yield f"Contested, as the ways of estimating shares contradict each other: {_listed(disagree)}. Read the evidence before quoting a figure."
    if gold := [f"{row.outlet} ({name})" for row in comparison.outlets for name, one in voices(row) if one.labelled and not _powered(one)]:
        yield f"Gold labels in fewer than five articles, too few for shares of their own (prediction-powered): {_listed(gold)}."
    narrow = [f"{row.outlet} ({name})" for row in comparison.outlets for name, one in (("all", row.all), *voices(row)) if _pointlike(one)]
    if narrow:
        yield f"An interval without width, as of {_listed(narrow)}, means that resampling found no other value, not that the lean is known exactly."
    unsure = [f"{row.outlet} ({percent(row.abstained)})" for row in comparison.outlets if row.abstained > UNSURE]
    if unsure:
        yield f"The model is unsure of more than half of the sentences of {_listed(unsure)}. Not knowing is not the same as neutral."
    if any(pair.across for pair in comparison.pairs):
        yield "Some of these outlets write in different languages. The model makes other errors in each, and is corrected for it only as far as its errors are known."
    if comparison.empty:
        yield f"{comparison.empty} of {comparison.articles} articles held no sentence and are left out."
    if comparison.repeated:
        yield f"{comparison.repeated} of {comparison.articles} articles repeat another of their outlet word for word and are left out."


def _powered(figures: Figures) -> bool:
    return Estimator.PREDICTION_POWERED in figures.estimates


def _pointlike(figures: Figures) -> bool:
    return figures.articles >= BOUNDED and figures.lean.high - figures.lean.low < 0.005


def p_text(p: float) -> str:
    """A p-value as it is quoted.

    >>> p_text(0.0004), p_text(0.0449)
    ('p < 0.001', 'p = 0.045')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def _listed(names: Sequence[str], separator: str = ", ", most: int = NAMED) -> str:
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"and {len(names) - most} more")
    return separator.join(shown)
