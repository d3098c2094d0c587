"""What may be written behind ``stance`` on the command line."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

from stance.scoring import LANGUAGES
from stance.tables import FORMATS

EPILOG = """examples:
  stance score article.txt                     one article, one JSON line
  stance score corpus.jsonl > scores.jsonl     many, as a stream
  stance report corpus.jsonl -o report.html    outlets side by side
  stance report corpus.jsonl --format xlsx     the same figures as a workbook
  stance explain "Police fired tear gas."      which words moved each sentence
  stance evaluate gold.jsonl                   how far the model agrees with your labels
"""


def parser() -> argparse.ArgumentParser:
    """The command's grammar."""
    top = argparse.ArgumentParser(
        prog="stance", description="How news sentences frame the Kosovo-Serbia dispute, and how outlets differ.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    top.add_argument("--version", action="version", version=f"stance-kosovo {version('stance-kosovo')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--model", help="a model folder or hub id; fast: the built-in model stopped after an early layer (default: the built-in model)"
    )
    shared.add_argument("--threads", type=int, help="windows of sentences scored at the same time (default: all cores)")
    inputs = (
        "a .jsonl, .csv or .parquet file with the columns text or html and outlet, a .txt or .html file, or a folder of those with an outlets.csv"
    )
    one = f"{inputs}; - for standard input, text or HTML"

    score = commands.add_parser(
        "score", parents=[shared], help="score articles; JSON lines out", description="Score articles; one JSON object a line."
    )
    score.add_argument("input", nargs="+", help=one)
    score.add_argument("--lang", choices=LANGUAGES, help="language of the text (default: told from it)")

    explain = commands.add_parser(
        "explain", parents=[shared], help="which words moved each sentence", description="Each sentence with the words that moved it to its frame."
    )
    explain.add_argument("input", help=f"a text in quotes, {one}")
    explain.add_argument("--lang", choices=LANGUAGES, help="language of the text (default: told from it)")

    report = commands.add_parser(
        "report", parents=[shared], help="compare outlets; HTML page and table", description="Compare outlets: a table here, and a page or data file."
    )
    report.add_argument("input", nargs="+", help=inputs)
    report.add_argument("--format", choices=("html", *FORMATS), default="html", help="a page (default), or its figures as data; csv makes a folder")
    report.add_argument("-o", "--output", type=Path, help="what to write (default report.html, report.json ...; for csv the folder report)")
    report.add_argument(
        "--gold", type=Path, metavar="FILE", help="JSON lines with outlet, text and frame: sentences that people labelled, a random sample"
    )
    report.add_argument("--figures", type=Path, metavar="DIR", help="write the charts too, as SVG and PNG, into this folder")

    evaluate = commands.add_parser(
        "evaluate", parents=[shared], help="compare with gold labels", description="Macro-F1, per class, confusion, calibration."
    )
    evaluate.add_argument(
        "labelled", type=Path, help="JSON lines with text and frame, and if known voice, previous (the sentence before, or a list), lang"
    )
    evaluate.add_argument("--json", action="store_true", help="all figures as one JSON object")

    annotate = commands.add_parser(
        "annotate", help="extend the data set: sample, export, import", description="Choose sentences to label; Label Studio round trip."
    )
    steps = annotate.add_subparsers(dest="step", required=True, metavar="STEP")
    step = steps.add_parser("sample", parents=[shared], help="the sentences of a corpus whose labels would teach the most, as JSON lines")
    step.add_argument("input", nargs="+", help=inputs)
    step.add_argument("-n", "--count", type=int, default=100, help="sentences, with --random of each outlet (default 100)")
    step.add_argument("--random", action="store_true", help="draw sentences of each outlet at random: once labelled, gold for `stance report --gold`")
    step.add_argument("--seed", type=int, help="another number draws others with --random (default 0)")
    step.add_argument("-o", "--output", type=Path, required=True, help="the .jsonl file to write")
    step = steps.add_parser("export", help="JSON lines to Label Studio tasks; prints the labelling interface")
    step.add_argument("input", type=Path, help="rows with text, and if known previous, id, outlet, lang and article")
    step.add_argument("-o", "--output", type=Path, required=True, help="the .json file to import into Label Studio")
    step = steps.add_parser("import", help="a Label Studio JSON export to labelled JSON lines, as `stance evaluate` reads them")
    step.add_argument("input", type=Path, help="Label Studio's export in the format JSON")
    step.add_argument("-o", "--output", type=Path, required=True, help="the .jsonl file to write")

    commands.add_parser("info", parents=[shared], help="version, model revision, threshold", description="Version and model.")
    return top
