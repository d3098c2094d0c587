"""What each choice of the recipe brings: ``python -m training.ablation --readme``.

The built-in recipe on two of the twelve layers, two passes (``configs/curve.toml``) and ``LIMIT`` English sentences; then the same with one choice undone, each
with several seeds. Figures are of the torch network, held out and English: macro-F1 of the frame, each sentence in its page and alone, macro-F1 of the voice, accuracy of the speaker's
camp. Writes ``training/results/ablation.json``. Takes a minute or two a run; what was run on these very annotations is not run again.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from statistics import mean
from typing import Any

from tokenizers import Tokenizer

from training.config import Config, read_config
from training.evaluate import RESULTS, into_readme
from training.fit import answers, fit, measure
from training.prepare import rows_of, tokenised
from training.runs import ROOT, RUNS, claim, data_hash, splits_of

SEEDS = (1, 2)
LIMIT = 6_000
"""Training sentences of each run."""
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "the recipe": {},
    "each sentence read alone": {"context": 0},
    "no headline ahead of a window": {"headline": False},
    "all tokens count alike": {"weighted": False},
    "no edits, no blanked pieces": {"edited": 0.0, "blanked": 0.0},
    "no contrast sentences": {"without": ("contrast",)},
}
COLUMNS = {"test": "frame", "test_alone": "frame, alone", "test_voice": "voice", "test_camp": "camp", "validation": "frame, validation split"}


def recipe(small: Config, built_in: Config) -> Config:
    """The built-in recipe at the size of the small one, in English."""
    kept = ("context", "headline", "weighted", "edited", "blanked")
    return replace(small, langs=("en",), limit=LIMIT, **{name: getattr(built_in, name) for name in kept})


def runs(base: Config) -> Iterator[tuple[str, Config]]:
    """Each run's choice and configuration."""
    for number, (choice, changes) in enumerate(CHOICES.items()):
        for seed in SEEDS:
            yield choice, replace(base, name=f"ablation-{number}-{seed}", seed=seed, **changes)


def figures(config: Config) -> dict[str, float]:
    """What a run gives, which is done first if it is not there."""
    folder = RUNS / config.name
    done = folder / "figures.json"
    claim(config, folder)
    if not done.is_file():
        trainer, validation = fit(config, folder, splits_of(config), {})
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        test = list(tokenised(config, tokenizer, rows_of(config, ROOT, "test"))["sentences"])
        together, alone, held = (
            measure(*answers(trainer.model, how, tokenizer, pages))
            for how, pages in ((config, test), (replace(config, context=0), test), (config, validation))
        )
        found = together["frame_f1"], alone["frame_f1"], together["voice_f1"], together["camp_accuracy"], held["frame_f1"]
        shutil.rmtree(folder / "checkpoints")
        done.write_text(json.dumps(dict(zip(COLUMNS, found, strict=True))) + "\n", encoding="utf-8")
    result: dict[str, float] = json.loads(done.read_text(encoding="utf-8"))
    return result


def table(rows: Mapping[str, list[dict[str, float]]]) -> str:
    """Markdown: the mean over the seeds, and half of what lies between the lowest and the highest."""
    lines = ["| recipe | seeds | " + " | ".join(COLUMNS.values()) + " |", "| --- |" + " ---: |" * (len(COLUMNS) + 1)]
    for choice, found in rows.items():
        values = [[row[name] for row in found] for name in COLUMNS]
        cells = [f"{mean(value):.3f} ± {(max(value) - min(value)) / 2:.3f}" for value in values]
        lines.append(f"| {choice} | {len(found)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    base = recipe(*(read_config(ROOT / "training" / "configs" / name) for name in ("curve.toml", "default.toml")))
    rows: dict[str, list[dict[str, float]]] = {choice: [] for choice in CHOICES}
    for choice, config in runs(base):
        rows[choice].append(figures(config))
        print(f"{config.name}: {choice}: {rows[choice][-1]}", flush=True)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ablation.json").write_text(json.dumps({"data": data_hash(base), "runs": rows}, indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    if options.readme:
        into_readme("ablation", table(rows))


if __name__ == "__main__":
    main()
