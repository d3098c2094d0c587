"""The behaviour suite: its sentences are sound, its edits do what they say, its rates count right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotations.dataset import Sentence, read
from benchmarks.behaviour import MIRROR, SWAP, TARGETS, WHOLE, Case, Row, behaves, built, run, table, written
from benchmarks.edits import EDITS, date, outlet, quotation_marks, script, spelling, typo
from stance.labels import Frame
from stance.scoring import LANGUAGES, Classifier
from stance.spelling import latin, plain

B, P, W, N = Frame


def test_written_cases() -> None:
    cases = list(written())
    counts = Counter((case.kind == SWAP, case.lang) for case in cases)
    assert counts == {(swap, lang): 20 for swap in (True, False) for lang in LANGUAGES}
    texts = [text for case in cases for text in (case.text, case.edited)]
    assert len(set(texts)) == len(texts)
    for case in cases:
        assert case.kind in TARGETS
        if case.kind == SWAP:
            assert case.expected is MIRROR.get(case.frame, N)
            assert case.frame is not W
        else:
            assert case.expected is not case.frame, case.text
    assert {case.expected for case in cases if case.kind == "plain verb"} == {N}


def test_written_cases_are_not_in_the_annotations(root: Path) -> None:
    known = {plain(row.text) for row in read(Sentence, root / "annotations" / "sentences.jsonl")}
    assert len(known) > 10_000
    assert not known & {plain(text) for case in written() for text in (case.text, case.edited)}


def test_built_cases_change_the_sentence_and_cover_every_edit() -> None:
    cases = list(built())
    assert all(case.edited != case.text and case.expected is None for case in cases)
    counts = Counter((case.kind, case.lang) for case in cases)
    assert set(counts) == {(kind, lang) for kind in EDITS for lang in LANGUAGES if kind != "script" or lang == "sr"}
    assert min(counts.values()) >= 20
    assert list(built()) == cases


def test_edits() -> None:
    text = "Вучић је рекао „Косово је Србија“."
    (named,) = outlet(text, "sr")
    assert named.endswith(f": {text}")
    assert not any("a" <= letter.lower() <= "z" for letter in named), "the name is in the sentence's script"
    (dated,) = date("Kurti left.", "en")
    assert dated.endswith(" - Kurti left.")
    (mistyped,) = typo("Vučić answered Kurti.", "en")
    assert mistyped.startswith("Vučić ")
    assert mistyped.endswith(" Kurti.")
    assert sorted(mistyped) == sorted("Vučić answered Kurti.")
    assert list(typo("Kurti met Osmani.", "en")) == []
    (marked,) = quotation_marks(text, "sr")
    assert plain(marked) == plain(text)
    assert marked != text
    assert list(quotation_marks("It's not said.", "en")) == []
    assert list(spelling("Kurti u kthye.", "sq")) == []
    assert list(spelling("Vuçiqi u kthye në Prishtinë.", "sq")) == [
        "Vuçiçi u kthye në Prishtinë.",
        "Vucici u kthye në Prishtinë.",
        "Vuçiqi u kthye në Prishtine.",
    ]
    assert list(spelling(text, "sr")) == ["Vucic je rekao „Kosovo je Srbija“."]
    (other,) = script(text, "sr")
    assert other == latin(text)
    assert list(script(other, "sr")) == [text]
    assert list(script("Kurti left.", "en")) == []


@pytest.mark.parametrize(
    ("frame", "expected", "given", "right"),
    [
        (B, P, (B, P), True),
        (B, P, (P, B), True),  # wrong twice, yet mirrored
        (B, P, (B, B), False),
        (B, P, (N, N), False),  # a model that calls everything neutral mirrors nothing
        (B, P, (W, W), True),
        (N, N, (N, N), True),
        (N, N, (B, P), False),
    ],
)
def test_swap(frame: Frame, expected: Frame, given: tuple[Frame, Frame], right: bool) -> None:
    assert behaves(Case(SWAP, "en", "a", frame, "b", expected), *given) is right


def test_other_kinds() -> None:
    assert behaves(Case("doubt", "en", "a", B, "b", P), B, P)
    assert not behaves(Case("doubt", "en", "a", B, "b", P), N, P)
    assert behaves(Case("typo", "en", "a", B, "b", None), N, N)
    assert not behaves(Case("typo", "en", "a", B, "b", None), B, N)


def test_rates(remembering: Classifier) -> None:
    neutral, framed = "The envoy met both leaders on Monday.", "Kosovo police brutally beat innocent Serbs."
    assert [score.frame for score in remembering.classify([neutral, framed])] == [N, B]
    cases = [
        Case("typo", "en", neutral, N, neutral, None),
        Case("typo", "en", neutral, B, framed, None),
        Case("typo", "sr", neutral, N, neutral, None),
    ]
    assert run(remembering, cases) == [Row("typo", WHOLE, 3, 0.6667, 0.6667), Row("typo", "en", 2, 0.5, 0.5), Row("typo", "sr", 1, 1.0, 1.0)]
    rows = [Row(kind, WHOLE, 1, 0.9, 1.0) for kind in TARGETS]
    assert "| actor swap | 1 | 90.0% | 90% | - | - | - | 100% |" in table(rows)
    assert "| typo | 1 | 90.0% (missed) | 97% |" in table(rows)
