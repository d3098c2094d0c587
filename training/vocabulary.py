"""Trim a Unigram tokenizer, and a backbone's embeddings with it, to the pieces that English, Serbian and Albanian need.

multilingual-e5-small spends 96 of its 118 million parameters on a vocabulary for about 100 languages. Kept here are the
special tokens, every piece that the training texts or the most frequent words of the languages are cut into, and the letters, signs
and pairs of letters, so that a word never seen still has pieces. Cyrillic is not among them: it is read in Latin script (``stance.spelling``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer

from stance.spelling import plain


def frequent_words(count: int) -> list[str]:
    """The most frequent words of English and of Serbian in Latin script, as they stand and with a capital letter, as the network reads them."""
    import wordfreq

    words = [*wordfreq.top_n_list("en", count), *wordfreq.top_n_list("sh", count)]
    return [plain(form) for word in words for form in (word, word.capitalize())]


def _plain(piece: str) -> bool:
    body = piece.lstrip("▁")
    return (len(body) <= 1 and (body < "\u0180" or not body.isalnum())) or (len(body) == 2 and body.isascii() and body.isalpha())


def kept_pieces(tokenizer: Path, texts: Iterable[str], words: Iterable[str], least: int) -> list[int]:
    """Ids of the pieces to keep, ascending: the special and the short ones, those the words are cut into, and those that the
    texts are cut into at least ``least`` times.
    """
    model = json.loads(tokenizer.read_text(encoding="utf-8"))
    fast = Tokenizer.from_file(str(tokenizer))

    def counted(items: Iterable[str]) -> Counter[int]:
        return Counter(index for encoding in fast.encode_batch(list(items), add_special_tokens=False) for index in encoding.ids)

    in_texts, in_words = counted(texts), counted(words)
    special = {token["id"] for token in model["added_tokens"]}
    return [
        index
        for index, (piece, _) in enumerate(model["model"]["vocab"])
        if index in special or index in in_words or in_texts[index] >= least or _plain(piece)
    ]


def trim_tokenizer(source: Path, target: Path, kept: list[int]) -> None:
    """Write a tokenizer.json that knows only the ``kept`` pieces, renumbered in order."""
    model = json.loads(source.read_text(encoding="utf-8"))
    renumbered = {old: new for new, old in enumerate(kept)}
    model["model"]["vocab"] = [model["model"]["vocab"][index] for index in kept]
    model["model"]["unk_id"] = renumbered[model["model"]["unk_id"]]
    model["added_tokens"] = [token | {"id": renumbered[token["id"]]} for token in model["added_tokens"]]
    for special in model["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [renumbered[index] for index in special["ids"]]
    for ends in ("sep", "cls"):
        if ends in model["post_processor"]:
            token, index = model["post_processor"][ends]
            model["post_processor"][ends] = [token, renumbered[index]]
    for part in ("truncation", "padding"):
        model[part] = None
    target.write_text(json.dumps(model, ensure_ascii=False), encoding="utf-8")
