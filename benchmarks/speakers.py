"""How well speakers and camps are told: ``python -m benchmarks.speakers`` writes ``benchmarks/results/speakers.json``.

Spans are measured on the attributed sentences of ``annotations/speakers.jsonl``, per half and language, each with the sentence before it as context. Overlap
counts a span that shares a character with the annotated one, exact one with the same bounds; both are F1 over the sentences that name a speaker.

Camps are measured on the attributed sentences of the validation and test splits, whose camps were annotated with the whole page in view, and scored as an
article is: with all that stands before them on their page and its year (those that stand alone: with the sentence before them); voices are gold's. Accuracy
counts "unknown" as a camp. Beside what is shipped stand the rules and the classifier alone. Sentences by whose errors the rules
were written (the ``development`` half) are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from annotations.dataset import HERE, Document, as_excerpt, excerpts_of, load, read
from annotations.speakers import SpeakerLabel, read_speakers
from stance.labels import Camp, Voice
from stance.records import Speaker
from stance.scoring import LANGUAGES, Classifier
from stance.speakers import Guess, heard, heard_after, likeliest

RESULTS = Path(__file__).resolve().parent / "results" / "speakers.json"
Row = dict[str, Any]
Pair = tuple[SpeakerLabel, Speaker | None]
PUBLISHED = {
    "note": "Published figures of rule systems that find quotations or their speakers, each on its own English news data: another task and other texts, for orientation only.",
    "GenderGapTracker (Asr et al. 2021)": {"loose": 0.837, "strict": 0.761},
    "BBC Citron": {"overlap": 0.832, "exact": 0.567},
}


def figures(pairs: Sequence[Pair]) -> dict[str, float | int]:
    """Span F1 by overlap and exactly."""
    named = [(label, found) for label, found in pairs if label.start is not None]
    spans = sum(bool(found and found.text) for _, found in pairs)
    overlap = [(label, found) for label, found in named if found and found.text and found.start < (label.end or 0) and found.end > (label.start or 0)]
    exact = sum(found is not None and (found.start, found.end) == (label.start, label.end) for label, found in overlap)
    return {
        "sentences": len(pairs),
        "spans": len(named),
        "overlap precision": len(overlap) / max(1, spans),
        "overlap recall": len(overlap) / max(1, len(named)),
        "overlap F1": 2 * len(overlap) / max(1, spans + len(named)),
        "exact F1": 2 * exact / max(1, spans + len(named)),
    }


def span_sets(rows: dict[str, Row]) -> Iterator[tuple[str, list[Pair]]]:
    """Labels with the speakers that the rules give, by half and language."""
    pairs = [(label, heard_after(row["previous"], row["text"], 1.0, row["lang"])[1]) for label in read_speakers() for row in [rows[label.id]]]
    for half in ("development", "test"):
        chosen = [(label, found) for label, found in pairs if label.half == half]
        yield half, chosen
        for lang in LANGUAGES:
            yield f"{half} {lang}", [(label, found) for label, found in chosen if rows[label.id]["lang"] == lang]


def camps_of(page: Sequence[Row], said: Sequence[Guess], year: int | None) -> list[Camp]:
    """The camps that scoring gives the sentences of a page; ``said`` are the classifier's guesses. A single sentence has the one before it as context."""
    if len(page) == 1:
        row = page[0]
        return [camp_of(heard_after(row["previous"], row["text"], 1.0, row["lang"], said[0])[1])]
    ends = list(accumulate(len(row["text"]) + 1 for row in page))
    spans = [(end - len(row["text"]) - 1, end - 1) for end, row in zip(ends, page, strict=True)]
    likely = [float(row["voice"] == Voice.ATTRIBUTED) for row in page]
    return [camp_of(speaker) for _, speaker in heard(" ".join(row["text"] for row in page), spans, likely, page[0]["lang"], year, guesses=said)]


def camp_of(speaker: Speaker | None) -> Camp:
    """The camp, unknown where there is no speaker."""
    return speaker.camp if speaker else Camp.UNKNOWN


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of the speaker of a gold row: by the rules alone, by the classifier alone, and by both as shipped."""

    row: Row
    rules: Camp
    classifier: Camp
    both: Camp


def camp_sets(rows: Sequence[Row], classifier: Classifier) -> Iterator[tuple[str, list[Answer]]]:
    """Answers by split, language and origin."""
    years = {page.document: int(page.date[:4]) if page.date else None for page in read(Document, HERE / "documents.jsonl")}
    seen = {label.id for label in read_speakers() if label.half == "development"}
    for split in ("validation", "test"):
        pages: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["position"]):
            if row["split"] == split:
                pages[row["group"] if row["origin"] == "re-reported" else row["id"]].append(row)
        answers = []
        for page in pages.values():
            *_, told = classifier.network.probabilities([as_excerpt(excerpt) for excerpt in excerpts_of(page)])
            said, year = told.tolist(), years.get(page[0]["group"])
            alone = [likeliest(Camp.UNKNOWN, guess) for guess in said]
            columns = page, camps_of(page, [()] * len(page), year), alone, camps_of(page, said, year)
            answers += [Answer(*values) for values in zip(*columns, strict=True) if values[0]["camp"] and values[0]["id"] not in seen]
        yield split, answers
        for name in LANGUAGES:
            yield f"{split} {name}", [answer for answer in answers if answer.row["lang"] == name]
        yield f"{split} re-reported", [answer for answer in answers if answer.row["origin"] == "re-reported"]


def accuracies(answers: Sequence[Answer]) -> dict[str, float | int]:
    """Share of the sentences whose camp is the annotated one, and of those for which a camp is told."""
    found: dict[str, float | int] = {"sentences": len(answers), "annotated as unknown": sum(answer.row["camp"] == Camp.UNKNOWN for answer in answers)}
    for name in ("rules", "classifier", "both"):
        camps = [(answer.row["camp"], getattr(answer, name)) for answer in answers]
        told = [(gold, camp) for gold, camp in camps if camp is not Camp.UNKNOWN]
        found[f"accuracy, {name}"] = sum(gold == camp for gold, camp in camps) / max(1, len(camps))
        found[f"told, {name}"] = len(told) / max(1, len(camps))
        found[f"accuracy where told, {name}"] = sum(gold == camp for gold, camp in told) / max(1, len(told))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", help="a model folder (default: the built-in model)")
    rows, classifier = load(), Classifier.load(parser.parse_args().model)
    results = {
        "revision": classifier.revision,
        "spans": {name: figures(pairs) for name, pairs in span_sets({row["id"]: row for row in rows})},
        "camps": {name: accuracies(answers) for name, answers in camp_sets([row for row in rows if row["settled"]], classifier)},
        "published": PUBLISHED,
    }
    for kind in ("spans", "camps"):
        for name, values in results[kind].items():
            values |= {key: round(value, 4) for key, value in values.items()}
            print(f"{kind} {name:<22}" + "; ".join(f"{key} {round(value, 3)}" for key, value in values.items()))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
