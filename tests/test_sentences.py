from __future__ import annotations

import cProfile
import json
import pstats
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.boundaries import CASES, count, read_cases
from benchmarks.reading import boundaries, own
from stance.sentences import sentences
from stance.text import paragraphs, split

LANGUAGES = ("en", "sr", "sq")
PIECES = [
    *("Mr.", "Vučić", "др", "Z.", "tzv.", "5.", "12. marta 2004. godine", "III.", "U.S.", "p.m.", "…", "...", "?!", "“", "”", "„", "»", '"', "'"),
    *(
        "(",
        ")",
        "(Reuters)",
        "[",
        "– ",
        "• ",
        "\n",
        "\r\n",
        "\n\n",
        "\u2028",
        "\xa0",
        "\t",
        " ",
        "He came.",
        "Дошао је.",
        "Erdhi.",
        "https://a.b/c?d.",
        "\x00",
    ),
    *("a.B", "Share", "Kurti: ", "Points:", "I", "iPhone", "3.5", "\ud800", "́", "ǆ", "İ"),
]


def texts(text: str, lang: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text), lang)]


def test_cases_are_well_formed() -> None:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 400
    assert all(set(row) == {"lang", "kind", "parts"} and row["lang"] in LANGUAGES for row in rows)
    assert all(part == part.lstrip() and part for row in rows for part in row["parts"])
    cases = list(read_cases())
    assert len({case.text for case in cases}) == len(cases)
    names = [case.name for case in cases]
    assert {name: names.count(name) >= 50 for name in set(names)} == dict.fromkeys(("en-Latn", "sr-Latn", "sr-Cyrl", "sq-Latn"), True)
    assert 0.4 < sum(case.half == "test" for case in cases) / len(cases) < 0.6


@pytest.mark.parametrize("half", ["development", "test"])
def test_boundaries_are_found(half: str) -> None:
    cases = [case for case in read_cases() if case.half == half]
    for name in {case.name for case in cases}:
        assert count([case for case in cases if case.name == name], own).f1 >= 0.98, name


@pytest.mark.parametrize("half", ["development", "test"])
def test_results_are_of_this_splitter(root: Path, half: str) -> None:
    results = json.loads((root / "benchmarks" / "results" / "reading.json").read_text(encoding="utf-8"))
    found = boundaries([case for case in read_cases() if case.half == half], {"stance": own})
    assert results[f"boundaries, {half}"]["stance"] == found["stance"], "run python -m benchmarks.reading"


@pytest.mark.parametrize(
    ("text", "lang", "count"),
    [
        ("Takimi u mbajt më 3 maj. Z. Kurti nuk erdhi.", "sq", 2),
        ("The general (ret.) Smith spoke. The wife of Maj. Smith did not.", "en", 2),
        ("“Who is it?” Kurti asked. “Who is it?” The door stayed shut.", "en", 3),
        ("U 2013. Kosovo je bilo tema. To je bilo u 2013. godini.", "sr", 2),
        ("“I beg you… I beg you all.”", "en", 1),
        ("1. 2. 3.", "en", 1),
        ("...", "en", 1),
    ],
)
def test_rules(text: str, lang: str, count: int) -> None:
    assert len(texts(text, lang)) == count


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.sampled_from(LANGUAGES))
def test_nothing_of_a_paragraph_is_lost(text: str, lang: str) -> None:
    covered = 0
    for start, end in sentences(text, 0, len(text), lang):
        assert covered <= start < end
        assert not text[covered:start].strip()
        assert text[start:end] == text[start:end].strip()
        covered = end
    assert not text[covered:].strip()


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
def test_sentences_hold_all_that_is_no_furniture(page: str, lang: str | None) -> None:
    kept = {at for start, end in paragraphs(page) for at in range(start, end) if not page[at].isspace()}
    found = [at for start, end in split(page, lang) for at in range(start, end) if not page[at].isspace()]
    assert set(found) <= kept
    assert [at for at in found if page[at].isalpha()] == sorted(at for at in kept if page[at].isalpha()), "only what has no letter is left out"


@given(st.integers(0, 40), st.sampled_from(LANGUAGES))
def test_a_paragraph_is_read_where_it_stands(pad: int, lang: str) -> None:
    text = "Kurti said no. Mr. Vučić said “No. Never.” (AP)"
    page = "Z. " * pad + text + " More."
    start = len("Z. ") * pad
    assert [(a - start, b - start) for a, b in sentences(page, start, start + len(text), lang)] == list(sentences(text, 0, len(text), lang))


@pytest.mark.parametrize(
    "unit",
    [
        "The envoy came on Monday. “He left… (on Tuesday).”\n\n",
        "Z. ",
        ". ",
        "...",
        '.")',
        "(a.) b ",
        "\n",
        "cookies ",
        "5. ",
        "„",
        "A.B.",
        "x\ny\n",
        "- a:\n",
    ],
)
def test_work_grows_with_length(unit: str) -> None:
    """Calls made for twice the text are at most about twice as many; and a quadratic pattern would not finish 400,000 characters."""

    def work(size: int) -> int:
        page = (unit * (size // len(unit) + 1))[:size]
        profile = cProfile.Profile()
        profile.runcall(lambda: sum(1 for _ in split(page, "en")))
        return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]

    small, large = work(20_000), work(40_000)
    assert large <= 2.2 * small + 200
    page = unit * (400_000 // len(unit))
    assert sum(1 for _ in split(page, "en")) >= 0


@pytest.mark.parametrize("reader", [split, paragraphs])
def test_any_string_is_read(reader: Callable[[str], object]) -> None:
    for text in ("", "\ud800.", "\x00" * 10, "İ." * 50, "ﬁ. ﬁ", "．。", ". " * 100, "(" * 100 + ".)" * 100):
        list(reader(text))  # type: ignore[call-overload]
