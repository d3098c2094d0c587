"""The page in a real Chromium, from disk; skipped where playwright or Chromium is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fabricated import OUTLETS, fabricated

import stance
from stance.palette import PALETTE

for needed in ("altair", "jinja2", "vl_convert"):
    pytest.importorskip(needed)
sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

COMPARISON = fabricated()
SENTENCES = [sentence for shown in COMPARISON.shown for sentence in shown.sentences]
NAMES = sorted(OUTLETS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(stance.render(COMPARISON), encoding="utf-8")
    return path


def opened(browser: Any, path: Path, **options: Any) -> Any:
    """The page in a new window; ``requests`` and ``troubles`` fill up while it is open."""
    page = browser.new_page(**options)
    page.requests, page.troubles = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.troubles.append(message.text))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("dialog", lambda dialog: page.troubles.append(dialog.message))
    page.goto(path.as_uri())
    return page


@pytest.fixture
def page(browser: Any, path: Path) -> Iterator[Any]:
    page = opened(browser, path, viewport={"width": 1280, "height": 900})
    yield page
    assert page.troubles == []
    assert page.requests == [path.as_uri()], "the page asked for something else than itself"
    page.close()


def shown(page: Any) -> list[dict[str, str]]:
    """What the filters leave, also in articles that are folded up."""
    found: list[dict[str, str]] = page.evaluate(
        """[...document.querySelectorAll("#reading .item")].filter((one) => !one.closest("[hidden]"))
        .map((one) => ({...one.dataset, outlet: one.closest(".group").dataset.outlet, text: one.querySelector(".say").textContent}))"""
    )
    return found


def total() -> int:
    return len(SENTENCES) + len(COMPARISON.evidence)


def test_all_is_shown_at_first(page: Any) -> None:
    assert len(shown(page)) == total()
    assert page.locator("output").inner_text() == f"{total()} of {total()} sentences"


def test_filter_by_outlet(page: Any) -> None:
    page.select_option("[name=outlet]", label="Drini Post")
    expected = [shown.outlet for shown in COMPARISON.shown for _ in shown.sentences if shown.outlet == "Drini Post"]
    assert len(shown(page)) == len(expected) + sum(item.outlet == "Drini Post" for item in COMPARISON.evidence)
    assert {one["outlet"] for one in shown(page)} == {str(NAMES.index("Drini Post"))}
    assert page.locator("#evidence h3:visible bdi").all_inner_texts() == ["Drini Post"]


def test_filter_by_frame(page: Any) -> None:
    for frame in ("pro-Belgrade", "pro-Pristina", "Western-critical", "neutral"):
        page.select_option("[name=frame]", frame)
        expected = sum(one.frame == frame for one in (*SENTENCES, *COMPARISON.evidence))
        assert [one["frame"] for one in shown(page)] == [frame] * expected
        assert expected


def test_filter_by_voice(page: Any) -> None:
    for voice in ("own", "attributed"):
        page.select_option("[name=voice]", voice)
        assert [one["voice"] for one in shown(page)] == [voice] * sum(one.voice == voice for one in (*SENTENCES, *COMPARISON.evidence))


def test_filter_by_certainty(page: Any) -> None:
    certain = sum(one.certain for one in SENTENCES) + len(COMPARISON.evidence)
    page.select_option("[name=certainty]", "certain")
    assert len(shown(page)) == certain
    page.select_option("[name=certainty]", "high")
    assert len(shown(page)) == sum(one.probabilities[one.frame] >= 0.9 for one in SENTENCES) + len(COMPARISON.evidence)
    page.select_option("[name=certainty]", "abstained")
    assert len(shown(page)) == total() - certain
    assert not page.locator("#evidence").is_visible()


def test_search_reads_every_script_and_opens_articles(page: Any) -> None:
    page.fill("[name=text]", "KOSOVES")  # without the diaeresis
    assert {one["text"] for one in shown(page)} == {"Qeveria tha se institucionet e Kosovës veprojnë sipas ligjit."}
    holding = [shown for shown in COMPARISON.shown if any("Kosovës" in one.text for one in shown.sentences)]
    assert page.locator("details.article[open]").count() == len(holding)
    page.fill("[name=text]", "председник")
    assert len(shown(page)) == sum("Председник" in one.text for one in SENTENCES)
    page.fill("[name=text]", "a. <minister>")  # a speaker
    assert shown(page)
    page.fill("[name=text]", "")
    assert page.locator("details.article[open]").count() == 0


def test_filters_together_and_back(page: Any) -> None:
    page.select_option("[name=outlet]", label="Ledger Wire")
    page.select_option("[name=frame]", "pro-Pristina")
    page.select_option("[name=voice]", "attributed")
    page.fill("[name=text]", "gangs voters")
    left = shown(page)
    assert left
    assert all((one["frame"], one["voice"]) == ("pro-Pristina", "attributed") and "gangs" in one["text"] for one in left)
    page.fill("[name=text]", "nowhere to be found")
    assert page.locator("output").inner_text() == "No sentence fits these filters."
    page.click("button[type=reset]")
    page.wait_for_function(f"document.querySelector('output').textContent.startsWith('{total()} of')")
    assert len(shown(page)) == total()


def test_names_are_text(page: Any) -> None:
    assert page.locator("[name=outlet] option").all_inner_texts()[1] == "<script>alert('x')</script> & \"Co.\" =1+1"
    assert page.title() == "How outlets frame the Kosovo-Serbia dispute"


def test_figures_tell_their_values(page: Any) -> None:
    page.locator("#lean .wide path[aria-label^='Morava Daily, own']").first.hover()
    assert page.locator("#tip").inner_text() == "Morava Daily, own voice: +0.12 [+0.04, +0.20]"
    page.keyboard.press("Escape")
    assert not page.locator("#tip").is_visible()


def test_by_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.locator("#lean summary").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator("#lean details").get_attribute("open") is not None
    page.locator("details.article summary").first.focus()
    page.keyboard.press("Enter")
    who = page.locator("details.article[open] .who").first
    who.focus()
    assert page.locator("#tip").inner_text() == "A. <Minister> (Pristina)"
    bar, box = page.locator("#filters").bounding_box(), who.bounding_box()
    assert box["y"] >= bar["y"] + bar["height"], "the filters hide what has the focus"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes(browser: Any, path: Path, scheme: str) -> None:
    page = opened(browser, path, color_scheme=scheme)
    paper, ink = (PALETTE[name][scheme == "dark"] for name in ("paper", "ink"))
    as_hex = "(text) => '#' + text.match(/\\d+/g).slice(0, 3).map((one) => (+one).toString(16).padStart(2, '0')).join('')"
    assert page.evaluate(f"({as_hex})(getComputedStyle(document.body).backgroundColor)") == paper
    assert page.evaluate(f"({as_hex})(getComputedStyle(document.querySelector('#lean svg text')).fill)") == ink
    page.emulate_media(media="print")
    assert page.evaluate(f"({as_hex})(getComputedStyle(document.querySelector('#lean svg text')).fill)") == PALETTE["ink"][0]
    assert page.troubles == []
    page.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Any, path: Path) -> None:
    page = opened(browser, path, viewport={"width": 390, "height": 844})
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("#lean .narrow svg").is_visible()
    assert not page.locator("#lean .wide svg").is_visible()
    assert page.troubles == []
    page.close()


def test_without_its_script_the_page_can_be_read(browser: Any, path: Path) -> None:
    page = opened(browser, path, java_script_enabled=False)
    assert not page.locator("#filters").is_visible()
    assert page.locator("#evidence .item").count() == len(COMPARISON.evidence)
    page.locator("details.article summary").first.click()
    assert page.locator("details.article .say").first.is_visible()
    page.close()


def test_a_large_corpus_opens_at_once(browser: Any, tmp_path: Path) -> None:
    """100,000 sentences in 2,000 whole articles: what is shown is sampled, and the page says so."""
    large = fabricated(articles=400, length=50)
    text = stance.render(large)
    assert len(text.encode()) < 15_000_000
    path = tmp_path / "large.html"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "empty.html").write_text("<!doctype html><title></title>", encoding="utf-8")
    page = opened(browser, tmp_path / "empty.html")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})  # the page's own work: other load on the machine does not count
    page.goto(path.as_uri())
    spent = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}["TaskDuration"]
    assert 0 < spent < 3
    assert page.locator("#reading .item").count() <= 6_000 + len(large.evidence)
    assert "120 of 259 articles, taken at random" in page.locator("#articles").inner_text()
    assert page.troubles == []
    page.close()
