"""The training configuration: a TOML file whose keys are checked against this dataclass."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from stance.labels import FRAMES


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that decides a training run.

    Attributes
    ----------
    name
        Names the run's folder below ``training/runs`` and starts the revision's name.
    backbone
        ``multilingual-e5-small``, a local Hugging Face folder, or a hub id; ``tiny`` is a random encoder for tests.
    data
        Folder in the form of ``annotations/``, or a .csv or .jsonl file (see ``training.labelled``), seen from the project's root.
    labels
        From the label names of such a file to the four frames, where they differ: a TOML table.
    layers
        Which of the backbone's layers to keep, from 0; empty for all.
    fast_layers
        After how many layers the model also answers, for scoring in haste; 0 for none.
    frequent_words
        How many words a language's frequency list adds to the vocabulary; 0 keeps the pieces of the data alone.
    least_pieces
        How often a piece stands in the training sentences, at least, to be kept for itself.
    context
        Most tokens that sentences read together have, the headline aside; in training a window's size is drawn; 0 for reading each alone.
    headline
        Whether the first sentence of a page, mostly its headline, stands before the others in every window of more than one sentence.
    longest
        Tokens of the sentence that it reads.
    epochs, batch, seed
        As usual.
    weighted
        Whether the heads learn which of a sentence's tokens count (``training.model.Heads``); else all do alike.
    dropout, encoder_dropout
        Before the heads; inside the encoder, where 0 makes a pass a third faster.
    rate, head_rate, layer_decay, warm_up
        Learning rate of the encoder's last layer; of the heads; the factor from layer to layer downwards; the share of the steps
        over which the rates rise from 0.
    averaged
        Of so many epochs, the last ones, the weights are averaged in the end (Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima"); 1 for the last alone.
    blanked
        Share of a training sentence's pieces that a pass replaces by the unknown piece, each time others.
    alone
        Chance, wherever a pass begins a new window, that it holds one sentence alone; else its size is drawn.
    edited
        Share of the training sentences that are edited in each pass, each time anew (``training/edits.py``).
    limit
        Use only so many training sentences, whole pages and texts; 0 for all.
    without
        Leave out the training sentences of these origins (``re-reported``, ``composed``, ``contrast``, ``translated``).
    langs
        Use only sentences in these languages; empty for all.
    teacher, teacher_weight, teacher_temperature
        A TOML table with the configuration of a larger model that is trained first on the same data; what its frame probabilities, softened by the temperature,
        weigh beside gold in the training sentences that it read (``training/teach.py``).
    """

    name: str
    backbone: str = "multilingual-e5-small"
    data: str = "annotations"
    labels: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[int, ...] = ()
    fast_layers: int = 0
    frequent_words: int = 1_500
    least_pieces: int = 7
    context: int = 160
    headline: bool = True
    longest: int = 128
    epochs: int = 4
    batch: int = 16
    seed: int = 1
    weighted: bool = True
    dropout: float = 0.1
    encoder_dropout: float = 0.1
    rate: float = 6e-5
    head_rate: float = 1e-3
    layer_decay: float = 0.95
    warm_up: float = 0.1
    averaged: int = 1
    alone: float = 0.2
    blanked: float = 0.0
    edited: float = 0.0
    limit: int = 0
    without: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    teacher: Mapping[str, Any] = field(default_factory=dict)
    teacher_weight: float = 0.5
    teacher_temperature: float = 1.5


def read_config(path: Path) -> Config:
    """The configuration in a TOML file.

    Raises
    ------
    SystemExit
        With what is wrong, for a key that is unknown or a value of another type.
    """
    row = tomllib.loads(path.read_text(encoding="utf-8"))
    if "teacher" in row:
        config_of(row["teacher"], f"{path.name}, teacher")
    return config_of(row, path.name)


def config_of(row: Mapping[str, Any], where: str = "teacher") -> Config:
    """The configuration that a TOML table holds; ``where`` names it in errors.

    Raises
    ------
    SystemExit
        As ``read_config`` does.
    """
    kinds = {entry.name: type(entry.default) for entry in fields(Config)} | {"name": str, "labels": dict, "teacher": dict}
    unknown = sorted(set(row) - set(kinds))
    if unknown:
        raise SystemExit(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(kinds)}")
    if "name" not in row:
        raise SystemExit(f"{where}: name is missing; it names the run's folder")
    row = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    for key, value in row.items():
        if not isinstance(value, kinds[key]) and not (kinds[key] is float and isinstance(value, int)):
            raise SystemExit(f"{where}: {key} is {value!r}, needs {kinds[key].__name__}")
    wrong = sorted(set(row.get("labels", {}).values()) - set(map(str, FRAMES)))
    if wrong:
        raise SystemExit(f"{where}: labels maps to {', '.join(wrong)}; needs {', '.join(FRAMES)}")
    return Config(**row)


def revision_of(config: Config, data: str) -> str:
    """Name of the model that a configuration gives on gold labels with this sha256; keys at their default do not count, so that a new key renames nothing."""
    default = Config(config.name)
    chosen = {key: value for key, value in asdict(config).items() if value != getattr(default, key)}
    return f"{config.name}-{hashlib.sha256(json.dumps([chosen, data], sort_keys=True).encode()).hexdigest()[:8]}"
