from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import ClassVar

import pytest

import stance
from stance import Article, Comparison, Frame, Voice
from stance.figures import Evidence, Figures, Interval, OutletFigures

NASTY = "<script>alert('x')</script> & Co."


def figures(lean: float, sentences: int, articles: int = 12) -> Figures:
    shares = dict(zip(Frame, (0.2 + lean / 2, 0.2 - lean / 2, 0.1, 0.5), strict=True))
    intervals = {frame: Interval(share, share - 0.05, share + 0.05) for frame, share in shares.items()}
    return Figures(articles, sentences, intervals, Interval(lean, lean - 0.1, lean + 0.1), articles < 10)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    rows = (
        OutletFigures(NASTY, figures(0.3, 200), figures(0.2, 120), figures(0.4, 80), 0.1),
        OutletFigures("Plain", figures(-0.1, 20, 2), figures(-0.1, 20, 2), None, 0.2),
    )
    evidence = (
        Evidence(
            NASTY,
            "<b>Title</b>",
            "https://example.org/?a=1&b=2",
            "2023-05-30",
            "Brutal <police> acted.",
            Frame.PRO_BELGRADE,
            0.97,
            Voice.OWN,
            ((0, 6, 0.4), (8, 14, 0.01)),
        ),
        Evidence("Plain", "", "javascript:alert(1)", "", "Gangs paid by Belgrade.", Frame.PRO_PRISTINA, 0.9, Voice.ATTRIBUTED, ()),
    )
    return Comparison(rows, evidence, 14, 220, 1, "2023-05-30", "2023-06-02", "test-0")


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return stance.render(comparison)


class Balance(HTMLParser):
    """Every tag is closed in turn."""

    VOID: ClassVar = {"meta", "br", "link", "img", "path", "line", "rect"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_is_well_formed_and_complete_in_itself(page: str) -> None:
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    assert not {"script", "link", "iframe", "img"} & set(parser.tags)
    assert parser.tags.count("svg") == 2
    assert not re.search(r"@import|url\(\s*['\"]?http", page)


def test_everything_from_outside_is_escaped(page: str) -> None:
    assert "<script" not in page
    assert "<b>Title" not in page
    assert "javascript:" not in page
    assert "Brutal</mark> &lt;police&gt; acted." in page
    assert 'href="https://example.org/?a=1&amp;b=2"' in page


def test_the_figures_stand_in_the_page(page: str) -> None:
    assert "14 articles, 220 sentences, 2 outlets, 2023-05-30 to 2023-06-02; model revision test-0; 1 articles held no sentence" in page
    assert re.search(r"\+0\.30 <small[^>]*>\+0\.20 to \+0\.40", page)
    assert "\N{MINUS SIGN}0.10" in page
    assert "too few to rank" in page
    assert "pro-Belgrade, 97 %; own" in page


def test_same_comparison_same_bytes(comparison: Comparison, page: str) -> None:
    assert stance.render(comparison) == page


def test_from_articles_to_page() -> None:
    articles = [Article("The envoy met both leaders on Monday.", outlet) for outlet in ("A", "B")]
    assert stance.render(stance.compare(articles)) == stance.render(stance.compare(articles))
