"""Side by side with what people use today: ``python -m benchmarks.peers --files ../shared/dev/*.jsonl``.

Every system is trained on the same sentences (the train split of ``annotations/``), then measured in a fresh process on the same
held-out sentences, which ours reads in their pages (in files, after the sentence before) and the others one by one: quality,
calibration, sentences per second, the time of one article from a cold start and warm, peak memory, bytes on disk. Speeds are read as ratios: all systems run on
the same machine one after the other, ``ROUNDS`` times in turn, and of each the least disturbed round counts. Needs the extra ``peers``. Training the slow peers takes most of an hour on two cores; what is trained is kept in ``benchmarks/runs``, so that
a second run only measures.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from annotations.dataset import as_excerpt, excerpts_of, load
from benchmarks.systems import SYSTEMS
from stance.evaluation import agreement, calibration_error, read_labelled
from stance.labels import FRAMES
from stance.records import Excerpt

ROOT = Path(__file__).resolve().parents[1]
RUNS = ROOT / "benchmarks" / "runs"
RESULTS = ROOT / "benchmarks" / "results" / "peers.json"
ARTICLE = 40
"""Sentences of the one article whose latency is measured."""
ROUNDS = 2
"""How often each system's speed is measured."""

Row = dict[str, Any]


def article(rows: Sequence[Row]) -> Excerpt:
    """The sentences of one article of usual length: the first held-out English ones, in order."""
    return Excerpt.of([row["text"] for row in rows if row["lang"] == "en" and row["origin"] == "re-reported"][:ARTICLE])


def measure(name: str, folder: Path, files: Sequence[Path]) -> Row:
    """Quality on each set, and speed; run in a process of its own."""
    held_out = [row for row in load("test", ROOT / "annotations") if row["settled"]]
    sets = {"test": [(as_excerpt(page), [row["frame"] for row in page if row["frame"]]) for page in excerpts_of(held_out)]}
    for path in files:
        sets[path.stem] = [(Excerpt.after(row.previous, row.text), [str(row.frame)]) for row in read_labelled(path)]
    predict = SYSTEMS[name].load(folder)
    one = [article(held_out)]
    predict(one)
    began = time.perf_counter()
    predict(one)
    warm = time.perf_counter() - began
    result: Row = {"warm_seconds": warm, "sets": {}}
    for label, pairs in sets.items():
        excerpts, gold = [excerpt for excerpt, _ in pairs], [frame for _, frames in pairs for frame in frames]
        began = time.perf_counter()
        probabilities = predict(excerpts)
        if label == "test":
            result["sentences_per_second"] = len(gold) / (time.perf_counter() - began)
        guess = [FRAMES[index] for index in probabilities.argmax(axis=1)]
        error = calibration_error(probabilities, np.array(_places(gold)))
        result["sets"][label] = {"macro_f1": agreement(gold, guess, FRAMES).macro_f1, "calibration_error": error}
    return result


def _places(gold: Sequence[str]) -> list[int]:
    names = [str(frame) for frame in FRAMES]
    return [names.index(frame) for frame in gold]


def cold(name: str, folder: Path) -> Row:
    """Score one article in this process; says its peak memory in megabytes."""
    texts, _, _ = json.loads((RUNS / "article.json").read_text(encoding="utf-8"))
    SYSTEMS[name].load(folder)([Excerpt.of(texts)])
    return {"peak_megabytes": peak_kilobytes() / 1024}


def peak_kilobytes() -> int:
    """The most memory that this program held; on Linux not from ``getrusage``, which also counts what the parent held before it started this one."""
    status = Path("/proc/self/status")
    if status.is_file():
        return next(int(line.split()[1]) for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _child(*arguments: str) -> Row:
    environment = os.environ | {"OMP_NUM_THREADS": "2", "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "benchmarks.peers", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, env=environment)
    found: Row = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _measured(name: str, files: Sequence[Path]) -> Row:
    """One round of a system, each part of it in a fresh process."""
    print(f"{name}: measuring", file=sys.stderr, flush=True)
    found = _child("--step", "measure", "--systems", name, "--files", *map(str, files))
    began = time.perf_counter()
    return found | _child("--step", "cold", "--systems", name) | {"cold_seconds": time.perf_counter() - began}


def side_by_side(names: Sequence[str], files: Sequence[Path], *, as_trained: bool = False) -> str:
    """Train what is not trained on the present sentences (``as_trained``: only what is not trained at all), measure all, write the results file after each system;
    return the table."""
    from training.config import Config
    from training.runs import data_hash

    held_out = [row for row in load("test", ROOT / "annotations") if row["settled"]]
    RUNS.mkdir(parents=True, exist_ok=True)
    (RUNS / "article.json").write_text(json.dumps(article(held_out)), encoding="utf-8")
    data, count = data_hash(Config("peers")), sum(row["settled"] for row in load("train", ROOT / "annotations"))
    held: Row = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    results = {name: row for name, row in held.items() if row["data"] == data}  # figures of other sentences do not belong beside these
    for name in names:
        folder = RUNS / name
        done = folder / "data.txt"
        if not done.is_file() or (done.read_text(encoding="utf-8").split()[0] != data and not as_trained):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            print(f"{name}: training", file=sys.stderr, flush=True)
            _child("--step", "fit", "--systems", name)
            done.write_text(f"{data} {count}", encoding="utf-8")
        trained_on, sentences = done.read_text(encoding="utf-8").split()
        results[name] = _measured(name, files) | {
            "megabytes_on_disk": SYSTEMS[name].size(folder) / 1e6,
            "what": SYSTEMS[name].what,
            "data": trained_on,
            "trained_on": int(sentences),
        }
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for _, name in product(range(ROUNDS - 1), names):
        again = _measured(name, [])
        results[name]["sentences_per_second"] = max(results[name]["sentences_per_second"], again["sentences_per_second"])
        results[name] |= {key: min(results[name][key], again[key]) for key in ("cold_seconds", "warm_seconds")}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return table(results)


def table(results: Row) -> str:
    """The results as Markdown; speeds also as ratios to the row ``SetFit``, where it was run."""
    sets = list(next(iter(results.values()))["sets"])
    heads = ["system", "trained on", *sets, "calibration error", "sentences/s", "x SetFit", "cold s", "warm s", "peak MB", "disk MB"]
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    unit = results.get("setfit", {}).get("sentences_per_second")
    for row in results.values():
        ratio = f"{row['sentences_per_second'] / unit:.1f}" if unit else "-"
        cells = [
            row["what"],
            str(row["trained_on"]),
            *(f"{row['sets'][name]['macro_f1']:.3f}" for name in sets),
            f"{row['sets']['test']['calibration_error']:.3f}",
        ]
        cells += [f"{row['sentences_per_second']:.0f}", ratio, f"{row['cold_seconds']:.2f}", f"{row['warm_seconds']:.2f}"]
        cells += [f"{row['peak_megabytes']:.0f}", f"{row['megabytes_on_disk']:.1f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", nargs="*", default=list(SYSTEMS), choices=list(SYSTEMS), metavar="NAME", help=", ".join(SYSTEMS))
    parser.add_argument("--files", nargs="*", type=Path, default=[], help="labelled JSON lines to measure on, beside the test split")
    parser.add_argument(
        "--as-trained", action="store_true", help="measure systems that were trained on other sentences than the present ones as they are"
    )
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    parser.add_argument("--step", choices=("fit", "measure", "cold"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step is None:
        from training.evaluate import into_readme  # not above: what a child process imports counts in its time and memory

        lines = side_by_side(options.systems, [path.resolve() for path in options.files], as_trained=options.as_trained)
        print(lines)
        if options.readme:
            into_readme("peers", lines)
        return
    name = options.systems[0]
    folder = RUNS / name
    if options.step == "fit":
        SYSTEMS[name].fit([row for row in load("train", ROOT / "annotations") if row["settled"]], folder)
        print("{}")
    else:
        print(json.dumps(measure(name, folder, options.files) if options.step == "measure" else cold(name, folder)))


if __name__ == "__main__":
    main()
