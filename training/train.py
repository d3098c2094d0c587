"""Train the classifier: ``python -m training.train --config training/configs/default.toml``.

Writes a folder below ``training/runs`` that ``stance.Classifier.load`` opens: ``model.onnx``, ``tokenizer.json``, ``stance.json``,
``holdout.json`` and, if the configuration asks for an early answer, ``upper.onnx`` and the folder ``fast``; beside them the torch
weights, ``metrics.json``, and ``README.md``, the model card. A run that was stopped goes on from its last epoch.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from annotations.dataset import as_excerpt, excerpts_of, ordered
from stance.artifacts import FAST, Settings, read_settings, write_holdout, write_settings
from stance.labels import CAMPS, FRAMES, VOICES
from stance.model import Network
from stance.scoring import Classifier
from training.calibrate import calibrate, holdout_of
from training.card import write_card
from training.config import Config, read_config
from training.export import export
from training.fit import answers, fit, measure
from training.model import restore, save
from training.pipeline import write_pipeline
from training.prepare import targets_of
from training.runs import RUNS, claim, data_hash, splits_of
from training.teach import soft_labels
from training.windows import cut

SAMPLES = 100
"""Validation windows on which the export looks at the sizes of activations."""


def train(config: Config, folder: Path) -> dict[str, Any]:
    """Run one configuration into ``folder``, or go on with it there; return its metrics."""
    revision, rows = claim(config, folder), splits_of(config)
    trainer, held = fit(config, folder, rows, soft_labels(config))
    save(trainer.model, folder / "torch", revision=revision)
    camps = tuple(CAMPS) if any(row["camp"] for row in rows["train"]) else ()
    settings = Settings(
        revision, tuple(FRAMES), tuple(VOICES), camps, 1.0, 1.0, 0.0, config.context, config.headline, config.longest, data_hash(config)
    )
    model = restore(folder / "torch")  # read back: the trainer left its mixed precision on it
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    first = tokenizer.encode("").ids[0]
    samples = [[first, *(index for sentence in window for index in sentence["ids"])] for window in islice(cut(config, held), SAMPLES)]
    export(model, folder, samples)

    metrics = {"sentences": {split: len(found) for split, found in rows.items()}} | finish(folder, settings, rows["validation"])
    exact, _ = answers(model, config, tokenizer, held, exact=True)
    packed = Network(folder).logits([as_excerpt(excerpt) for excerpt in excerpts_of(rows["validation"])])
    metrics["same_frame_as_torch"] = float(np.mean(exact[:, : len(FRAMES)].argmax(axis=1) == packed[:, : len(FRAMES)].argmax(axis=1)))
    write_pipeline(folder, read_settings(folder))
    if config.fast_layers:
        metrics[FAST] = finish(folder / FAST, replace(settings, revision=f"{revision}-{FAST}"), rows["validation"])
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return metrics


def finish(folder: Path, settings: Settings, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Calibrate and measure what ships, the 8-bit network and not the torch one, on validation rows; write its settings and holdout file.

    Returns
    -------
    dict
        The revision, and the figures on the rows.
    """
    folder.mkdir(exist_ok=True)
    write_settings(folder, settings)
    logits, targets = Network(folder).logits([as_excerpt(excerpt) for excerpt in excerpts_of(rows)]), targets_of(ordered(rows))
    calibration = calibrate(logits, targets[0], targets[1])
    write_settings(
        folder,
        replace(settings, temperature=calibration.temperature, voice_temperature=calibration.voice_temperature, threshold=calibration.threshold),
    )
    write_holdout(folder, holdout_of(Classifier.load(folder), rows))
    return {
        "revision": settings.revision,
        "validation": measure(logits, targets),
        "coverage_on_validation": calibration.coverage,
        "accuracy_when_certain_on_validation": calibration.accuracy,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True, help="a TOML file; training/config.py says what its keys mean")
    parser.add_argument("--output", type=Path, help="the model's folder (default: training/runs/NAME)")
    options = parser.parse_args()
    config = read_config(options.config)
    folder = options.output or RUNS / config.name
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    print(json.dumps(train(config, folder), indent=2))
    write_card(folder, config)
    print(f"wrote {folder}; try: stance score --model {folder} FILE", file=sys.stderr)


if __name__ == "__main__":
    main()
