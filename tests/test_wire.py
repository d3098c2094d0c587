from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.wire import SAME, copies, shingles

AGENCY = "NATO's mission in Kosovo said on Friday that it had sent more soldiers to four towns in the north after clashes with protesters"


def groups(texts: list[str]) -> list[int]:
    return [int(label) for label in copies([shingles(text) for text in texts])]


def test_copies_are_found_across_punctuation_and_a_changed_word() -> None:
    texts = [
        AGENCY + ".",
        AGENCY.replace("Friday", "Saturday") + ",",
        "The minister opened a new road near the capital and praised the workers who built it.",
        AGENCY.upper(),
    ]
    assert groups(texts) == [0, 0, -1, 0]


def test_both_serbian_scripts_are_one_copy() -> None:
    latin = "Vojska je juče saopštila da je podigla borbenu gotovost jedinica na jugu zemlje zbog napetosti"
    cyrillic = "Војска је јуче саопштила да је подигла борбену готовост јединица на југу земље због напетости"
    assert groups([latin, cyrillic]) == [0, 0]


def test_sentences_told_in_other_words_are_no_copies() -> None:
    assert groups(
        [AGENCY, "After clashes with protesters in the north, KFOR on Friday reinforced its presence in four municipalities of Kosovo."]
    ) == [-1, -1]


def test_short_sentences_are_left_alone() -> None:
    assert groups(["He gave no further details.", "He gave no further details."]) == [-1, -1]


def test_nothing() -> None:
    assert copies([]).tolist() == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sets(st.integers(0, 30), max_size=12), max_size=14))
def test_search_is_exact(sets: list[set[int]]) -> None:
    """Against every pair compared: the same connected components."""
    found = copies([np.array(sorted(row), dtype=np.uint32) for row in sets])
    names = list(range(len(sets)))
    for one, other in combinations(range(len(sets)), 2):
        union = sets[one] | sets[other]
        if union and len(sets[one] & sets[other]) / len(union) >= SAME - 1e-12:
            names = [names[one] if name == names[other] else name for name in names]
    for one, other in combinations(range(len(sets)), 2):
        assert (names[one] == names[other]) == (found[one] == found[other] >= 0)
    assert all((label >= 0) == (names.count(name) > 1) for label, name in zip(found, names, strict=True))
