"""Outlets side by side: frame shares and leans with intervals over articles, differences, events, and what they rest on."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from stance.agreement import Agreement
from stance.corpus import checked
from stance.correction import Corrections, corrections
from stance.differences import Side, differences
from stance.estimates import BELGRADE, PRISTINA, Draws, estimate, figures, recommended
from stance.evaluation import agreement
from stance.events import events
from stance.evidence import Showcase, shown_of
from stance.figures import Comparison, Event, Interval, OutletFigures, Period, Wire
from stance.labels import CAMPS, FRAMES, VOICES, Camp, Estimator, StanceError, Voice
from stance.periods import period_of, step_of
from stance.prevalence import DRAWS, interval, ratios, resamples
from stance.records import Article, Labelled
from stance.sample import Gathering, Integers, Sample
from stance.scoring import Classifier, built_in

SHOWN = 40
"""Whole articles kept for the reader."""

WIRES = 50
"""Most sentences of agency copy that are listed, those that most outlets have first."""

PERIOD_DRAWS = 500
"""Resamples for the leans of periods and events, of which there may be many."""


def compare(
    articles: Iterable[Article],
    *,
    classifier: Classifier | None = None,
    gold: Iterable[Labelled] = (),
    shown: int = SHOWN,
    progress: bool = False,
) -> Comparison:
    """Compare how outlets frame the dispute.

    Parameters
    ----------
    articles
        Any iterable of ``Article``; it is read once and not kept, so it may be larger than memory.
    classifier
        The built-in model by default.
    gold
        Sentences labelled by people, with their outlets: a random sample of an outlet's sentences (``stance.annotate.draw``). They are found again by
        outlet and words, in the article that the row names or, where it names none, in all. They give a prediction-powered estimate of each voice, and of both together, in which five articles
        hold one.
    shown
        How many whole articles to keep for the reader, 0 or more: taken at random, as evenly from the outlets as can be.
    progress
        Show a bar on standard error.

    Raises
    ------
    StanceError
        If something else than an ``Article`` comes, an article without outlet, or gold rows that are no ``Labelled`` or give a sentence two frames; if ``shown`` is below 0.

    Warns
    -----
    UserWarning
        Of a date that is none, which is taken as not known, and of gold rows that are not found.

    Notes
    -----
    An article that its outlet has twice, with the same words, counts once. A sentence of agency copy, which several outlets have nearly word for word, counts once in each. Counting a classifier's labels is
    biased, the more the further an outlet is from the average. ``Estimator`` lists what corrects it, ``stance.correction`` how,
    and ``benchmarks/`` how well. All corrections assume that the classifier errs on a frame's sentences in an outlet as on those
    of the holdout; where an outlet writes otherwise, they are wrong, and ``disagree`` may or may not say so.

    Examples
    --------
    >>> page = "The envoy met both leaders on Monday. Talks resume in May."
    >>> [row.outlet for row in compare([Article(page, "Daily"), Article(page, "Weekly")]).outlets]
    ['Daily', 'Weekly']
    >>> compare([Article(page, "")])
    Traceback (most recent call last):
    stance.labels.StanceError: article 1 has no outlet; every article needs one
    """
    if shown < 0:
        raise StanceError(f"shown is {shown}, needs 0 or more")
    classifier = classifier or built_in()
    gathering = Gathering(_gold(gold))
    showcases: dict[str, Showcase] = {}
    total = empty = 0
    for article, score in classifier.pairs(checked(articles), progress=progress):
        total += 1
        if score.sentences:
            showcases.setdefault(article.outlet, Showcase(shown)).add(article, score, gathering.add(article, score))
        else:
            empty += 1
    sample = gathering.sample()
    if lost := gathering.lost:
        warnings.warn(
            f"{lost} of {gathering.labelled} gold rows were not found among the articles; a row is looked up by its outlet and its words, exactly one sentence as "
            "stance splits it, and where it names an article, in that alone",
            stacklevel=2,
        )
    desk = _Desk(sample, corrections(classifier.network.holdout))
    rows, sides = [], {}
    for name in desk.outlets:
        row, side = desk.outlet(name)
        rows.append(row)
        if not row.all.too_few:
            sides[name] = side
    pairs, pooled = differences(sides)
    step, periods = desk.periods()
    dates = sorted(entry.date for entry in sample.entries if entry.date)
    return Comparison(
        outlets=tuple(rows),
        evidence=tuple(item for name in sorted(showcases) for item in showcases[name].evidence(classifier.network)),
        articles=total,
        sentences=len(sample.articles),
        empty=empty,
        repeated=sample.repeated,
        first_date=dates[0] if dates else "",
        last_date=dates[-1] if dates else "",
        revision=classifier.revision,
        data=classifier.network.settings.data,
        estimator=desk.estimator,
        pairs=pairs,
        pooled=pooled,
        events=tuple(desk.events()),
        wire=desk.wire(),
        periods=periods,
        step=step,
        shown=shown_of(showcases, shown),
        agreement=_agreement(sample),
    )


def _agreement(sample: Sample) -> Agreement | None:
    """How the classifier's frames agree with gold labels."""
    known = np.flatnonzero((sample.gold >= 0) & sample.counted)
    gold, said = ([FRAMES[index] for index in found] for found in (sample.gold[known], sample.probabilities[known].argmax(axis=1)))
    return agreement(gold, said, FRAMES, sample.articles[known].tolist()) if len(known) else None


def _gold(rows: Iterable[Labelled]) -> Iterator[Labelled]:
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Labelled):
            raise StanceError(f"gold row {number} is {type(row).__name__}; needed is Labelled, as stance.evaluation.read_labelled makes of a file")
        yield row


class _Desk:
    """Works out the figures of a sample."""

    def __init__(self, sample: Sample, known: Corrections | None) -> None:
        self.sample = sample
        self.known = known
        self.estimator: Estimator = recommended(known)
        self.outlets = sample.outlets()

    def _estimate(self, name: str, rows: Integers, draws: int) -> dict[Voice | None, Draws]:
        return estimate(self.sample, rows, name, self.known, draws)

    def _rows(self, articles: Iterable[int]) -> Integers:
        """The sentences of articles."""
        bounds = [np.searchsorted(self.sample.articles, [article, article + 1]) for article in articles]
        return np.concatenate([np.arange(first, last) for first, last in bounds])

    def outlet(self, name: str) -> tuple[OutletFigures, Side]:
        """An outlet's row, and its side in comparisons."""
        sample, rows = self.sample, self._rows(self.outlets[name])
        draws = self._estimate(name, rows, DRAWS)
        parts = {voice: figures(found, self.estimator) for voice, found in draws.items()}
        row = OutletFigures(
            outlet=name,
            all=parts[None],
            own=parts.get(Voice.OWN),
            attributed=parts.get(Voice.ATTRIBUTED),
            abstained=float(1 - sample.certain[rows].mean()),
            on_topic=float(np.mean([sample.entries[article].on_topic for article in self.outlets[name]])),
            wire=float((sample.copy[rows] >= 0).mean()),
            camps=self._camps(rows),
        )
        rows = rows[sample.counted[rows]]
        _, units = np.unique(sample.articles[rows], return_inverse=True)  # articles: units of outlets of other sizes cannot be exchanged
        leans = sample.probabilities[rows, BELGRADE] - sample.probabilities[rows, PRISTINA]
        counts = np.bincount(units).astype(float)
        whole = draws[None]
        langs = frozenset(sample.entries[article].lang for article in self.outlets[name])
        return row, Side(whole.articles, whole.lean(self.estimator), whole.totals, np.bincount(units, leans).astype(float), counts, langs)

    def _camps(self, rows: Integers) -> dict[Camp, Interval]:
        sample = self.sample
        rows = rows[sample.counted[rows] & (sample.voices[rows] == VOICES.index(Voice.ATTRIBUTED))]
        if not len(rows):
            return {}
        articles = len(np.unique(sample.articles[rows]))  # the intervals cover the sample of articles, not the errors of the rules
        units, unit_of = np.unique(sample.units[sample.articles[rows]], return_inverse=True)
        sums = np.zeros((len(units), len(CAMPS)))
        np.add.at(sums, (unit_of, sample.camps[rows]), 1)
        shares = ratios(sums, sums.sum(axis=1), resamples(len(units)))
        return {camp: interval(shares[:, index], articles) for index, camp in enumerate(CAMPS)}

    def _lean(self, name: str, rows: Integers) -> tuple[Draws, Interval] | None:
        if not self.sample.counted[rows].any():
            return None
        draws = self._estimate(name, rows, PERIOD_DRAWS)[None]
        return draws, interval(draws.lean(self.estimator), draws.articles, (-1.0, 1.0))

    def periods(self) -> tuple[str, tuple[Period, ...]]:
        """Whether weeks or months, and each outlet's lean in each, by outlet and day."""
        step = step_of(entry.date for entry in self.sample.entries)
        found = []
        for name, articles in self.outlets.items():
            members: dict[str, list[int]] = defaultdict(list)
            for article in articles:
                members[period_of(self.sample.entries[article].date, step)].append(article)
            for start in sorted(set(members) - {""}):
                if lean := self._lean(name, self._rows(members[start])):
                    found.append(Period(name, start, lean[0].articles, lean[0].sentences, lean[1]))
        return step, tuple(found)

    def events(self) -> Iterator[Event]:
        """Events that several outlets report, by date; one without a name takes the title of its first article."""
        entries = self.sample.entries
        for group in events(entries):
            ordered = sorted(group, key=lambda article: (entries[article].date, entries[article].digest))
            first = entries[ordered[0]]
            dates = [entries[article].date for article in ordered if entries[article].date]
            members: dict[str, list[int]] = defaultdict(list)
            for article in sorted(group):
                members[entries[article].outlet].append(article)
            leans = {name: lean[1] for name, articles in members.items() if (lean := self._lean(name, self._rows(articles)))}
            titles = [entries[article].title for article in ordered if entries[article].title]
            counts = {name: len(articles) for name, articles in members.items()}
            yield Event(first.event or (titles or [""])[0], dates[0] if dates else "", dates[-1] if dates else "", counts, leans)

    def wire(self) -> tuple[Wire, ...]:
        """Agency copy, what most outlets have first; of several wordings the first in the alphabet."""
        sample = self.sample
        shared = np.flatnonzero(sample.copy >= 0)
        groups: dict[int, list[int]] = defaultdict(list)
        for sentence in shared:
            groups[int(sample.copy[sentence])].append(int(sentence))
        names = {group: sorted({sample.entries[sample.articles[member]].outlet for member in members}) for group, members in groups.items()}
        found = []
        for group in sorted(groups, key=lambda group: (-len(names[group]), -len(groups[group]), group))[:WIRES]:
            text, member = min((sample.text(member), member) for member in groups[group])
            frame = FRAMES[int(sample.probabilities[member].argmax())]
            found.append(Wire(text, tuple(names[group]), frame, VOICES[int(sample.voices[member])]))
        return tuple(found)
