"""Run folders: whose run a folder holds, and the hash of the data that a run read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from training.config import Config, revision_of
from training.prepare import rows_of

ROOT = Path(__file__).resolve().parents[1]
RUNS = ROOT / "training" / "runs"


def data_hash(config: Config, root: Path = ROOT) -> str:
    """sha256 of the gold labels."""
    source = root / config.data
    if not source.exists():
        raise SystemExit(
            f"{config.data}: there is no such file or folder in {root.name}; data needs a folder like annotations/, or a .csv or .jsonl file"
        )
    return hashlib.sha256((source if source.is_file() else source / "gold.jsonl").read_bytes()).hexdigest()


def claim(config: Config, folder: Path) -> str:
    """Mark ``folder`` as the run of this configuration on this data; return its revision.

    Raises
    ------
    SystemExit
        If the folder holds another run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    revision = revision_of(config, data_hash(config))
    mark = folder / "revision.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8") != revision:
        held = mark.read_text(encoding="utf-8")
        raise SystemExit(
            f"{folder} holds the run {held}, this one is {revision}: configuration or data changed; remove that folder or give another --output"
        )
    mark.write_text(revision, encoding="utf-8")
    return revision


def splits_of(config: Config) -> dict[str, list[dict[str, Any]]]:
    """The sentences to train on and to validate with.

    Raises
    ------
    SystemExit
        If there are none of either.
    """
    rows = {split: rows_of(config, ROOT, split) for split in ("train", "validation")}
    empty = [split for split, found in rows.items() if not found]
    if empty:
        raise SystemExit(f"{config.data}: no labelled sentence in split {', '.join(empty)}; more sentences are needed, or python -m annotations.gold")
    return rows
