from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import language_of, paragraphs, split

PAGE = """Menu
Subscribe
Envoy returns to both capitals after a month of silence
By A. Writer
A protester waves a flag near the bridge. Copyright Some Agency
The envoy landed in Belgrade on Tuesday and drove to Pristina a day later.

Talks that stalled
"We are ready to talk," the minister said. "We have been for a year."
The views expressed here are those of the author.
You might also like
Another story about something else entirely that ends in a full stop.
"""


def texts(page: str, lang: str | None = None) -> list[str]:
    return [page[start:end] for start, end in split(page, lang)]


def test_furniture_is_left_out() -> None:
    assert texts(PAGE) == [
        "Envoy returns to both capitals after a month of silence",
        "The envoy landed in Belgrade on Tuesday and drove to Pristina a day later.",
        '"We are ready to talk," the minister said.',
        '"We have been for a year."',
    ]


@pytest.mark.parametrize("heading", ["Recommended", "Related articles", "You might also like", "Povezane vesti"])
def test_a_heading_of_teasers_before_the_article_cuts_nothing(heading: str) -> None:
    prose = ["The envoy met both leaders on Monday.", "Talks resume in May."]
    assert texts(f"{heading}\n{' '.join(prose)}") == prose
    assert texts(f"{heading}\n{prose[0]}\n{prose[1]}\n{heading}\nAnother story ends here.") == prose
    assert texts(f"Menu\n{heading}\nEnvoy in both capitals") == ["Menu", heading, "Envoy in both capitals"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("President A. Vučić met Mr. Smith. They spoke.", 2),
        ("Predsednik je 24. septembra 2023. godine rekao svoje. To je bilo sve.", 2),
        ("Gjen. Ristuccia foli më 5 mars. Znj. Osmani nuk iu përgjigj pyetjeve.", 2),
        ("Gđa. Petrović je otišla. Rekla je sve.", 2),
        ("Председник је говорио у 8 часова. Затим је отишао.", 2),
        ("The text refers to Resolution 1244. The document was handed over.", 2),
        ("The talks failed on May 5. The minister left for Brussels.", 2),
        ("NATO invoked Article 5. The ministers left.", 2),
        ("U.S. troops arrived at 5 p.m. on Monday. More are expected.", 2),
        ("“We waited… and waited,” he said. Nobody came.", 2),
        ("Only a headline without an end", 1),
        ("", 0),
        (" \n\t ", 0),
    ],
)
def test_boundaries(text: str, count: int) -> None:
    assert len(texts(text)) == count


@pytest.mark.parametrize(
    "line",
    [
        "Print media in Belgrade called the verdict a scandal on Monday.",
        "Comments by the president drew a reply from Pristina within the hour.",
        "Both governments refused to move, officials said on Monday. (Reuters)",
        "The envoy came on Monday. Kurti's positions on the Association were taken from the agreement, his office said, and Belgrade answered that nothing of "
        "the kind had ever been agreed in Brussels or in Ohrid. The talks failed and nobody spoke to the press after the meeting.",
        "The envoy came on Monday and left on Tuesday. Neither side would say what had been discussed, although a dozen crews had waited for them in the rain, "
        "and the only statement came late at night from Brussels, where a spokesman read out two lines and then",
    ],
)
def test_running_text_is_kept(line: str) -> None:
    assert " ".join(texts(f"Envoy returns to both capitals today\nThe envoy came.\n{line}")).endswith(line)


def test_hard_wrapped_text_is_joined() -> None:
    page = (
        "The envoy landed in Belgrade on Tuesday morning and drove to the\npalace, where the president and two of his ministers were already\n"
        "waiting for him. Nobody spoke to the press, although a dozen crews\nhad come.\n\nA second round is planned for the autumn, officials in Brussels\n"
        "said, without naming a place or a date for it, and both capitals\nhave confirmed that.\n"
    )
    assert len(texts(page)) == 3


@pytest.mark.parametrize(("text", "lang"), [("The envoy said that", "en"), ("Рекао је да се", "sr"), ("Tha se është për", "sq"), ("...", "en")])
def test_language(text: str, lang: str) -> None:
    assert language_of(text) == lang


@given(st.text(max_size=400))
def test_spans_are_exact_ordered_and_trimmed(page: str) -> None:
    last = 0
    for start, end in split(page):
        assert last <= start < end <= len(page)
        assert page[start:end] == page[start:end].strip()
        last = end


@given(
    st.lists(st.sampled_from(["The envoy came.", "No", "“Yes.", "Share", "Dr. No left.", "a\nb", "Vučić: ne!", "\n\n", "”", "1244."]), max_size=30)
)
def test_paragraphs_never_overlap(parts: list[str]) -> None:
    page = "\n".join(parts)
    assert all(a[1] <= b[0] for a, b in pairwise(paragraphs(page)))


def test_documents_hold_the_article_and_nothing_else(documents: object) -> None:
    from pathlib import Path

    found = {path.name[:3]: texts(path.read_text(encoding="utf-8")) for path in sorted(Path(str(documents)).glob("*.txt"))}
    assert {name: len(sentences) for name, sentences in found.items()} == {
        "000": 38,
        "001": 38,  # one quotation of two sentences
        "002": 18,
        "003": 46,
        "004": 37,
    }
    for sentences in found.values():
        joined = " ".join(sentences)
        for furniture in ("Skip to", "Share this", "Copyright", "Ctrl", "Mbappé", "Zelensky ‘Putin’", "Zaporizhzhia", "not necessarily"):
            assert furniture not in joined


@pytest.mark.parametrize("text", ["* * *", "\u200b", "\x00", "!!! ... 12", ""])
def test_what_has_no_letter_is_no_sentence(text: str) -> None:
    assert list(split(text)) == []
