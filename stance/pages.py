"""The article of a web page in HTML, by trafilatura (Barbaresi 2021, "Trafilatura: A Web Scraping Library and Command-Line Tool")."""

from __future__ import annotations

from dataclasses import dataclass

from stance.labels import StanceError


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says: ``text`` with the headline as its first line, a paragraph a line; ``date`` as marked up, ISO 8601, else empty."""

    text: str
    title: str
    date: str


def read_page(html: str | bytes) -> Page | None:
    """The page's article, without menus, captions, teasers and comments; ``None`` where there is none.

    Bytes are decoded as the page declares. Offsets of sentences count in ``Page.text``, not in the HTML.

    Raises
    ------
    StanceError
        If the extra ``html`` is not installed.
    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise StanceError("reading HTML needs trafilatura: pip install 'stance-kosovo[html]'") from error
    # only dates that are marked up as such: a wrong date is worse than none
    dates = {"extensive_search": False, "original_date": True}
    found = bare_extraction(html, include_comments=False, include_tables=False, with_metadata=True, date_extraction_params=dates)
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        return None
    title, body = " ".join((found.title or "").split()), found.text.strip()
    text = body if not title or title in body.splitlines()[:3] else f"{title}\n{body}"
    return Page(text, title, found.date or "")


def is_html(start: str | bytes) -> bool:
    """Whether text is HTML, by how it starts.

    >>> is_html("  <!DOCTYPE html><p>Talks resume."), is_html(b"<3 from Pristina")
    (True, False)
    """
    head = start[:1000] if isinstance(start, str) else start[:1000].decode("utf-8", "ignore")
    return head.lstrip("\ufeff \t\r\n").lower().startswith(("<!doctype html", "<html", "<?xml", "<head"))
