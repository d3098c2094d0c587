"""A comparison made up from a fixed seed, with hostile strings: what pages and tables are tested on."""

from __future__ import annotations

import random
from itertools import combinations

from stance.evaluation import agreement
from stance.figures import Comparison, Difference, Event, Evidence, Figures, Interval, OutletFigures, Period, Shown, Wire
from stance.labels import FRAMES, Camp, Estimator, Frame, Voice
from stance.records import SentenceScore, Shares, Speaker, lean_of

NASTY = "<script>alert('x')</script> & \"Co.\"\u2028=1+1"
OUTLETS = {"Morava Daily": 0.24, "Drini Post": -0.22, NASTY: 0.03, "Ledger Wire": 0.0, "The Small Gazette of Northern Mitrovica and Environs": 0.1}
SMALL = tuple(OUTLETS)[-1]
PHRASES = (
    "Police <em>brutally</em> pushed the crowd back from the town hall.",
    "The minister said that gangs paid from Belgrade had threatened voters.",
    "Brussels looked away once more, as it has for years.",
    "The talks resume on Monday in Brussels.",
    "Председник је рекао да Србија неће признати једнострано проглашену независност.",
    "Qeveria tha se institucionet e Kosovës veprojnë sipas ligjit.",
)


def _near(value: float, half: float) -> Interval:
    return Interval(value, value - half, value + half)


def _shares(lean: float) -> Shares:
    return {Frame.PRO_BELGRADE: 0.2 + lean / 2, Frame.PRO_PRISTINA: 0.2 - lean / 2, Frame.WESTERN_CRITICAL: 0.08, Frame.NEUTRAL: 0.52}


def _figures(lean: float, articles: int, sentences: int, disagree: bool = False) -> Figures:
    half = 0.6 / articles**0.5
    shares = {frame: _near(share, half / 2) for frame, share in _shares(lean).items()}
    counted = {frame: _near(share, half / 3) for frame, share in _shares(lean * (0.2 if disagree else 0.9)).items()}
    too_few = articles < 10 or sentences < 100
    estimates = {Estimator.EXPECTED: shares, Estimator.COUNTED: counted}
    return Figures(articles, sentences, shares, _near(lean, half), too_few, estimates, sentences / 3, disagree)


def _outlet(name: str, lean: float) -> OutletFigures:
    articles = 6 if name == SMALL else 64
    own = _figures(lean / 2, articles, articles * 9)
    attributed = None if name == SMALL else _figures(lean * 1.8, articles, articles * 5, disagree=name == NASTY)
    camps = dict(zip(Camp, (0.3 + lean, 0.3 - lean, 0.15, 0.05, 0.1, 0.1), strict=True))
    return OutletFigures(
        outlet=name,
        all=_figures(lean, articles, articles * 14),
        own=own,
        attributed=attributed,
        abstained=0.42,
        on_topic=0.87,
        wire=0.06,
        camps={camp: _near(share, 0.04) for camp, share in camps.items()} if attributed else {},
    )


def _sentence(chance: random.Random, start: int) -> SentenceScore:
    number = chance.randrange(len(PHRASES))
    text = PHRASES[number]
    best = FRAMES[number] if number < len(FRAMES) else chance.choice(FRAMES)
    sure = chance.choice((0.55, 0.83, 0.97))
    rest = (1 - sure) / 3
    voice = Voice.ATTRIBUTED if number in (1, 4, 5) else Voice.OWN
    said = text.find("minister")
    speaker = Speaker("minister", start + said, start + said + 8, Camp.PRISTINA, "A. <Minister>") if said >= 0 else None
    probabilities = {frame: sure if frame is best else rest for frame in FRAMES}
    return SentenceScore(text, start, start + len(text), best, probabilities, sure > 0.8, voice, speaker)


def _shown(chance: random.Random, outlet: str, number: int, length: int) -> Shown:
    sentences, start = [], 0
    for _ in range(length):
        sentences.append(_sentence(chance, start))
        start = sentences[-1].end + 1
    url = ("https://example.org/?a=1&b=<2>", "javascript:alert(1)")[number % 2]
    lean = sum(lean_of(sentence.probabilities) for sentence in sentences) / length
    return Shown(outlet, f"Article {number} </title><b>", url, f"2023-05-{1 + number % 28:02}", lean, tuple(sentences))


def _evidence(chance: random.Random, outlet: str) -> list[Evidence]:
    found = []
    for frame, text in zip(FRAMES[:3], PHRASES, strict=False):
        words = ((0, text.index(" "), 0.4), (text.rindex(" ") + 1, len(text), 0.01))
        url = "javascript:alert(1)" if frame is Frame.PRO_PRISTINA else "https://example.org/?a=1&b=2"
        voice = Voice.ATTRIBUTED if "said" in text else Voice.OWN
        speaker = Speaker("minister", 4, 12, Camp.PRISTINA) if "minister" in text else None
        found.append(Evidence(outlet, "<b>Title</b>", url, "2023-05-30", text, frame, chance.choice((0.91, 0.97)), voice, words, speaker))
    return found


def fabricated(articles: int = 3, length: int = 8) -> Comparison:
    """The comparison; ``articles`` of ``length`` sentences are kept whole for each outlet."""
    chance = random.Random(7)
    rows = tuple(_outlet(name, OUTLETS[name]) for name in sorted(OUTLETS))
    ranked = [row for row in rows if not row.all.too_few]
    pairs = []
    for first, second in combinations(ranked, 2):
        gap = first.all.lean.value - second.all.lean.value
        p = 0.0004 if abs(gap) > 0.15 else 0.2
        pairs.append(Difference(first.outlet, second.outlet, _near(gap, 0.11), p, min(1.0, 6 * p), 0.15))
    pooled = []
    for row in ranked:
        p = 0.001 if abs(row.all.lean.value) > 0.1 else 0.4
        pooled.append(Difference(row.outlet, "", _near(row.all.lean.value, 0.09), p, min(1.0, 4 * p), 0.13))
    names = [row.outlet for row in ranked]
    events = (
        Event("Clashes <in> Zvečan", "2023-05-26", "2023-06-02", dict.fromkeys(names, 7), {name: _near(OUTLETS[name], 0.2) for name in names}),
        Event("Banjska", "2023-09-24", "2023-09-29", {names[0]: 2, names[1]: 8}, {names[0]: Interval(0.2, -1, 1), names[1]: _near(-0.1, 0.15)}),
    )
    months = [f"2023-{month:02}-01" for month in range(3, 13)]
    periods = []
    for name, start in ((name, start) for name in names for start in months if (name, start) != (names[0], months[4])):
        lean = OUTLETS[name] + chance.uniform(-0.1, 0.1)
        few = start == months[2]
        periods.append(Period(name, start, 2 if few else 6, 20 if few else 60, Interval(lean, -1, 1) if few else _near(lean, 0.12)))
    wire = (
        Wire("KFOR said that <30> soldiers were hurt.", tuple(names[:3]), Frame.NEUTRAL, Voice.ATTRIBUTED),
        Wire("Gangs threatened voters.", tuple(names[1:3]), Frame.PRO_PRISTINA, Voice.OWN),
    )
    return Comparison(
        outlets=rows,
        evidence=tuple(item for row in rows for item in _evidence(chance, row.outlet)),
        articles=sum(row.all.articles for row in rows) + 2,
        sentences=sum(row.all.sentences for row in rows),
        empty=2,
        repeated=3,
        first_date="2023-03-02",
        last_date="2023-12-24",
        revision="test-0",
        data="0" * 64,
        estimator=Estimator.EXPECTED,
        pairs=tuple(pairs),
        pooled=tuple(pooled),
        events=events,
        wire=wire,
        periods=tuple(periods),
        step="month",
        shown=tuple(_shown(chance, row.outlet, number, length) for row in rows for number in range(articles)),
        agreement=agreement(["neutral"] * 6 + ["pro-Belgrade"] * 4, ["neutral"] * 7 + ["pro-Belgrade"] * 3, FRAMES),
    )
