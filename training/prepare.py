"""From gold sentences to tokenised data sets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset, DatasetDict
from tokenizers import Tokenizer

from annotations.dataset import identify, load
from stance.labels import CAMPS, FRAMES, VOICES
from stance.spelling import plain
from training.config import Config
from training.edits import OUTLETS
from training.labelled import read_labelled
from training.vocabulary import frequent_words, kept_pieces, trim_tokenizer


def rows_of(config: Config, root: Path, split: str) -> list[dict[str, Any]]:
    """Settled gold rows of a split; training rows in an order that the seed decides."""
    source = root / config.data
    found = read_labelled(source, config.labels) if source.is_file() else load(split, source)
    rows = [row for row in found if row["settled"] and row["split"] == split]
    if config.langs:
        rows = [row for row in rows if row["lang"] in config.langs]
    if split != "train":
        return rows
    rows = [row for row in rows if row["origin"] not in config.without]
    rows.sort(key=lambda row: identify(str(config.seed), row["id"]))
    return rows[: config.limit] if config.limit else rows


def vocabulary(config: Config, backbone: Path, rows: Iterable[dict[str, Any]], target: Path) -> list[int] | None:
    """Write the model's tokenizer to ``target``; return the ids of the backbone's pieces that it keeps (``None``: all).

    Only Unigram tokenizers are trimmed.
    """
    source = backbone / "tokenizer.json"
    if json.loads(source.read_text(encoding="utf-8"))["model"]["type"] != "Unigram":
        tokenizer = Tokenizer.from_file(str(source))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.save(str(target))
        return None
    texts = [plain(row["text"]) for row in rows]
    words = frequent_words(config.frequent_words) if config.frequent_words else []
    kept = kept_pieces(source, texts, words)
    trim_tokenizer(source, target, kept)
    return kept


def laid_out(config: Config, tokenizer: Tokenizer, text: str, previous: str) -> tuple[list[int], list[int]]:
    """Token ids and pool mask (1 on the sentence's own tokens), laid out as ``stance.model`` does for scoring: first token, the end of the context,
    separator, the sentence, last token."""
    first, *_, last = tokenizer.encode("").ids
    own = [*tokenizer.encode(plain(text), add_special_tokens=False).ids[: config.longest], last]
    context = tokenizer.encode(plain(previous), add_special_tokens=False).ids[-config.context :] if config.context else []
    before = [*context, last] if context else []
    return [first, *before, *own], [0] * (1 + len(before)) + [1] * len(own)


def tokenised(
    config: Config, tokenizer: Tokenizer, rows: list[dict[str, Any]], soft: Mapping[str, Sequence[float]] | None = None, *, training: bool = False
) -> Dataset:
    """Columns ``input_ids``, ``pool_mask``, ``frame_target``, ``voice_target``, ``camp_target``, ``length``; ``text``, ``previous``, ``lang`` as they were; and what a
    pass changes: ``edited``, the chance that it edits the sentence, and ``blanked``, that it blanks a piece; both 0 unless for ``training``.

    A target is a probability for each label: 1 for gold, and 0 for all where the label is not known. Where ``soft`` has a sentence's frame
    probabilities, its target is their weighted mean with gold.
    """
    inputs = [laid_out(config, tokenizer, row["text"], row["previous"]) for row in rows]
    columns = {
        "input_ids": [ids for ids, _ in inputs],
        "pool_mask": [mask for _, mask in inputs],
        "frame_target": [_frame_target(row, (soft or {}).get(row["id"]), config.teacher_weight) for row in rows],
        "voice_target": [[float(row["voice"] == voice) for voice in VOICES] for row in rows],
        "camp_target": [[float(row["camp"] == camp) for camp in CAMPS] for row in rows],
        "length": [len(ids) for ids, _ in inputs],
    }
    columns |= {key: [row[key] for row in rows] for key in ("text", "previous", "lang")}
    columns["edited"] = [config.edited if training and row["lang"] in OUTLETS else 0.0 for row in rows]
    columns["blanked"] = [config.blanked if training else 0.0 for _ in rows]
    return Dataset.from_dict(columns)


def _frame_target(row: dict[str, Any], soft: Sequence[float] | None, weight: float) -> list[float]:
    gold = [float(row["frame"] == frame) for frame in FRAMES]
    return gold if soft is None else [(1 - weight) * sure + weight * unsure for sure, unsure in zip(gold, soft, strict=True)]


def datasets_of(config: Config, tokenizer: Tokenizer, rows: dict[str, list[dict[str, Any]]], soft: Mapping[str, Sequence[float]]) -> DatasetDict:
    """The tokenised splits: training sentences to be edited and blanked, with soft labels where there are any; validation sentences as they are."""
    train, others = {"soft": soft, "training": True}, {"soft": None, "training": False}
    return DatasetDict({split: tokenised(config, tokenizer, found, **(train if split == "train" else others)) for split, found in rows.items()})
