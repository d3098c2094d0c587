"""Read writers' plain-text files into ``documents.jsonl``, ``sentences.jsonl`` and the writers' intents in ``labels.jsonl``.

Three forms are read. A file of re-reported pages has an ``@ url | outlet | date | lang | register | event`` line before each
page, then one sentence a line (a headline starts with ``#``). An item file has ``FV | register | previous | sentence``
lines, F being the intended frame's first letter (B P W N) and V the voice's (o a); blank lines part contrast sets, and whole
texts in files named texts_LANG...
A file named tr_LANG... has ``id | previous | sentence`` lines, translations of sentences that the set already holds.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from annotations.dataset import HERE, WRITER, Document, Label, Record, Sentence, identify, read, script_of, write
from stance.labels import FRAMES, VOICES

FRAME_OF = dict(zip("BPWN", (frame.value for frame in FRAMES), strict=True))
VOICE_OF = {voice.value[0]: voice.value for voice in VOICES}
SHORTEST, LONGEST, COPY = 3, 120, 6
"""Words a sentence must and may have, and how many words in a row make a copy."""

Item = tuple[Sentence, Label | None]


def grams(text: str, length: int = COPY) -> set[str]:
    """Every run of ``length`` words, lower-cased."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + length]) for start in range(len(words) - length + 1)}


def protected(paths: Iterable[Path]) -> set[str]:
    """Word runs that may not occur: of .txt files and of the ``text`` and ``previous`` fields of .jsonl files."""
    runs: set[str] = set()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix == ".txt":
                runs |= grams(file.read_text(encoding="utf-8"))
            elif file.suffix == ".jsonl":
                rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
                runs |= {run for row in rows for key in ("text", "previous") for run in grams(row.get(key) or "")}
    return runs


def read_pages(path: Path) -> Iterator[tuple[Document, list[str]]]:
    """Pages of a re-reporting file with their sentences, headline first."""
    page: Document | None = None
    texts: list[str] = []
    for number, line in enumerate(map(str.strip, path.read_text(encoding="utf-8").splitlines()), 1):
        if line.startswith("@"):
            if page:
                yield page, texts
            parts = [part.strip() for part in line[1:].split("|")]
            if len(parts) != 6:
                raise ValueError(f"{path.name}:{number}: the @ line has {len(parts)} fields, needs 6")
            url, outlet, date, lang, register, event = parts
            domain = urlsplit(url).netloc.removeprefix("www.")
            known = re.fullmatch(r"\d{4}(-\d\d){0,2}", date)
            page = Document(identify(url), url, outlet, domain, date if known else "", lang, register, event)
            texts = []
        elif line and page:
            texts.append(line.removeprefix("#").strip())
    if page:
        yield page, texts


def read_items(path: Path, lang: str, origin: str, *, whole: bool) -> Iterator[Item]:
    """Composed or contrast sentences with the writer's intent.

    With ``whole``, what stands between blank lines is one group (a contrast set, a text), named after its first sentence.
    """
    group, position = "", 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            group = ""
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 4 or not re.fullmatch(r"[BPWN][oa]", parts[0]):
            raise ValueError(f"{path.name}:{number}: got {line[:60]!r}, needs 'FV | register | previous | sentence'")
        intent, register, previous, text = parts
        previous = "" if previous == "-" else previous
        name = identify(previous, text)
        if not whole or not group:
            group, position = name, 0
        sentence = Sentence(name, group, position, lang, script_of(text), origin, register, previous, text)
        yield sentence, Label(name, WRITER, FRAME_OF[intent[0]], VOICE_OF[intent[1]])
        position += 1


def read_translations(path: Path, lang: str, sources: dict[str, Sentence]) -> Iterator[Item]:
    """Translations, ``id | previous | sentence`` lines, with the group and register of what they translate."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 3 or parts[0] not in sources:
            raise ValueError(f"{path.name}:{number}: got {line[:60]!r}, needs 'id | previous | sentence' with the id of a sentence of the set")
        source = sources[parts[0]]
        previous, text = "" if parts[1] == "-" else parts[1], parts[2]
        name = identify(previous, text)
        yield Sentence(name, source.group, source.position, lang, script_of(text), "translated", source.register, previous, text, source.id), None


def page_items(document: Document, texts: list[str]) -> Iterator[Item]:
    """Sentences of one page, each with the one before it."""
    for position, (previous, text) in enumerate(zip(["", *texts], texts, strict=False)):
        name = identify(previous, text)
        script = script_of(text)
        yield Sentence(name, document.document, position, document.lang, script, "re-reported", document.register, previous, text), None


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower())


def _held(kind: type[Record], path: Path) -> list[Record]:
    return list(read(kind, path)) if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "files", nargs="+", type=Path, help="writers' files; lang and origin of an item file come from its name, as in contrast_sr_2.txt"
    )
    parser.add_argument("--never", nargs="*", type=Path, default=[], help="texts (files or folders) from which no six words in a row may come")
    parser.add_argument("--into", type=Path, default=HERE, help="the data set's folder")
    options = parser.parse_args()

    documents = _held(Document, options.into / "documents.jsonl")
    sentences = _held(Sentence, options.into / "sentences.jsonl")
    labels = _held(Label, options.into / "labels.jsonl")
    forbidden = protected(options.never)
    pages = {document.url for document in documents}
    texts = {_plain(sentence.text) for sentence in sentences}
    counts: Counter[str] = Counter()

    def keep(items: Iterable[Item]) -> None:
        for given, intent in items:
            sentence = given
            if forbidden & grams(given.previous):
                sentence = replace(given, id=identify("", given.text), previous="")
                intent = replace(intent, id=sentence.id) if intent else None  # noqa: PLW2901
            reason = (
                "length" if not SHORTEST <= len(sentence.text.split()) <= LONGEST
                else "repeated" if _plain(sentence.text) in texts
                else "copied" if forbidden & grams(sentence.text)
                else "kept"
            )  # fmt: skip
            counts[reason] += 1
            if reason == "kept":
                texts.add(_plain(sentence.text))
                sentences.append(sentence)
                labels.extend([intent] if intent else [])

    for path in options.files:
        if re.search(r"^\ufeff?@ ", path.read_text(encoding="utf-8"), re.MULTILINE):
            for document, lines in read_pages(path):
                if document.url in pages:
                    counts["page known"] += 1
                    continue
                pages.add(document.url)
                documents.append(document)
                keep(page_items(document, lines))
        elif path.stem.startswith("tr_"):
            keep(read_translations(path, path.stem[3:5], {sentence.id: sentence for sentence in sentences}))
        else:
            lang = next(part for part in re.split(r"[\W_]", path.stem) if re.match(r"(en|sr|sq)\d*$", part))[:2]
            origin = "contrast" if "contrast" in path.stem else "composed"
            keep(read_items(path, lang, origin, whole=origin == "contrast" or path.stem.startswith("texts")))
    write(options.into / "documents.jsonl", documents)
    write(options.into / "sentences.jsonl", sentences)
    write(options.into / "labels.jsonl", labels)
    print(", ".join(f"{reason} {count}" for reason, count in counts.most_common()))


if __name__ == "__main__":
    main()
