"""The model card: every figure comes from the results files beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stance.artifacts import FAST, files_of
from training.config import Config


def write_card(folder: Path, config: Config) -> None:
    """Write ``README.md`` from ``metrics.json``, ``stance.json`` and the configuration."""
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    settings = json.loads((folder / "stance.json").read_text(encoding="utf-8"))
    size = sum(file.stat().st_size for file in files_of(folder)) / 1e6
    validation = metrics["validation"]
    sure, voice = metrics["accuracy_when_certain_on_validation"], validation["voice_f1"]
    lines = [
        f"# Model {settings['revision']}",
        "",
        "Labels one news sentence with its framing of the Kosovo-Serbia dispute (pro-Belgrade, pro-Pristina, Western-critical, neutral), its",
        "voice (own, attributed) and the camp of whoever speaks in it. English, Serbian in both scripts, Albanian. What the labels mean:",
        "`annotations/CODEBOOK.md`, `annotations/SPEAKERS.md`.",
        "",
        f"- Backbone: {config.backbone} (MIT, Wang et al. 2024), vocabulary trimmed; {size:.1f} MB as 8-bit ONNX with its tokenizer.",
        f"- Trained on {metrics['sentences']['train']} sentences, gold labels sha256 `{settings['data']}`.{_taught(config)}",
        f"- Temperature {settings['temperature']}, certain from a margin of {settings['threshold']}: on validation data {metrics['coverage_on_validation']:.0%} of",
        f"  the sentences are certain, with accuracy {_figure(sure)}.",
        "",
        "| validation | value |",
        "| --- | --- |",
        f"| sentences | {metrics['sentences']['validation']} |",
        f"| frame, macro-F1 | {validation['frame_f1']:.3f} |",
        f"| voice, macro-F1 | {_figure(voice)} |",
        f"| frame, class-wise calibration error before temperature | {validation['ece']:.3f} |",
        f"| camp of the speaker, accuracy on attributed sentences | {_figure(validation['camp_accuracy'])} |",
        f"| sentences with the frame that the torch model gives in full precision | {metrics['same_frame_as_torch']:.3f} |",
        *_fast(metrics, config),
        "",
        "Figures on held-out files: `training/results/`. Annotators were language models that follow the codebook, so the figures say how well the",
        "model follows it, not how well it would agree with people.",
        "",
        "```json",
        json.dumps(asdict(config), indent=2),
        "```",
        "",
    ]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


def _taught(config: Config) -> str:
    if not config.teacher:
        return ""
    read = " and ".join(config.teacher.get("langs", ())) or "all languages"
    return f"\n  Beside gold it learned from {config.teacher.get('backbone')}, trained on the sentences in {read}."


def _fast(metrics: dict[str, Any], config: Config) -> list[str]:
    if FAST not in metrics:
        return []
    found = metrics[FAST]["validation"]
    name = f"model `{FAST}`, {config.fast_layers} layers"
    return [f"| {name}: frame, macro-F1 | {found['frame_f1']:.3f} |", f"| {name}: voice, macro-F1 | {_figure(found['voice_f1'])} |"]


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
