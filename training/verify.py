"""Does a model folder's card say what its other files say: ``python -m training.verify [FOLDER]``."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import fields
from pathlib import Path

from stance.artifacts import FAST, Holdout, find, read_holdout, read_settings
from stance.evaluation import agreement
from stance.labels import FRAMES
from training.config import Config, config_of, revision_of

NEAR = 0.001
"""Figures of the card, given to three places, may differ so much from those of the holdout, whose probabilities are rounded too."""


def faults(folder: Path) -> list[str]:
    """What is wrong in a folder that ``training.train`` wrote; empty where card, settings and holdout agree.

    The revision must follow from the recorded configuration and data hash, and the card's figures from the holdout.
    """
    settings, card = read_settings(folder), (folder / "README.md").read_text(encoding="utf-8")
    holdout = read_holdout(folder, settings.revision)
    found = []
    for what, words in (
        ("revision", f"# Model {settings.revision}\n"),
        ("data hash", f"sha256 `{settings.data}`"),
        ("temperature and threshold", f"Temperature {settings.temperature}, certain from a margin of {settings.threshold}:"),
    ):
        if words not in card:
            found.append(f"the card does not give the {what} of stance.json: {words.strip()!r}")
    block = re.search("```json\n(.*?)```", card, re.DOTALL)
    recorded = json.loads(block[1]) if block else {}
    if set(recorded) != {field.name for field in fields(Config)}:
        found.append(f"the card's configuration has the keys {sorted(recorded)}, not those of training/config.py")
    elif (named := revision_of(config_of(recorded, "the card"), settings.data)) != settings.revision:
        found.append(f"the card's configuration and data hash give the revision {named}, stance.json has {settings.revision}")
    if holdout is None:
        return [*found, "there is no holdout.json"]
    values = {"sentences": len(holdout.frames), "frame, macro-F1": macro_f1(holdout)}
    if (folder / FAST).is_dir():
        early = read_settings(folder / FAST)
        if (early.revision, early.data) != (f"{settings.revision}-{FAST}", settings.data):
            found.append(f"{FAST} is of revision {early.revision}, not of this one, or of other data")
        elif aside := read_holdout(folder / FAST, early.revision):
            values[f"model `{FAST}`, {recorded.get('fast_layers')} layers: frame, macro-F1"] = macro_f1(aside)
    for label, value in values.items():
        stated = re.search(rf"\| {re.escape(label)} \| ([\d.]+) \|", card)
        if stated is None or abs(float(stated[1]) - value) > NEAR:
            found.append(f"{label}: the card says {stated[1] if stated else 'nothing'}, holdout.json gives {value:.3f}")
    return found


def macro_f1(holdout: Holdout) -> float:
    """Of the likeliest frames, against gold."""
    gold, given = ([FRAMES[index] for index in column] for column in (holdout.frames, holdout.probabilities.argmax(axis=1)))
    return agreement(gold, given, FRAMES).macro_f1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    found = faults(find(parser.parse_args().model))
    print("\n".join(found) or "the model card agrees with the model's files")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
