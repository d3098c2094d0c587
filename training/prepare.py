"""From gold sentences to tokenised data sets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasets import Dataset, DatasetDict
from tokenizers import Tokenizer

from annotations.dataset import identify, load
from stance.labels import FRAMES, VOICES
from stance.spelling import plain
from training.config import Config
from training.labelled import read_labelled
from training.vocabulary import frequent_words, kept_pieces, trim_tokenizer


def rows_of(config: Config, root: Path, split: str) -> list[dict[str, Any]]:
    """Settled gold rows of a split; training rows in an order that the seed decides."""
    source = root / config.data
    found = read_labelled(source, config.labels) if source.is_file() else load(split, source)
    rows = [row for row in found if row["settled"] and row["split"] == split]
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


def tokenised(config: Config, tokenizer: Tokenizer, rows: list[dict[str, Any]]) -> Dataset:
    """Columns ``input_ids``, ``pool_mask`` (1 on the sentence's own tokens), ``frame_target`` and ``voice_target``.

    The input is laid out as ``stance.model`` lays it out for scoring: first token, the end of the context, separator, the
    sentence, last token. A target is a probability for each label: 1 for gold, and 0 for all where
    the label is not known.
    """
    ends = tokenizer.encode("").ids
    first, last = ends[0], ends[-1]
    texts = tokenizer.encode_batch([plain(row["text"]) for row in rows], add_special_tokens=False)
    contexts = tokenizer.encode_batch([plain(row["previous"]) for row in rows], add_special_tokens=False)
    columns: dict[str, list[Any]] = {"input_ids": [], "pool_mask": [], "frame_target": [], "voice_target": [], "length": []}
    for row, text, context in zip(rows, texts, contexts, strict=True):
        own = [*text.ids[: config.longest], last]
        before = [*context.ids[-config.context :], last] if config.context and context.ids else []
        columns["input_ids"].append([first, *before, *own])
        columns["pool_mask"].append([0] * (1 + len(before)) + [1] * len(own))
        columns["frame_target"].append([float(row["frame"] == frame) for frame in FRAMES])
        columns["voice_target"].append([float(row["voice"] == voice) for voice in VOICES])
        columns["length"].append(1 + len(before) + len(own))
    return Dataset.from_dict(columns)


def datasets_of(config: Config, tokenizer: Tokenizer, rows: dict[str, list[dict[str, Any]]]) -> DatasetDict:
    """The tokenised splits."""
    return DatasetDict({split: tokenised(config, tokenizer, found) for split, found in rows.items()})
