from __future__ import annotations

from dataclasses import replace

from fabricated import NASTY, SMALL, fabricated

from stance.figures import Difference, Interval
from stance.summary import distance, pooled_lean, printable, ranked, summarize

COMPARISON = fabricated()
SHOWN = NASTY  # the summary is text; pages escape it


def test_in_plain_words() -> None:
    """The whole summary as it stands; a change here should be a change that was meant."""
    summary = summarize(COMPARISON)
    assert summary.headline == "Of the 6 pairs that 4 outlets make, 5 differ in lean; 1 cannot be told apart."
    assert summary.findings == (
        "Toward Belgrade's case: Morava Daily +0.24 [+0.16, +0.32].",
        "Toward Pristina's case: Drini Post −0.22 [−0.29, −0.15].",
        f"No lean that this sample can tell from zero: {SHOWN} +0.03 [−0.04, +0.10]; Ledger Wire +0.00 [−0.07, +0.07].",
        "The widest gap is between Morava Daily and Drini Post: 0.46, 95 % interval 0.35 to 0.57, adjusted p = 0.002.",
        f"Cannot be told apart: {SHOWN} and Ledger Wire. Samples of this size would find a difference of about 0.15 in four of five cases, before the adjustment for several comparisons.",
        "Morava Daily quotes another lean than it writes: own voice +0.12 [+0.04, +0.20], attributed +0.43 [+0.36, +0.51].",
        "Drini Post quotes another lean than it writes: own voice −0.11 [−0.18, −0.04], attributed −0.40 [−0.47, −0.32].",
    )
    assert summary.cautions == (
        f"Too few articles or sentences to rank: {SMALL}.",
        f"Contested, as the ways of estimating shares contradict each other: {SHOWN} (attributed). Read the evidence before quoting a figure.",
        "2 of 264 articles held no sentence and are left out.",
        "3 of 264 articles repeat another of their outlet word for word and are left out.",
    )


def test_headlines() -> None:
    outlets = COMPARISON.outlets
    alike = tuple(replace(pair, adjusted=1.0) for pair in COMPARISON.pairs)
    apart = tuple(replace(pair, adjusted=0.01, lean=Interval(0.3, 0.1, 0.5)) for pair in COMPARISON.pairs)
    unsure = tuple(replace(pair, adjusted=0.01, lean=Interval(0.3, -0.1, 0.5)) for pair in COMPARISON.pairs)
    mixed = replace(COMPARISON, pooled=())
    assert summarize(replace(mixed, pairs=unsure)).headline == "This sample cannot tell these 4 outlets apart by their lean."
    one = Difference("Drini Post", "", Interval(-0.4, -0.6, -0.2), 0.001, 0.001, 0.2)
    told = "No two of these 4 outlets can be told apart by their lean; Drini Post differs from all others together."
    assert summarize(replace(mixed, pairs=unsure, pooled=(one,))).headline == told
    across = tuple(replace(pair, across=True) for pair in apart)
    assert any("different languages" in caution for caution in summarize(replace(COMPARISON, pairs=across)).cautions)
    pair = (Difference("A", "B", Interval(0.4, 0.2, 0.6), 0.001, 0.001, 0.2),)
    two = [row for row in outlets if not row.all.too_few][:2]
    few = tuple(row for row in outlets if row.all.too_few)
    assert summarize(replace(mixed, pairs=alike)).headline == "This sample cannot tell these 4 outlets apart by their lean."
    assert summarize(replace(COMPARISON, pairs=apart)).headline == "All 4 outlets differ from each other in lean."
    assert summarize(replace(COMPARISON, outlets=tuple(two), pairs=pair)).headline == "The two outlets differ in lean."
    assert summarize(replace(COMPARISON, outlets=few * 2, pairs=())).headline.startswith("Too few articles to compare")
    assert summarize(replace(COMPARISON, outlets=few, pairs=())).headline.startswith("One outlet alone")


def test_a_contested_lean_is_marked_where_it_is_told() -> None:
    first, *others = COMPARISON.outlets
    contested = replace(COMPARISON, outlets=(replace(first, all=replace(first.all, disagree=True)), *others))
    told = next(one for one in summarize(contested).findings if f"{first.outlet} " in one)
    assert "(contested, see below)" in told
    assert f"{first.outlet} (contested: all, attributed)" in str(contested)
    assert "(contested: attributed)" in str(COMPARISON), "a voice alone, too"
    assert "\ncontested: the ways" in str(COMPARISON), "and what the mark means"
    assert "contested" not in str(replace(COMPARISON, outlets=tuple(others)))


def test_labels_that_give_no_estimate_are_told() -> None:
    first, *others = COMPARISON.outlets
    assert first.own
    few = replace(first, own=replace(first.own, labelled=7))
    found = summarize(replace(COMPARISON, outlets=(few, *others))).cautions
    assert f"Gold labels in fewer than five articles, too few for shares of their own (prediction-powered): {first.outlet} (own voice)." in found


def test_many_are_counted_not_named() -> None:
    many = tuple(replace(COMPARISON.pairs[0], second=f"Outlet {number}", adjusted=1.0) for number in range(50))
    found = next(one for one in summarize(replace(COMPARISON, pairs=many)).findings if one.startswith("Cannot"))
    assert "and 46 more" in found
    assert "Outlet 4 " not in found


def test_an_interval_without_width_is_no_certainty() -> None:
    first = COMPARISON.outlets[1]
    assert first.own
    point = replace(first, own=replace(first.own, lean=Interval(0.0, 0.0, 0.0)))
    (found,) = [one for one in summarize(replace(COMPARISON, outlets=(point, *COMPARISON.outlets))).cautions if "without width" in one]
    assert "Drini Post (own voice)" in found
    assert not any("without width" in one for one in summarize(COMPARISON).cautions)


def test_too_few_are_never_ranked() -> None:
    assert ranked(COMPARISON.outlets)[-1].outlet == SMALL
    assert [row.outlet for row in ranked(COMPARISON.outlets)][:2] == ["Morava Daily", NASTY]
    assert not any(SMALL in finding for finding in summarize(COMPARISON).findings)


def test_measures() -> None:
    first, second = COMPARISON.outlets[:2]
    assert distance(first, first) == 0
    assert round(distance(first, second), 6) == 0.125  # leans 0.03 and -0.22, the difference evenly from both sides
    total = sum(row.all.sentences for row in COMPARISON.outlets)
    by_hand = sum(row.all.lean.value * row.all.sentences for row in COMPARISON.outlets) / total
    assert pooled_lean(COMPARISON) == by_hand


def test_printable_leaves_text_alone() -> None:
    text = "Zëri i Urës: “Војвода” – 5 % 🙂\n"
    assert printable(text) == text
    assert printable("a\ud800b\u202ec\x00") == "a b c "
