"""What each choice of the recipe brings: ``python -m training.ablation [--seeds 2] [--readme]``.

The recipe of ``configs/ablation.toml`` is trained as it is and with one choice undone at a time, each with several seeds, which also draw other pages to train
on; all are measured on the English sentences of the test split in the full precision of training. Writes ``training/results/ablation.json`` after each
run. A run that was measured on these gold labels is not repeated.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from statistics import mean
from typing import Any

from annotations.dataset import ordered
from training.config import Config, read_config, revision_of
from training.evaluate import RESULTS, into_readme
from training.fit import answers, fit, measure
from training.prepare import rows_of, tokenised
from training.runs import ROOT, RUNS, claim, data_hash, splits_of

FILE = RESULTS / "ablation.json"
RECIPE = "the recipe"
FIGURES = {
    "frame_f1": "frame macro-F1",
    "re_reported_f1": "of re-reported sentences",
    "frame_f1_alone": "each read alone",
    "voice_f1": "voice macro-F1",
}


def choices(config: Config) -> Iterator[tuple[str, Config]]:
    """Each choice undone, and first the recipe itself."""
    yield RECIPE, config
    yield "sentences trained and read alone", replace(config, context=0)
    yield "no headline ahead of windows", replace(config, headline=False)
    yield "all tokens count alike", replace(config, weighted=False)
    yield "no sentence trained alone", replace(config, alone=0.0)
    yield "no edits, no blanks", replace(config, edited=0.0, blanked=0.0)
    yield "one learning rate for all layers", replace(config, layer_decay=1.0)
    yield "dropout in the encoder", replace(config, encoder_dropout=0.1)
    yield "other sentences for contrast sets", replace(config, without=("contrast",))


def run(config: Config) -> dict[str, Any]:
    """Train one configuration, and measure it on the test split."""
    folder = RUNS / config.name
    shutil.rmtree(folder, ignore_errors=True)
    claim(config, folder)
    trainer, _ = fit(config, folder, splits_of(config), {})
    rows = rows_of(config, ROOT, "test")

    def measured(config: Config, rows: list[dict[str, Any]]) -> dict[str, float | None]:
        return measure(*answers(trainer.model, config, trainer.tokenizer, list(tokenised(config, trainer.tokenizer, rows)["sentences"]), exact=True))

    whole, alone = measured(config, rows), measured(replace(config, context=0), rows)
    news = measured(config, [row for row in ordered(rows) if row["origin"] == "re-reported"])
    shutil.rmtree(folder)
    return {"frame_f1": whole["frame_f1"], "re_reported_f1": news["frame_f1"], "frame_f1_alone": alone["frame_f1"], "voice_f1": whole["voice_f1"]}


def table(rows: list[dict[str, Any]]) -> str:
    """A Markdown table: the recipe's means, and what each choice undone adds or takes, seed by seed, with the least and the most of it."""
    by_choice: dict[str, dict[int, dict[str, float]]] = {}
    for row in rows:
        by_choice.setdefault(row["choice"], {})[row["seed"]] = row
    recipe = by_choice.get(RECIPE, {})
    lines = [f"| choice | seeds | {' | '.join(FIGURES.values())} |", "| --- |" + " ---: |" * (1 + len(FIGURES))]
    for choice, found in by_choice.items():
        seeds = sorted(found.keys() & recipe.keys())
        if not seeds:
            continue
        cells = []
        for name in FIGURES:
            gaps = [found[seed][name] - recipe[seed][name] for seed in seeds]
            spread = f" ({min(gaps):+.3f} to {max(gaps):+.3f})" if len(gaps) > 1 else ""
            cells.append(f"{mean(recipe[seed][name] for seed in seeds):.3f}" if choice == RECIPE else f"{mean(gaps):+.3f}{spread}")
        lines.append(f"| {choice} | {len(seeds)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2, help="how often each choice is trained (default 2)")
    parser.add_argument("--config", default="ablation", help="the recipe, a file in training/configs (default ablation)")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    config = read_config(ROOT / "training" / "configs" / f"{options.config}.toml")
    data = data_hash(config)
    known = json.loads(FILE.read_text(encoding="utf-8"))["rows"] if FILE.is_file() else []
    rows: list[dict[str, Any]] = []
    for seed in range(1, options.seeds + 1):
        for choice, changed in choices(replace(config, seed=seed)):
            revision = revision_of(changed, data)
            row = next((row for row in known if row["revision"] == revision), None)
            rows.append(row or {"choice": choice, "seed": seed, "revision": revision, **run(changed)})
            print(json.dumps(rows[-1]), flush=True)
            others = [row for row in known if row["revision"] not in {found["revision"] for found in rows}]  # not reached yet
            FILE.write_text(json.dumps({"data": data, "config": asdict(config), "rows": rows + others}, indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    if options.readme:
        into_readme("ablation", table(rows))


if __name__ == "__main__":
    main()
