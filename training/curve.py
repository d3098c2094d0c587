"""What more data brings: ``python -m training.curve --files ../shared/dev/*.jsonl --seeds ../shared/seeds``.

One fixed recipe (``configs/curve.toml``) is trained on a tenth, a quarter, half and all of the training sentences, on all without each of
the three parts (re-reported, composed, contrast), and on all with the edits of the built-in model's recipe, and measured on the test split, the
given files and the source documents. Writes ``training/results/curve.json`` and ``curve.svg``. A model that is already trained is not trained again. One seed each: gaps of a few hundredths
between models are noise; leaving a part out also leaves fewer sentences, so compare with the share of like size.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotations.dataset import load
from seeds.verify import labelled as read_documents
from stance.evaluation import evaluate, read_labelled
from stance.scoring import Classifier
from training.config import Config, read_config, revision_of
from training.evaluate import RESULTS, labelled
from training.prepare import rows_of
from training.runs import ROOT, RUNS, data_hash
from training.train import train

SHARES = (0.1, 0.25, 0.5, 1.0)
PARTS = ("re-reported", "composed", "contrast")


def recipes(config: Config, built_in: Config) -> Iterator[tuple[str, Config]]:
    """Each model's name and configuration. A share takes the first pages and texts of one random order, so that larger ones hold the smaller."""
    count = len(rows_of(config, ROOT, "train"))
    for share in SHARES:
        yield f"{share:.0%}", replace(config, name=f"curve-{share:.0%}".rstrip("%"), limit=round(share * count))
    for part in PARTS:
        left_out = (part, "translated") if part == "composed" else (part,)  # translations are of composed sentences
        yield f"without {part}", replace(config, name=f"curve-without-{part}", without=left_out)
    yield "with edits", replace(config, name="curve-with-edits", edited=built_in.edited)


def trained(config: Config, folder: Path) -> dict[str, Any]:
    """The metrics of a run, which is done first if it is not there for this very recipe and data."""
    mark, found = folder / "revision.txt", folder / "metrics.json"
    if found.is_file() and mark.read_text(encoding="utf-8") == revision_of(config, data_hash(config)):
        metrics: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
        return metrics
    shutil.rmtree(folder, ignore_errors=True)
    return train(config, folder)


def chart(rows: list[dict[str, Any]]) -> str:
    """Macro-F1 over the number of training sentences, one line a set, as SVG."""
    import altair
    import vl_convert

    points = [
        {"set": name, "sentences": row["sentences"], "frame macro-F1": value}
        for row in rows
        if row["model"].endswith("%")
        for name, value in row["macro_f1"].items()
    ]
    lines = altair.Chart(altair.Data(values=points)).mark_line(point=True)
    drawn = lines.encode(
        x=altair.X("sentences:Q", scale=altair.Scale(type="log")), y=altair.Y("frame macro-F1:Q", scale=altair.Scale(zero=False)), color="set:N"
    )
    return str(vl_convert.vegalite_to_svg(drawn.properties(width=480, height=320).to_dict()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", nargs="*", type=Path, default=[], help="labelled files to measure on as well")
    parser.add_argument("--seeds", type=Path, help="folder of the source documents")
    options = parser.parse_args()
    sets = {"test": labelled([row for row in load("test") if row["settled"]])} | {path.stem: list(read_labelled(path)) for path in options.files}
    if options.seeds:
        sets["source documents"] = read_documents(options.seeds)
    RESULTS.mkdir(exist_ok=True)
    rows = []
    for model, config in recipes(*(read_config(ROOT / "training" / "configs" / name) for name in ("curve.toml", "default.toml"))):
        folder = RUNS / config.name
        metrics = trained(config, folder)
        classifier = Classifier.load(folder)
        scores = {name: round(evaluate(found, classifier).frame.macro_f1, 4) for name, found in sets.items()}
        rows.append({"model": model, "sentences": metrics["sentences"]["train"], "data": classifier.network.settings.data, "macro_f1": scores})
        print(rows[-1], flush=True)
        (RESULTS / "curve.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "curve.svg").write_text(chart(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
