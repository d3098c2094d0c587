from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from fabricated import NASTY, fabricated

import stance
from stance import Article, Comparison
from stance.artifacts import BUILT_IN
from stance.figures import Interval
from stance.labels import Estimator
from stance.report import ESTIMATED, TEMPLATES, _beside, validation
from stance.summary import number, percent, printable

for needed in ("altair", "jinja2", "vl_convert"):
    pytest.importorskip(needed)

COMMAND = "stance report 'a <b>.jsonl' -o report.html"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return fabricated()


def test_of_two_outlets_each_stands_beside_the_other(comparison: Comparison) -> None:
    pair = next(pair for pair in comparison.pairs if pair.lean.low > 0)
    found = _beside(replace(comparison, pairs=(pair,), pooled=()))
    assert found[pair.first] == pair
    assert found[pair.second].lean == Interval(-pair.lean.value, -pair.lean.high, -pair.lean.low)


def test_page_says_what_intervals_of_camps_leave_out_and_which_p_is_across_languages(comparison: Comparison, page: str) -> None:
    assert "reflect the sampling of articles only" in page
    assert "different languages (*)" not in page
    across = stance.render(replace(comparison, pairs=tuple(replace(pair, across=True) for pair in comparison.pairs)))
    assert "different languages (*)" in across


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return stance.render(comparison, command=COMMAND)


class Reader(HTMLParser):
    """Every tag is closed in turn; keeps tags, attributes, and the text of each table's cells by caption."""

    VOID: ClassVar = {"meta", "br", "link", "img", "input"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.caption = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "caption":
            self.caption = ""
        if tag == "tr":
            self.tables.setdefault(self.caption, []).append([])
        if tag in ("td", "th"):
            self.tables[self.caption][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "caption" in self.open:
            self.caption += data
        elif "td" in self.open or ("th" in self.open and "tr" in self.open):
            self.tables[self.caption][-1][-1] += data


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def test_the_page_is_well_formed_and_complete_in_itself(page: str, read: Reader) -> None:
    assert page.startswith("<!doctype html>")
    assert read.open == []
    assert read.tags.count("script") == read.tags.count("style") == 1
    assert not {"link", "iframe", "img", "object", "base"} & set(read.tags)
    assert not re.search(r"@import|url\(", page)
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    assert {value[1:] for tag, name, value in read.attributes if tag == "a" and name == "href" and value.startswith("#")} <= set(ids)


def test_everything_from_outside_is_escaped(page: str, read: Reader) -> None:
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;Co.&#34; =1+1" in page
    assert "<b>Title" not in page
    assert "&lt;b&gt;Title" in page
    assert "<em>" not in page
    assert "\u2028" not in page
    assert "stance report &#39;a &lt;b&gt;.jsonl&#39; -o report.html" in page
    assert not [value for _, name, value in read.attributes if name.startswith("on") or name == "style"]


def test_links_lead_to_the_web_only(page: str, read: Reader) -> None:
    assert "javascript:" not in page
    links = {value for tag, name, value in read.attributes if tag == "a" and name == "href"}
    assert {value for value in links if not value.startswith("#")} == {"https://example.org/?a=1&b=2", "https://example.org/?a=1&b=<2>"}


def test_the_policy_allows_this_script_and_style_and_no_request(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;")
    for tag in ("script", "style"):
        content = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert content
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1]


def test_tables_hold_the_record_values(comparison: Comparison, read: Reader) -> None:
    glance = read.tables["Outlets at a glance: lean with its 95 % interval, in all sentences"]
    by_name = {row[0]: row for row in glance}
    for row in comparison.outlets:
        cells = by_name[printable(row.outlet) + " (too few to rank)" * row.all.too_few]
        lean = row.all.lean
        assert cells[1:4] == [f"{row.all.articles:,}", f"{row.all.sentences:,}", f"{number(lean.value)} {number(lean.low)} to {number(lean.high)}"]
    _, *pairs = read.tables["Lean of the first outlet minus that of the second, surest differences first"]
    expected = {
        (printable(one.first), printable(one.second), "differ" if one.adjusted <= 0.05 else "cannot be told apart") for one in comparison.pairs
    }
    assert {(row[0], row[1], row[-1]) for row in pairs} == expected
    shares = read.tables["Share of each frame by outlet and voice, with 95 % intervals"]
    own = comparison.outlets[1].own
    assert own
    cells = next(row for row in shares if row[:2] == [comparison.outlets[1].outlet, "own voice"])
    order = [shares[0].index(str(frame)) for frame in own.shares]
    assert [cells[at].split(" ")[0] for at in order] == [percent(share.value) for share in own.shares.values()]


def test_every_chart_has_a_text_and_a_table(page: str, read: Reader) -> None:
    labels = [value for tag, name, value in read.attributes if tag == "div" and name == "aria-label" and "same figures" in value]
    assert len(labels) == 12  # six charts, each wide and narrow
    assert read.tags.count("svg") == 12
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        assert "<svg" not in section or "<details><summary>Table" in section


def test_methods_say_what_it_rests_on(comparison: Comparison, page: str) -> None:
    methods = page[page.index('id="methods"') :]
    for text in (comparison.revision, comparison.data, comparison.first_date, comparison.last_date, str(comparison.estimator)):
        assert text in methods
    assert "no simulation of the comparison comes with" in methods
    assert set(ESTIMATED) == set(Estimator)


def test_estimators_are_listed_where_they_contradict(comparison: Comparison, read: Reader) -> None:
    _, *rows = read.tables["Shares by every estimator, where they contradict each other"]
    assert [(row[0], row[1], row[2]) for row in rows] == [(printable(NASTY), "attributed", estimator) for estimator in ("expected", "counted")]


def test_validation_is_quoted_for_its_own_revision_only(comparison: Comparison) -> None:
    assert validation("another") == []
    revision = stance.Classifier.load(BUILT_IN).revision
    rows = validation(revision)
    assert rows
    text = stance.render(replace(comparison, revision=revision))
    assert all(f"{row['share_error']:.3f}" in text and row["design"] in text for row in rows)


def test_same_comparison_same_bytes(comparison: Comparison, page: str) -> None:
    assert stance.render(comparison, command=COMMAND) == page


def test_what_is_missing_leaves_no_empty_section(comparison: Comparison) -> None:
    rows = tuple(replace(row, attributed=None, camps={}, wire=0.0) for row in comparison.outlets[:1])
    bare = replace(comparison, outlets=rows, pairs=(), pooled=(), events=(), wire=(), periods=(), shown=(), evidence=(), first_date="", last_date="")
    page = stance.render(bare)
    Reader(page)
    for name in ("speakers", "differences", "events", "time", "similarity", "wire"):
        assert f'id="{name}"' not in page
        assert f'href="#{name}"' not in page
    assert "One outlet alone" in page
    assert "no dates given" in page


def test_the_script_is_that_of_the_template(page: str) -> None:
    assert (TEMPLATES / "report.js").read_text(encoding="utf-8") in page


def test_from_articles_to_page() -> None:
    articles = [Article("The envoy met both leaders on Monday.", outlet) for outlet in ("A", "B")]
    assert stance.render(stance.compare(articles)) == stance.render(stance.compare(articles))
