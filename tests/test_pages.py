from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from stance import Article, StanceError
from stance.corpus import Rejected, read_articles
from stance.pages import is_html, read_page
from stance.text import split

pytest.importorskip("trafilatura")

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="{charset}"><title>{title} | Dnevnik</title>
<meta property="article:published_time" content="2023-05-30T10:00:00+02:00"><script>var x = "Not. A. Sentence.";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/v">News of the whole world.</a></li></ul></nav>
<article><h1>{title}</h1><p class="byline">A. B.</p><figure><img src="x.jpg"><figcaption>{caption}</figcaption></figure>{body}</article>
<aside><h3>{more}</h3><ul><li><a href="/z">{teaser}</a></li></ul></aside>
<div class="comments"><p>{teaser}</p></div><footer>© 2023. {teaser}</footer></body></html>"""

ENGLISH = {
    "lang": "en",
    "title": "Bridge in Mitrovica closed until further notice",
    "caption": "The bridge on Wednesday. Photo: Agency",
    "more": "You may also like",
    "teaser": "The local club won the derby in the last minute.",
}
SERBIAN = {
    "lang": "sr",
    "title": "Most u Mitrovici zatvoren do daljeg",
    "caption": "Most u sredu. Foto: Agencija",
    "more": "Najčitanije",
    "teaser": "Zvezda je pobedila u derbiju u poslednjem minutu.",
}
BODIES = {
    "en": [
        "Police closed the bridge on Wednesday. Nobody knows until when.",
        "“We stay,” the mayor of the northern part said. “We were born here.”",
        "Talks go on in Brussels on Friday, when the envoys of both sides are due back at the table.",
    ],
    "sr": [
        "Policija je u sredu zatvorila most. Niko ne zna do kada će tako ostati.",
        "„Ostajemo“, kaže predsednik opštine na severu. „Ovde smo rođeni.“",
        "Razgovori se nastavljaju u petak u Briselu, kada se za sto vraćaju izaslanici obe strane.",
    ],
}
WORDS = {"en": ENGLISH, "sr": SERBIAN}


def page(lang: str, charset: str = "utf-8") -> str:
    return PAGE.format(**WORDS[lang], charset=charset, body="".join(f"<p>{paragraph}</p>" for paragraph in BODIES[lang]))


@pytest.mark.parametrize("lang", ["en", "sr"])
def test_only_the_article_is_read(lang: str) -> None:
    found = read_page(page(lang))
    assert found is not None
    assert (found.title, found.date) == (WORDS[lang]["title"], "2023-05-30")
    sentences = [found.text[start:end] for start, end in split(found.text)]
    assert " ".join(sentences) == " ".join([WORDS[lang]["title"], *BODIES[lang]])
    assert len(sentences) == 6


def test_bytes_are_decoded_as_the_page_says() -> None:
    assert read_page(page("sr", "windows-1250").encode("cp1250")) == read_page(page("sr"))


def test_no_article() -> None:
    for html in ("", b"", "<html></html>", "<p>", b"\x00\xff" * 100, "no tags at all"):
        assert read_page(html) is None


def test_a_list_is_part_of_the_article() -> None:
    body = "<p>The envoys ask for three things before they come back:</p><ul><li>an open bridge for all,</li><li>new mayors in the north</li></ul>"
    html = PAGE.format(**ENGLISH, charset="utf-8", body="".join(f"<p>{paragraph}</p>" for paragraph in BODIES["en"]) + body)
    found = read_page(html)
    assert found is not None
    assert [found.text[start:end] for start, end in split(found.text)][-2:] == ["- an open bridge for all,", "- new mayors in the north"]


@pytest.mark.parametrize(
    ("start", "html"), [(b"\xef\xbb\xbf<html>", True), ("<?xml version='1.0'?>", True), ("Html is a language.", False), (b"", False)]
)
def test_html_is_known_by_its_start(start: str | bytes, html: bool) -> None:
    assert is_html(start) is html


def test_files_folders_and_columns(tmp_path: Path) -> None:
    (tmp_path / "north.html").write_text(page("en"), encoding="utf-8")
    (tmp_path / "sever.HTM").write_bytes(page("sr", "windows-1250").encode("cp1250"))
    (tmp_path / "plain.txt").write_text("One. Two.", encoding="utf-8")
    (tmp_path / "empty.html").write_text("<html></html>", encoding="utf-8")
    (tmp_path / "outlets.csv").write_text(
        "file,outlet,date\nnorth.html,Daily,2023-06-01\nplain.txt,plain\nsever.HTM,sever\nempty.html,none\n", encoding="utf-8"
    )
    records = {record.outlet if isinstance(record, Article) else str(record): record for record in read_articles(tmp_path)}
    assert sorted(records) == ["Daily", "empty.html: no article was found in the HTML", "plain", "sever"]
    daily = records["Daily"]
    assert isinstance(daily, Article)
    assert (daily.date, daily.title) == ("2023-06-01", ENGLISH["title"])
    assert next(iter(read_articles(tmp_path / "sever.HTM"))) == records["sever"]

    rows = tmp_path / "rows.csv"
    source = page("en").replace('"', '""')
    rows.write_text(f'html,outlet,title\n"{source}",Weekly,\n"<p>",Weekly,\n', encoding="utf-8")
    article, rejected = read_articles(rows)
    assert isinstance(article, Article)
    assert (article.text, article.title, article.date) == (daily.text, daily.title, "2023-05-30")
    assert isinstance(rejected, Rejected)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "trafilatura":
            raise ImportError(name)
        return original(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(StanceError, match=r"pip install 'stance-kosovo\[html\]'"):
        read_page("<html></html>")
