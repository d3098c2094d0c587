"""Derive ``gold.jsonl`` and ``agreement.json`` from ``labels.jsonl`` and ``camps.jsonl``.

Gold is the majority of the blind annotators, frame and voice each for itself. Where either has none, the sentence is unsettled: it keeps the label of the
one whom the writer's intent supports, else of the first, is marked, and takes no part in training or figures. A
translated sentence that nobody labelled has the gold of its source.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

from annotations.camps import agreed, answers
from annotations.dataset import HERE, WRITER, Gold, Label, Sentence, read, split_of, write
from stance.labels import CAMPS, FRAMES, VOICES, Voice


def decide(votes: list[str], intent: str | None) -> tuple[str, bool]:
    """The label and whether it is settled.

    >>> decide(["a", "b", "b"], None), decide(["a", "b"], "b"), decide(["a", "b"], None)
    (('b', True), ('b', False), ('a', False))
    """
    counts = Counter(votes)
    top = max(counts.values())
    leaders = [vote for vote in votes if counts[vote] == top]
    if len(set(leaders)) == 1:
        return leaders[0], True
    return (intent if intent in leaders else leaders[0]), False


def derive(folder: Path = HERE) -> list[Gold]:
    """Gold of every sentence that has a blind label or whose source has, in the order of the sentences."""
    labels: dict[str, list[Label]] = defaultdict(list)
    intents: dict[str, Label] = {}
    for label in read(Label, folder / "labels.jsonl"):
        if label.annotator == WRITER:
            intents[label.id] = label
        else:
            labels[label.id].append(label)
    camps = answers(folder)
    gold: dict[str, Gold] = {}
    for sentence in sorted(read(Sentence, folder / "sentences.jsonl"), key=lambda item: bool(item.source)):
        votes = labels[sentence.id]
        split = split_of(sentence.group)
        if votes:
            intent = intents.get(sentence.id)
            frame, settled = decide([vote.frame for vote in votes], intent.frame if intent else None)
            voice, told = decide([vote.voice for vote in votes], intent.voice if intent else None)
            agreeing = sum(vote.frame == frame for vote in votes)
            camp = agreed(camps[sentence.id]) if voice == Voice.ATTRIBUTED else ""
            gold[sentence.id] = Gold(sentence.id, frame, voice, len(votes), agreeing, settled and told, split, camp)
        elif sentence.source in gold:
            source = gold[sentence.source]
            camp = agreed(camps[sentence.id]) if sentence.id in camps else source.camp
            gold[sentence.id] = Gold(sentence.id, source.frame, source.voice, 0, 0, source.settled, split, camp)
    return [gold[sentence.id] for sentence in read(Sentence, folder / "sentences.jsonl") if sentence.id in gold]


def alpha(pairs: list[list[str]], values: tuple[str, ...], least: int = 20) -> float | None:
    """Krippendorff's alpha (nominal) of units with two or more labels; ``None`` below ``least`` units or where all labels are the same."""
    import krippendorff
    import numpy as np

    if len(pairs) < least or len({label for pair in pairs for label in pair}) < 2:
        return None
    counts = np.array([[pair.count(value) for value in values] for pair in pairs])
    return round(float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")), 4)


def agreement(folder: Path = HERE) -> dict[str, Any]:
    """Alpha per language and for all, and how often two annotators' frames were confused.

    All labels that were asked for without knowledge of other labels count; a second label was asked for at random on a quarter of
    the sentences and where a writer's intent differed, so ``random`` gives alpha on the random quarter, which is the fair figure.
    ``reannotation`` compares gold with one more annotator on a random sample, whose labels never count towards gold.
    """
    from annotations.sheets import chosen_twice

    labels: dict[str, list[Label]] = defaultdict(list)
    for label in read(Label, folder / "labels.jsonl"):
        if label.annotator != WRITER:
            labels[label.id].append(label)
    sentences = {sentence.id: sentence for sentence in read(Sentence, folder / "sentences.jsonl")}
    twice = {name: found[:2] for name, found in labels.items() if len(found) > 1}
    report: dict[str, Any] = {"sentences": len(sentences), "labels": sum(map(len, labels.values())), "labelled_twice_or_more": len(twice)}
    for part, names in {"all": list(twice), "random": [name for name in twice if chosen_twice(name)]}.items():
        report[part] = {"sentences": len(names)}
        for lang in ("all", "en", "sr", "sq"):
            chosen = [twice[name] for name in names if lang in ("all", sentences[name].lang)]
            report[part][lang] = {
                "n": len(chosen),
                "frame": alpha([[label.frame for label in pair] for pair in chosen], tuple(FRAMES)),
                "voice": alpha([[label.voice for label in pair] for pair in chosen], tuple(VOICES)),
            }
    gold = {row.id: row for row in read(Gold, folder / "gold.jsonl")}
    again = list(read(Label, folder / "reannotation.jsonl"))
    report["reannotation"] = {
        "n": len(again),
        "frame": alpha([[gold[label.id].frame, label.frame] for label in again], tuple(FRAMES)),
        "voice": alpha([[gold[label.id].voice, label.voice] for label in again], tuple(VOICES)),
    }
    camps = answers(folder)
    pairs = [found[:2] for found in camps.values() if len(found) > 1]
    report["camp"] = {"labelled": len(camps), "n": len(pairs), "camp": alpha(pairs, tuple(CAMPS))}
    confusions = Counter(" / ".join(sorted((a.frame, b.frame))) for pair in twice.values() for a, b in combinations(pair, 2) if a.frame != b.frame)
    report["confused"] = dict(confusions.most_common())
    return report


def main() -> None:
    gold = derive()
    write(HERE / "gold.jsonl", gold)
    report = agreement()
    (HERE / "agreement.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"{len(gold)} gold sentences, {sum(not row.settled for row in gold)} unsettled")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
