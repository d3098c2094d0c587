"""From gold sentences to tokenised data sets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset
from tokenizers import Tokenizer

from annotations.dataset import TASKS, excerpts_of, identify, load
from stance.labels import CAMPS, FRAMES, VOICES
from stance.spelling import plain
from training.config import Config
from training.labelled import read_labelled
from training.vocabulary import frequent_words, kept_pieces, trim_tokenizer

TARGETS = tuple(f"{task}_target" for task in TASKS)
Targets = tuple[np.ndarray, ...]
"""Of frame, voice and camp, each of shape (n, labels)."""


def rows_of(config: Config, root: Path, split: str) -> list[dict[str, Any]]:
    """Settled gold rows of a split; training rows in an order that the seed decides, and where their number is limited, those of whole pages and texts first."""
    source = root / config.data
    found = read_labelled(source, config.labels) if source.is_file() else load(split, source)
    rows = [row for row in found if row["settled"] and row["split"] == split]
    if config.langs:
        rows = [row for row in rows if row["lang"] in config.langs]
    if split != "train":
        return rows
    rows = [row for row in rows if row["origin"] not in config.without]
    unit = "group" if config.limit else "id"
    rows.sort(key=lambda row: identify(str(config.seed), row[unit]))
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
    kept = kept_pieces(source, texts, words, config.least_pieces)
    trim_tokenizer(source, target, kept)
    return kept


def pieces_of(config: Config, tokenizer: Tokenizer, text: str) -> list[int]:
    """Token ids of a sentence as ``stance.model`` runs them: cut to the longest, the last token after it."""
    *_, last = tokenizer.encode("").ids
    return [*tokenizer.encode(plain(text), add_special_tokens=False).ids[: config.longest], last]


def tokenised(config: Config, tokenizer: Tokenizer, rows: Sequence[dict[str, Any]], soft: Mapping[str, Sequence[float]] | None = None) -> Dataset:
    """A row an excerpt; its column ``sentences`` holds of each sentence ``text``, ``lang``, ``ids``, ``labelled`` and the targets ``frame_target``, ``voice_target``,
    ``camp_target``.

    A target is a probability for each label: 1 for gold, and 0 for all where the label is not known. Where ``soft`` has a sentence's frame
    probabilities, its target is their weighted mean with gold.
    """
    return Dataset.from_list(
        [{"sentences": [_sentence(config, tokenizer, row, (soft or {}).get(row["id"])) for row in excerpt]} for excerpt in excerpts_of(rows)]
    )


def _sentence(config: Config, tokenizer: Tokenizer, row: dict[str, Any], soft: Sequence[float] | None) -> dict[str, Any]:
    targets = {name: target[0] for name, target in zip(TARGETS, targets_of([row]), strict=True)}
    if soft is not None and row["frame"]:
        targets["frame_target"] = (1 - config.teacher_weight) * targets["frame_target"] + config.teacher_weight * np.array(soft)
    found = {"text": row["text"], "lang": row["lang"], "ids": pieces_of(config, tokenizer, row["text"]), "labelled": bool(row["frame"])}
    return found | {name: target.tolist() for name, target in targets.items()}


def targets_of(rows: Sequence[dict[str, Any]]) -> Targets:
    """What gold says of rows: a probability of 1 for the label, all 0 where it is not known."""
    kinds = zip(TASKS, (FRAMES, VOICES, CAMPS), strict=True)
    return tuple(np.array([[float(row[task] == label) for label in labels] for row in rows]) for task, labels in kinds)
