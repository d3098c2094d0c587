"""The values that cross files: what goes in (``Article``) and what the classifier says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stance.labels import FRAMES, Camp, Frame, StanceError, Voice
from stance.words import words

if TYPE_CHECKING:
    from stance.scoring import Classifier

Span = tuple[int, int]
"""Half-open character offsets into the original text."""

BREAKS = "\r\n\u2028\u2029"
"""Characters that end a line, and with it a paragraph."""

Shares = Mapping[Frame, float]
"""A number from 0 to 1 for each of the four frames; they sum to 1."""


Words = tuple[tuple[int, int, float], ...]
"""(start, end, weight) of words: half-open offsets into the sentence's text, and how much of its frame's probability is lost without the word, -1 to 1."""


def lean_of(shares: Shares) -> float:
    """pro-Belgrade share minus pro-Pristina share, from -1 to 1."""
    return shares[Frame.PRO_BELGRADE] - shares[Frame.PRO_PRISTINA]


def printable(text: str) -> str:
    """Text from outside on one line of a terminal: what is no visible character, escape sequences above all, is a space; as long as before.

    >>> printable("Terror\\x1b[2J in\\nthe north")
    'Terror [2J in the north'
    """
    return "".join(character if character.isprintable() else " " for character in text)


def signed(value: float) -> str:
    """Two decimals with a sign, and no minus before zero.

    >>> signed(0.25), signed(-0.001)
    ('+0.25', '+0.00')
    """
    return f"{round(value, 2) + 0.0:+.2f}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article to compare. ``date`` is ISO 8601 as far as known, else empty, as are the other optional fields.

    ``event`` names what is reported, where the caller knows it; articles of one event are compared with each other.
    """

    text: str
    outlet: str
    title: str = ""
    date: str = ""
    url: str = ""
    id: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is given as the source of an attributed sentence.

    ``start`` and ``end`` are half-open character offsets of the name or role as written, into the same text as the
    sentence's. ``name`` is the gazetteer's name, empty where it does not know the speaker. Where a sentence names nobody ("he added", a
    quotation that runs on), the speaker is the one before, ``text`` is empty, and ``start`` and ``end`` are the sentence's start; if there is none before, only
    the camp is known. ``camp`` is the likeliest by names, roles and the classifier together.
    """

    text: str
    start: int
    end: int
    camp: Camp
    name: str = ""

    def __str__(self) -> str:
        """Name or role with the camp.

        >>> str(Speaker("Kurti", 0, 5, Camp.PRISTINA, "Albin Kurti")), str(Speaker("", 0, 0, Camp.WESTERN))
        ('Albin Kurti (Pristina)', 'somebody (Western)')
        """
        return f"{self.name or self.text or 'somebody'} ({self.camp})"


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """What the classifier says of one sentence.

    ``start`` and ``end`` are half-open character offsets: ``text == original[start:end]``. ``certain`` is false where the
    model abstains: the margin, by which the highest probability exceeds the second, is below the revision's threshold, or the sentence is longer than the model
    reads; ``frame`` is then only its best guess.
    ``speaker`` is ``None`` for the outlet's own voice, and where no speaker was found.
    """

    text: str
    start: int
    end: int
    frame: Frame
    probabilities: Shares
    certain: bool
    voice: Voice
    speaker: Speaker | None = None

    def explain(self, *, classifier: Classifier | None = None, previous: str | Sequence[str] = "") -> Explanation:
        """Which words moved the sentence to its frame: each is left out in turn, and the sentence scored again.

        A score holds no model, so give the classifier that it came from; without one, the built-in model is opened. It takes as long as
        scoring one sentence for every word.

        Parameters
        ----------
        previous
            The sentence before, or those before in their order, as they were given to ``classify``. For a sentence of an article: ``ArticleScore.explain``.

        Examples
        --------
        >>> from stance import classify
        >>> explanation = classify(["Serbian terrorists attacked the police."])[0].explain()
        >>> len(explanation.words), -1 <= explanation.top(1)[0][2] <= 1
        (5, True)
        """
        from stance.explain import explain

        return explain(self, Excerpt.after(previous, self.text), 0, classifier=classifier)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which words moved a sentence to its frame; ``words`` has every word, in order."""

    sentence: SentenceScore
    words: Words

    def top(self, count: int = 5) -> Words:
        """The words that weigh most, for the frame or against it, heaviest first."""
        return tuple(sorted(self.words, key=lambda word: -abs(word[2]))[:count])


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """What the classifier says of one article.

    ``probabilities`` is the expected share of each frame over the article's sentences, ``own`` and ``attributed`` the same
    over the sentences in either voice (``None`` where there is none). ``frame`` is ``None`` when the article cannot be told:
    no sentence, or no frame that is more probable than not (see ``stance.article``). ``lang`` is the language that it was read in, as given or
    told from the text.
    """

    frame: Frame | None
    probabilities: Shares
    lean: float
    own: Shares | None
    attributed: Shares | None
    sentences: tuple[SentenceScore, ...]
    title: str = ""
    outlet: str = ""
    lang: str = ""

    def explain(self, at: int, *, classifier: Classifier | None = None) -> Explanation:
        """Which words moved sentence ``at`` to its frame, read among its neighbours as it was scored; see ``SentenceScore.explain``.

        Raises
        ------
        StanceError
            If the article has no sentence of that number.

        Examples
        --------
        >>> from stance import score
        >>> len(score("Talks failed. Talks resume in May.").explain(1).words)
        4
        """
        from stance.explain import explain

        if not 0 <= at < len(self.sentences):
            raise StanceError(
                f"explain: got sentence {at}, needs 0 to {len(self.sentences) - 1}" if self.sentences else "explain: the article has no sentence"
            )
        excerpt = Excerpt.of([sentence.text for sentence in self.sentences], self.title)
        return explain(self.sentences[at], excerpt, at, classifier=classifier)

    def __str__(self) -> str:
        shares = "  ".join(f"{frame} {self.probabilities[frame]:.2f}" for frame in FRAMES)
        lines = [f"{self.frame or 'cannot tell'}  lean {signed(self.lean)}  ({len(self.sentences)} sentences: {shares})"]
        for sentence in self.sentences:
            mark = " " if sentence.certain else "?"
            lines.append(f"{mark} {sentence.frame:<16} {sentence.probabilities[sentence.frame]:.2f} {sentence.voice:<10} {sentence.text}")
        return "\n".join(lines)


NEAR = 3
"""Sentences before another that are read with it where several are given; on the validation split more of them did not help."""


HEAD = 3
"""First sentences of a text in which its title may stand."""


_SITE = re.compile(r"\s+[|–—-]\s+")
"""What parts a page's title from the name of its site."""


class Excerpt(NamedTuple):
    """Sentences that follow each other, and how many of them, from the end, are asked for; those before are read as context.

    It is cut into windows that the model reads at once, or is read ``whole``, as one window.
    """

    texts: tuple[str, ...]
    asked: int
    whole: bool = False

    @classmethod
    def of(cls, texts: Sequence[str], title: str = "") -> Excerpt:
        """A text, of which every sentence is asked for, after its title unless that stands in the first sentences, in either script and with or without the site's name behind it.

        >>> Excerpt.of(["Talks failed!", "Nobody came."], "Talks failed: nobody came")
        Excerpt(texts=('Talks failed!', 'Nobody came.'), asked=2, whole=False)
        >>> Excerpt.of(["Nobody came."], "Talks failed")
        Excerpt(texts=('Talks failed', 'Nobody came.'), asked=1, whole=False)
        """
        head, first = words(title), words(" ".join(texts[:HEAD]))
        shorter = [words(title[: site.start()]) for site in _SITE.finditer(title)]
        forms = [head, *(form for form in shorter if 2 * len(form) > len(head))]
        there = any(first[at : at + len(form)] == form for form in forms for at in range(len(first)))
        ahead = [title] if texts and head and not there else []
        return cls((*ahead, *texts), len(texts))

    @classmethod
    def after(cls, previous: str | Sequence[str], text: str) -> Excerpt:
        """A sentence to be read after the one before, '' for none, or after several, given in their order: the first, for the headline, and the nearest.

        >>> Excerpt.after(["Talks began.", "Talks failed."], "Nobody came.")
        Excerpt(texts=('Talks began.', 'Talks failed.', 'Nobody came.'), asked=1, whole=False)
        """
        before = [previous] if isinstance(previous, str) else [*previous[:-NEAR][:1], *previous[-NEAR:]]
        return cls((*filter(None, before), text), 1)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its gold labels; ``previous`` is the sentence before it, or those before in their order; ``voice`` is ``None`` where it was not labelled, ``outlet`` empty where it does not matter.

    ``article`` is a digest of the words of the article in which it stands (``stance.annotate.draw`` gives it), empty where the label holds wherever the outlet has the words.
    """

    text: str
    previous: str | Sequence[str]
    frame: Frame
    voice: Voice | None
    lang: str
    outlet: str = ""
    article: str = ""
