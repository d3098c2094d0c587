"""From a page as scraped to the article's sentences, with exact offsets into what was given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from stance.records import BREAKS, Span
from stance.sentences import sentences
from stance.spelling import composed

TERMINAL = re.compile(r"[.!?…][\"'”’»“)\]]*(\s*\([^()]{1,30}\))?$|[:;][\"”»]$")
"""How a line of running text ends, an agency's credit after it allowed; a caption, a menu entry, a byline does not."""

FURNITURE = re.compile(
    r"^(\d+\. )?skip to|^(share|tweet|print|comments?|subscribe|sign up|log in|follow us|find us|advertisement)\b(?! \w+ \w+ \w+ \w+)|^read (more|also|next)\b"
    r"|copy/paste|click here|\bour newsletter|cookies?\b.{0,80}\b(use|accept|consent)|all rights reserved|no time to read|what are you looking for"
    r"|(views|opinions|positions)\b.{0,60}\b(expressed|taken)\b|not necessarily (those|reflect)|publishes articles from a variety"
    r"|to suggest a correction|press ctrl|^(photo|image|foto|фото|video|izvor|извор|burimi|source)\s*[:/]|^copyright|copyright \w+$"
    r"|^(pročitajte|прочитајте|lexo|lexoni) (još|jos|i ovo|још|edhe|më shumë)|^(podeli|подели|shpërndaje)\b|sva prava zadržana",
    re.IGNORECASE,
)
LONG = 40
"""Words from which a paragraph is running text whatever phrase stands in it."""

ITEM = re.compile(r"([•·‣▪●*–—-]|\d{1,2}[.)])\s+\S")
"""How a list item begins."""

OPENED = re.compile(r"[\"“„«»–—-]")
"""How a quotation begins that the line before announces."""

TAIL = re.compile(
    r"^(you (may|might) also like|related (articles|news|stories|posts|topics)|more (from|on|in) \w+|read next|previous article|next article"
    r"|most (read|popular)|recommended|povezane vesti|повезане вести|najčitanije|preporučujemo|lajme të ngjashme|më të lexuarat|të tjera)\W*$",
    re.IGNORECASE,
)
"""A heading after which a page holds only teasers of other articles."""

CREDIT = re.compile(r"(copyright|\bAFP|\bAP|Reuters|Getty|Tanjug|EPA|Beta|Anadolu|image:|photo:|foto:)\W*[\w ./()]{0,30}$", re.IGNORECASE)
FUNCTION_WORDS = {
    "en": set("the of and to in that is was for on with by said from has".split()),
    "sr": set("je da se su na za od koji kao bi nije što iz sa će је да се су на за од који као би није што из са ће и i".split()),
    "sq": set("të e në dhe për se me është që nga një më i si ka u".split()),
}


LETTERS = {"sr": r"[Ѐ-џ]|\b[a-zčćđšž]*[čćđšž]", "sq": r"\b[a-zëç]*[ëç]"}
"""How a word, other than a name, is known to be of a language: it begins with a small letter."""


def language_of(text: str) -> str:
    """``sr`` for Cyrillic; else ``en``, ``sr`` or ``sq``, whichever's function words are the most frequent; where none occurs, by letters in words other than names, else ``en``.

    >>> [language_of(text) for text in ("ТЕРОР", "Protest večeras.", "Policia arrestoi dy serbë.", "Vučić met Françoise.")]
    ['sr', 'sr', 'sq', 'en']
    """
    start = composed(text[:5000])
    words = Counter(re.findall(r"\w+", start.lower()))
    known = {lang: sum(words[word] for word in function_words) for lang, function_words in FUNCTION_WORDS.items()}
    if 2 * len(re.findall("[Ѐ-џ]", start)) > len("".join(start.split())) or not any(known.values()):
        return next((lang for lang, letters in LETTERS.items() if re.search(letters, start)), "en")
    return max(known, key=lambda lang: known[lang])


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _lines(text: str) -> list[Span]:
    """Spans of the non-empty paragraphs: lines, or blocks between empty lines where a text is hard-wrapped."""
    lines = [_stripped(text, match.start(), match.end()) for match in re.finditer(rf"[^{BREAKS}]+", text)]
    lines = [span for span in lines if span[0] < span[1]]
    blocks = [_stripped(text, match.start(), match.end()) for match in re.finditer(r"\S.*(?:\n(?!\s*\n).*)*", text)]
    cut = sum(1 for start, end in lines if 40 <= end - start <= 120 and not TERMINAL.search(text[start:end]))
    return blocks if len(lines) >= 4 and cut >= 0.5 * len(lines) and len(blocks) <= 0.6 * len(lines) else lines


def paragraphs(text: str) -> list[Span]:
    """Spans of the article's paragraphs, headline first, without the page's furniture.

    Left out are menus, captions, bylines, share lines, disclaimers, subheadings, and teasers of other articles. A text in
    which nothing looks like running prose is returned whole, line by line.

    >>> page = "Skip to content\\nEnvoy visits both capitals this week\\nThe envoy met both leaders."
    >>> [page[start:end] for start, end in paragraphs(page)]
    ['Envoy visits both capitals this week', 'The envoy met both leaders.']
    """
    spans = _lines(text)
    lines = [composed(text[start:end]) for start, end in spans]
    tail = _tail(lines)
    spans, lines = spans[:tail], lines[:tail]
    titles = Counter(lines)
    prose = [_is_prose(lines, index, titles) for index in range(len(lines))]
    _add_lists(lines, prose)
    first = prose.index(True) if any(prose) else len(lines)
    if first == len(lines):
        kept = [span for span, line in zip(spans, lines, strict=True) if not FURNITURE.search(line)]
        return kept or spans
    headlines = (i for i in range(first) if len(lines[i].split()) >= 4 and not any(kind.search(lines[i]) for kind in (FURNITURE, CREDIT, TAIL)))
    headline = next(headlines, None)
    return [span for i, span in enumerate(spans) if prose[i] or i == headline]


def _tail(lines: list[str]) -> int:
    """The first line of the page's end, which holds only teasers: it stands behind running text, and not in the first third."""
    titles = Counter(lines)
    first = next((i for i in range(len(lines)) if _is_prose(lines, i, titles)), len(lines))
    return next((i for i in range(max(first + 1, len(lines) // 3), len(lines)) if TAIL.search(lines[i])), len(lines))


def _is_prose(lines: list[str], index: int, titles: Counter[str]) -> bool:
    line = lines[index]
    words = len(line.split())
    ended = TERMINAL.search(line) or words >= LONG  # a long paragraph that is cut off still holds whole sentences
    if not ended or (words < LONG and FURNITURE.search(line)) or not any(character.isalpha() for character in line):
        return False
    following = lines[index + 1] if index + 1 < len(lines) else ""
    caption = following.startswith(line) and CREDIT.search(following) is not None
    before = lines[index - 1] if index else ""
    teaser = titles[before] > 1 and not TERMINAL.search(before)  # the box's title stands on the page twice
    return not caption and not teaser


def _add_lists(lines: list[str], prose: list[bool]) -> None:
    """Mark list items without a full stop, and the line with a colon that announces a list or a quotation, as prose too."""
    for index, line in enumerate(lines[:-1]):
        following = lines[index + 1]
        item, words = ITEM.match(following), len(line.split())
        if line.endswith(":") and not FURNITURE.search(line) and (words >= 3 or (item and prose[index + 1])):
            prose[index] |= item is not None or (prose[index + 1] and OPENED.match(following) is not None)
        if prose[index] and item and (line.endswith(":") or ITEM.match(line)) and not FURNITURE.search(following):
            prose[index + 1] = True


def split(text: str, lang: str | None = None) -> Iterator[Span]:
    """Spans of the sentences of a page, in order; see ``paragraphs`` for what is left out.

    >>> text = "Mr. Bird met the envoy on 5 May. They spoke for an hour."
    >>> [text[start:end] for start, end in split(text)]
    ['Mr. Bird met the envoy on 5 May.', 'They spoke for an hour.']
    """
    lang = lang or language_of(text)
    for start, end in paragraphs(text):
        yield from (span for span in sentences(text, start, end, lang) if any(map(str.isalpha, text[span[0] : span[1]])))
