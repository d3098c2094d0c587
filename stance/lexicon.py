"""How speech is reported in each language: the words of ``speech.toml``, ready to be asked for."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from stance.gazetteer import ENDINGS, bare, stem_of
from stance.labels import Camp

PATH = Path(__file__).with_name("speech.toml")

CLOSED = ("determiners", "prepositions", "pronouns", "relatives", "conjunctions", "light", "stop", "joins", "places")
"""Groups of words that no name or role holds."""

OPEN = ("indefinite", "held", "owners", "opening", "by", "impersonal", "reflexive", "media", "owning")


class Lexicon:
    """Words of one language from ``speech.toml``: ``weight`` by verb form (3 plain speech, 2 speech acts, 1 views), and sets of words."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.weight: dict[str, int] = {}
        for weight, group in ((1, "views"), (2, "acts"), (3, "said")):
            for form in row[group].split():
                endings = row["endings"] if form.endswith("+") else [""]
                self.weight |= {form.rstrip("+") + ending: weight for ending in endings}
        self.words = {name: frozenset(row[name].split()) for name in CLOSED + OPEN}
        self.according: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in row["according"]:
            self.according[phrase.split()[0]].append(tuple(phrase.split()))
        self.closed = frozenset(self.according).union(*(self.words[name] for name in CLOSED))
        self.passive = frozenset(row["passive"])
        self.documents = frozenset(stem_of(word) for word in row["documents"].split())
        self.offices = frozenset(stem_of(word) for word in row["offices"].split())
        self.homes = {stem_of(word): Camp(camp) for camp, group in row["homes"].items() for word in group.split()}
        self.posts = {stem_of(word): post for post, group in row["posts"].items() for word in group.split()}
        self._roles = frozenset(stem_of(bare(role)) for role in row["roles"].split())

    def post(self, words: Sequence[str]) -> str:
        """The post that a role's plain words name, as offices in the gazetteer write it; empty for none."""
        named = [self.posts[role] for role in map(self.role, words) if role in self.posts]
        return "prime minister" if "prime" in words else next(iter(named), "")

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - one lexicon a language, kept for good
    def role(self, word: str) -> str:
        """The stem of the role that a plain word is in any case form, or with a prefix (``ex-minister``); empty for none."""
        word = word.rpartition("-")[2]
        if word.endswith("ima"):  # Serbian dative plural: to whom something is said
            return ""
        if word.endswith("ies") and (stem := stem_of(word[:-3] + "y")) in self._roles:
            return stem
        cuts = (cut for cut in range(min(6, len(word) - 1)) if word[len(word) - cut :] in ENDINGS)
        return next((word[: len(word) - cut] for cut in cuts if word[: len(word) - cut] in self._roles), "")


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Lexicon]:
    """The lexicon of each language, read once."""
    return {lang: Lexicon(row) for lang, row in tomllib.loads(PATH.read_text(encoding="utf-8")).items()}
