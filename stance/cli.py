"""The command ``stance``: parses, calls a function, prints."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from stance.grammar import parser
from stance.labels import StanceError

if TYPE_CHECKING:
    from stance.records import Article, Labelled


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 if all went well, 1 if something could not be used (said on standard error), 2 for wrong usage."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    options = parser().parse_args(words)
    options.line = shlex.join(["stance", *words])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        run = {"score": _score, "explain": _explain, "report": _report, "evaluate": _evaluate, "annotate": _annotate, "info": _info}
        with warnings.catch_warnings():
            warnings.showwarning = _tell
            status = run[options.command](options)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("stance: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the output wants no more of it
        _discard_output()
        return 0
    except (StanceError, OSError) as error:
        from stance.records import printable

        message = str(error)
        if isinstance(error, OSError):
            message = f"{error.filename or 'standard output'}: {error.strerror or error}"
            if not error.filename:
                _discard_output()
        print("stance: " + "\n".join(map(printable, message.split("\n"))), file=sys.stderr)
        return 1


def _tell(message: Warning | str, *_: object, **__: object) -> None:
    """A warning as a note, without the line of the source."""
    from stance.records import printable

    print(f"note: {printable(str(message))}", file=sys.stderr)


def _discard_output() -> None:
    """What waits to be written to standard output is not tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Errors of writing name the file; those of a full disk do not by themselves."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


class _Input:
    """The articles of all inputs; records that cannot be used are counted and printed, what is noted of others is printed."""

    def __init__(self, paths: Iterable[str]) -> None:
        from stance.corpus import Record, read_articles, read_source

        def read(path: str) -> Iterator[Record]:
            name = "standard input"
            return read_source(sys.stdin.buffer.read(), name, {"outlet": name}) if path == "-" else read_articles(path)

        self.rejected = 0
        self._records = [read(path) for path in paths]  # a wrong path is told before anything is scored

    def __iter__(self) -> Iterator[Article]:
        from stance.corpus import Notice
        from stance.records import Article, printable

        for records in self._records:
            for record in records:
                if isinstance(record, Article):
                    yield record
                elif isinstance(record, Notice):
                    print(f"note: {printable(str(record))}", file=sys.stderr)
                else:
                    self.rejected += 1
                    print(f"left out: {printable(str(record))}", file=sys.stderr)


def _writable(path: Path, folder: bool = False) -> None:
    if not path.resolve().parent.is_dir():
        raise StanceError(f"{path}: there is no folder {path.resolve().parent} to write into")
    if path.exists() and path.is_dir() is not folder:
        raise StanceError(f"{path} is a {'file' if folder else 'folder'}; needed is a {'folder' if folder else 'file'} to write, or a new name")


def _score(options: argparse.Namespace) -> int:
    from stance.scoring import Classifier

    articles = _Input(options.input)
    classifier = Classifier.load(options.model, threads=options.threads)
    for article, score in classifier.pairs(articles, lang=options.lang, progress=sys.stderr.isatty()):
        known = {name: value for name in ("id", "outlet", "title", "date", "url", "event") if (value := getattr(article, name))}
        row = asdict(score)
        told = {name: row[name] for name in row if name not in ("title", "outlet")}
        print(json.dumps(known | told | {"revision": classifier.revision}, ensure_ascii=False))
    return 1 if articles.rejected else 0


def _given(text: str) -> list[Article] | _Input:
    """A text in quotes as the only article; the articles of a file or folder of that name."""
    from stance.corpus import SUFFIXES
    from stance.records import Article

    if text == "-" or os.path.exists(text):  # unlike Path.exists, false for a text that is too long for a name
        return _Input([text])
    if not text.strip():
        raise StanceError("the text is empty")
    if len(text.split()) == 1 or text.lower().endswith(SUFFIXES):
        raise StanceError(f"{text}: no such file; needed is a file, a folder, or a text of more than one word")
    return [Article(text, "")]


def _explain(options: argparse.Namespace) -> int:
    from stance.explain import described
    from stance.records import printable
    from stance.scoring import Classifier

    articles = _given(options.input)
    classifier = Classifier.load(options.model, threads=options.threads)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for article, score in classifier.pairs(articles, lang=options.lang):
        print(*map(printable, filter(None, [article.outlet, article.title, str(score).partition("\n")[0]])), sep="\n")
        for at in range(len(score.sentences)):
            print(described(score.explain(at, classifier=classifier), colour=colour), flush=True)
    return 1 if isinstance(articles, _Input) and articles.rejected else 0


def _report(options: argparse.Namespace) -> int:
    from stance import drawing, tables
    from stance.compare import compare
    from stance.records import printable
    from stance.report import render
    from stance.scoring import Classifier

    html = options.format == "html"
    output = options.output or Path("report" if options.format == "csv" else f"report.{options.format}")
    if html or options.figures:
        drawing.require("jinja2")
    if not html:
        tables.require(options.format)
    _writable(output, folder=options.format == "csv")
    if options.figures:
        _writable(options.figures, folder=True)
    gold = _gold(options.gold) if options.gold else []
    articles = _Input(options.input)
    classifier = Classifier.load(options.model, threads=options.threads)
    comparison = compare(articles, classifier=classifier, gold=gold, progress=sys.stderr.isatty())
    if not comparison.outlets:
        raise StanceError("no article with a sentence was found; nothing to compare")
    print(*map(printable, str(comparison).split("\n")), sep="\n")
    with _writing(output):
        if html:
            output.write_text(render(comparison, command=options.line, left_out=articles.rejected), encoding="utf-8")
        else:
            tables.write_tables(comparison, output, options.format)
    drawn = []
    if options.figures:
        with _writing(options.figures):
            drawn = drawing.write_figures(comparison, options.figures)
    print("\nwrote " + ", ".join(str(path) for path in (output, *drawn)), file=sys.stderr)
    return 1 if articles.rejected else 0


def _gold(path: Path) -> list[Labelled]:
    from stance.evaluation import read_labelled

    rows = list(read_labelled(path))
    if missing := sum(not row.outlet for row in rows):
        raise StanceError(f"{path}: {missing} of {len(rows)} rows have no outlet; gold labels for a report need outlet, text and frame")
    return rows


def _evaluate(options: argparse.Namespace) -> int:
    from stance.evaluation import evaluate, read_labelled
    from stance.scoring import Classifier

    result = evaluate(list(read_labelled(options.labelled)), Classifier.load(options.model, threads=options.threads))
    print(json.dumps(asdict(result), ensure_ascii=False) if options.json else result)
    return 0


def _annotate(options: argparse.Namespace) -> int:
    from stance import annotate

    _writable(options.output)
    rejected = 0
    if options.step == "sample":
        from stance.scoring import Classifier

        if options.seed is not None and not options.random:
            raise StanceError("annotate sample: --seed is for --random; without it the sentences are chosen, not drawn")
        articles = _Input(options.input)
        if options.random:
            found = annotate.draw(articles, options.count, seed=options.seed or 0)
        else:
            classifier = Classifier.load(options.model, threads=options.threads)
            found = annotate.sample(articles, options.count, classifier=classifier, progress=sys.stderr.isatty())
        with _writing(options.output):
            annotate.write_candidates(options.output, found)
        count, rejected = len(found), articles.rejected
    elif options.step == "export":
        tasks = annotate.to_label_studio(options.input)
        with _writing(options.output):
            options.output.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(annotate.CONFIG)
        count = len(tasks)
    else:
        rows = annotate.from_label_studio(options.input)
        with _writing(options.output):
            options.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        count = len(rows)
    print(f"wrote {count} to {options.output}", file=sys.stderr)
    return 1 if rejected else 0


def _info(options: argparse.Namespace) -> int:
    from importlib.metadata import version

    from stance.artifacts import files_of, find, read_settings

    folder = find(options.model)
    settings = read_settings(folder)
    size = sum(file.stat().st_size for file in files_of(folder)) / 1e6
    print(
        f"stance-kosovo {version('stance-kosovo')}\nmodel revision {settings.revision} ({size:.1f} MB), certain from a margin of {settings.threshold:.3f}"
    )
    print(
        f"frames {', '.join(settings.frames)}\nvoices {', '.join(settings.voices)}\ncamps {', '.join(settings.camps) or 'none'}\ntrained on gold labels sha256 {settings.data}"
    )
    together = f"sentences together, up to {settings.context} tokens" + " besides the text's first sentence" * settings.headline
    print(f"reads {together if settings.context else 'each sentence alone'}, and at most {settings.longest} tokens of one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
