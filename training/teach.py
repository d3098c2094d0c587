"""What a larger model says of the training sentences, for the small one to learn from beside gold (Hinton et al. 2015, "Distilling the Knowledge
in a Neural Network").

The teacher is trained on the same sentences, so of these its probabilities are surer than of others; a temperature softens them.
"""

from __future__ import annotations

import json

import numpy as np
from tokenizers import Tokenizer

from annotations.dataset import ordered
from stance.labels import FRAMES
from training.config import Config, config_of
from training.fit import answers, fit
from training.prepare import tokenised
from training.runs import RUNS, claim, splits_of


def soft_labels(config: Config) -> dict[str, list[float]]:
    """Frame probabilities by sentence id, of the sentences that the teacher read; it is trained first if that has not been done. Empty without a teacher."""
    if not config.teacher:
        return {}
    teacher = config_of({"data": config.data, "labels": dict(config.labels)} | dict(config.teacher))
    folder = RUNS / teacher.name
    claim(teacher, folder)
    found = folder / "logits.json"
    if not found.is_file():
        rows = splits_of(teacher)
        trainer, _ = fit(teacher, folder, rows, {})
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        logits, _ = answers(trainer.model, teacher, tokenizer, list(tokenised(teacher, tokenizer, rows["train"])["sentences"]))
        said = zip(ordered(rows["train"]), logits[:, : len(FRAMES)].astype(float), strict=True)
        half = found.with_suffix(".part")
        half.write_text(json.dumps({row["id"]: np.round(values, 3).tolist() for row, values in said}), encoding="utf-8")
        half.replace(found)
    return {name: _softmax(np.array(values) / config.teacher_temperature) for name, values in json.loads(found.read_text(encoding="utf-8")).items()}


def _softmax(values: np.ndarray) -> list[float]:
    powers = np.exp(values - values.max())
    return list(map(float, powers / powers.sum()))
