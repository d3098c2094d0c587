"""Write ``README.md``, the data set's card; every count in it is computed here: ``python -m annotations.card``."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from annotations.camps import FILE, asked
from annotations.dataset import HERE, WRITER, CampLabel, Document, Label, Sentence, load, read
from annotations.sheets import wanted
from stance.labels import Voice

CARD = """---
license: cc-by-4.0
language: [en, sr, sq]
task_categories: [text-classification]
pretty_name: Framing of the Kosovo-Serbia dispute, sentence by sentence
size_categories: [{size}]
---

# Data set card

## Dataset description

{sentences} sentences as they stand in news about the Kosovo-Serbia dispute, each labelled with its **frame** (pro-Belgrade, pro-Pristina, Western-critical, neutral) and its
**voice** (own, attributed) by the rules of `CODEBOOK.md`. English, Serbian in both scripts, Albanian.

| file | one row is |
| --- | --- |
| `sentences.jsonl` | a sentence: text, the sentence before it, language, script, register, origin, group |
| `documents.jsonl` | a real page that was re-reported: url, outlet, domain, date, event |
| `labels.jsonl` | one annotator's label of one sentence; the annotator `writer` is a writer's intent and never counts towards gold |
| `reannotation.jsonl` | one more annotator's labels of a random sample, to compare gold with |
| `camps.jsonl` | one annotator's label of one attributed sentence: the camp that its speaker belongs to; `SPEAKERS.md` is the guide |
| `speakers.jsonl` | the speaker of an attributed sentence: span, camp, half |
| `gold.jsonl` | the majority of the blind annotators, how many they were and how many agreed, the split, and the speaker's camp |
| `agreement.json` | Krippendorff's alpha by language, and what was confused |

```python
from datasets import load_dataset

from annotations.dataset import load

sentences = load_dataset("json", data_files="annotations/sentences.jsonl", split="train")  # text alone
rows = load("train")  # joined with gold
```

`python -m annotations.check` verifies form, ids, references, splits, near-duplicates across splits, that gold and agreement follow from the labels, the hashes, and the planned counts.

## How the sentences came about

- **Re-reported** ({re_reported} sentences, {documents} pages, {domains} domains): a writer read the opening of a real page and told it anew in its register, same facts, claims, speakers and order of
  importance, in other words and sentences. No text of a page is contained. What a page said decides the frame; nobody aimed at a balance. Provenance stands in `documents.jsonl`.
- **Composed** ({composed}): sentences about real events and positions in many registers, written for cases that pages show too rarely. They are not statements that anybody made.
- **Contrast** ({contrast}): small edits of one sentence that change its frame, or leave it though the words change; `group` is the set.
- **Translated** ({translated}): idiomatic translations of English sentences of the set; `source` names the sentence, whose gold label they share unless annotators labelled them.

All writers were language models. Quotations are newly phrased, and in composed sentences invented, also where a real person or institution is named; they must never be cited as anybody's words.

## Composition

{tables}

Sentence length in words: tenth percentile {p10}, quartiles {p25} / {p50} / {p75}, ninetieth percentile {p90}; {quoted:.0%} contain quotation marks.

## Annotation

Annotators saw a sentence and what stood before it on its page, no intent and no other label. A second annotator labelled a random quarter, every framed contrast sentence and whatever
differed from a writer's intent; a third decided where the two differed (still waiting for a second or third: {open}). {labels} blind labels by {annotators} annotators; {unsettled} sentences are unsettled and kept out of training and test.
A writer's intent and the first blind label of a composed or contrast sentence agree on the frame in {intent:.1%}.

Krippendorff's alpha (nominal) on the random part labelled twice ({random_n} sentences): frame {frame_alpha}, voice {voice_alpha}. Most frequent confusions of frame: {confusions}.
Further annotators, {again_who} of them, labelled {again_n} random gold sentences blind (`reannotation.jsonl`, not part of gold) and agree with gold at alpha {again_frame} for frame and {again_voice} for voice.

The speaker's camp was labelled on {camps} attributed sentences with the whole page in view, on {camps_n} of them, drawn at random, by two annotators (still waiting for a second: {camps_open}): alpha {camp_alpha}. Where the two differ, gold has no camp.

**Annotators were language models following the codebook.** Their agreement shows that the codebook is applied consistently. It does not show that people, least of all people on different sides, would agree as far;
a model trained here inherits whatever the annotators share.

## Limits

Re-reporting keeps a page's claims and order but evens out style; headlines are few; pages were found through a search index, so outlets are not a sample of any media landscape. Several
pages of different splits tell of the same event. Composed sentences are cleaner than real ones. Serbian Cyrillic stands in {cyrillic} sentences; the model reads it in Latin script.

## Licence

CC BY 4.0. Facts and claims come from the pages that are named; their wording does not.
"""


def _table(title: str, rows: Iterable[dict[str, Any]], of: Callable[[dict[str, Any]], str]) -> str:
    counts = Counter(map(of, rows))
    return "\n".join([f"| {title} | sentences |", "| --- | ---: |", *(f"| {name} | {count} |" for name, count in counts.most_common())])


def card(folder: Path = HERE) -> str:
    """The card's text."""
    rows = load(folder=folder)
    documents = list(read(Document, folder / "documents.jsonl"))
    labels = list(read(Label, folder / "labels.jsonl"))
    report = json.loads((folder / "agreement.json").read_text(encoding="utf-8"))
    labelled: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        labelled[label.id].append(label)
    blind: dict[str, Label] = {}
    for label in labels:
        if label.annotator != WRITER:
            blind.setdefault(label.id, label)
    intents = [(label.frame, blind[label.id].frame) for label in labels if label.annotator == WRITER and label.id in blind]
    lengths = sorted(len(row["text"].split()) for row in rows)
    origins = Counter(row["origin"] for row in rows)
    of: dict[str, Callable[[dict[str, Any]], str]] = {
        "frame": lambda row: row["frame"],
        "frame by origin": lambda row: f"{row['origin']}, {row['frame']}",
        "voice": lambda row: row["voice"],
        "camp of the speaker": lambda row: row["camp"] or ("none: own voice" if row["voice"] == Voice.OWN else "none: not labelled, or two differ"),
        "language and script": lambda row: f"{row['lang']}-{row['script']}",
        "register": lambda row: row["register"],
        "split": lambda row: row["split"],
    }
    return CARD.format(
        size="1K<n<10K" if len(rows) < 10_000 else "10K<n<100K",
        sentences=len(rows),
        re_reported=origins["re-reported"],
        composed=origins["composed"],
        contrast=origins["contrast"],
        translated=origins["translated"],
        documents=len(documents),
        domains=len({row.domain for row in documents}),
        tables="\n\n".join(_table(name, rows, key) for name, key in of.items()),
        **{f"p{percent}": lengths[len(lengths) * percent // 100] for percent in (10, 25, 50, 75, 90)},
        quoted=sum(bool(re.search(r"[\"“”„«»]", row["text"])) for row in rows) / len(rows),
        labels=sum(label.annotator != WRITER for label in labels),
        annotators=len({label.annotator for label in labels} - {WRITER}),
        open=sum(wanted(number, sentence, labelled[sentence.id]) for number in (2, 3) for sentence in read(Sentence, folder / "sentences.jsonl")),
        unsettled=sum(not row["settled"] for row in rows),
        intent=sum(a == b for a, b in intents) / max(1, len(intents)),
        random_n=report["random"]["sentences"],
        frame_alpha=report["random"]["all"]["frame"],
        voice_alpha=report["random"]["all"]["voice"],
        again_who=len({label.annotator for label in read(Label, HERE / "reannotation.jsonl")}),
        again_n=report["reannotation"]["n"],
        again_frame=report["reannotation"]["frame"],
        again_voice=report["reannotation"]["voice"],
        camps=report["camp"]["labelled"],
        camps_n=report["camp"]["n"],
        camps_open=len(asked(2, rows, list(read(CampLabel, folder / FILE)))),
        camp_alpha=report["camp"]["camp"],
        confusions="; ".join(f"{pair} ({count})" for pair, count in list(report["confused"].items())[:4]) or "none",
        cyrillic=sum(row["script"] == "Cyrl" for row in rows),
    )


if __name__ == "__main__":
    (HERE / "README.md").write_text(card(), encoding="utf-8")
