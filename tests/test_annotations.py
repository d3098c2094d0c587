"""The shipped data set passes its check, and planted faults do not."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotations import camps
from annotations import check as checker
from annotations.collect import read_items, read_pages
from annotations.dataset import CampLabel, Document, Label, Sentence, load, read, write
from annotations.gold import agreement, alpha, derive
from annotations.sheets import read_sheet, wanted
from annotations.speakers import SpeakerLabel, faults, half_of, read_speakers, sample


@pytest.fixture(scope="module")
def small(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound data set of the first 300 sentences."""
    folder, source = tmp_path_factory.mktemp("annotations"), root / "annotations"
    sentences = list(read(Sentence, source / "sentences.jsonl"))[:300]
    names, groups = {row.id for row in sentences}, {row.group for row in sentences}
    write(folder / "sentences.jsonl", sentences)
    write(folder / "documents.jsonl", (row for row in read(Document, source / "documents.jsonl") if row.document in groups))
    for name in ("labels.jsonl", "reannotation.jsonl"):
        write(folder / name, (row for row in read(Label, source / name) if row.id in names))
    write(folder / "camps.jsonl", (row for row in read(CampLabel, source / "camps.jsonl") if row.id in names))
    write(folder / "gold.jsonl", derive(folder))
    (folder / "agreement.json").write_text(json.dumps(agreement(folder)), encoding="utf-8")
    (folder / "plan.toml").write_text("[least]\nsentences = 300\n", encoding="utf-8")
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in checker.FILES]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    assert checker.check(folder) == []
    return folder


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "annotations"))


def test_shipped_data_set_is_sound(root: Path) -> None:
    assert checker.check(root / "annotations") == []


def change(name: str, line: int, **values: Any) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        lines[line] = json.dumps(json.loads(lines[line]) | values, ensure_ascii=False)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    return plant


def repeat(name: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([*lines, lines[0]]) + "\n", encoding="utf-8")

    return plant


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (change("sentences.jsonl", 2, text="Another sentence altogether."), "sentences.jsonl:3: id"),
        (change("sentences.jsonl", 0, lang="de"), "sentences.jsonl:1: lang is 'de'"),
        (change("sentences.jsonl", 0, script="Cyrl"), "sentences.jsonl:1: script is 'Cyrl'"),
        (change("sentences.jsonl", 0, origin="scraped"), "sentences.jsonl:1: origin"),
        (change("sentences.jsonl", 0, group="0"), "sentences.jsonl:1: document 0 is not in documents.jsonl"),
        (change("sentences.jsonl", 0, colour="red"), "sentences.jsonl:1: has"),
        (repeat("sentences.jsonl"), "stands in sentences.jsonl:1 too"),
        (change("labels.jsonl", 4, frame="left"), "labels.jsonl:5: label 'left'"),
        (change("labels.jsonl", 4, id="000000000000"), "labels.jsonl:5: sentence 000000000000 is not"),
        (repeat("labels.jsonl"), "twice"),
        (change("gold.jsonl", 1, split="nowhere"), "gold.jsonl:2: gold does not follow"),
        (change("camps.jsonl", 0, camp="Vienna"), "camps.jsonl:1: camp is 'Vienna'"),
        (change("camps.jsonl", 0, camp="Western"), "gold does not follow"),
        (change("camps.jsonl", 0, id="000000000000"), "camps.jsonl:1: 000000000000 is no gold sentence"),
        (repeat("documents.jsonl"), "stands there 2 times"),
        (lambda folder: (folder / "plan.toml").write_text("[least]\nsentences = 301\n"), "sentences is 300, at least 301 are planned"),
        (change("documents.jsonl", 0, outlet="Renamed"), "SHA256SUMS: documents.jsonl has another hash"),
    ],
)
def test_planted_faults_are_found(copy: Path, plant: Callable[[Path], None], message: str) -> None:
    plant(copy)
    faults = checker.check(copy)
    assert any(message in fault for fault in faults), faults[:5]


def test_splits_keep_groups_together() -> None:
    places: dict[str, set[str]] = {}
    for row in load():
        places.setdefault(row["group"], set()).add(row["split"])
    assert all(len(found) == 1 for found in places.values())


def test_opens_with_datasets(root: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    data = datasets.load_dataset("json", data_files=str(root / "annotations" / "sentences.jsonl"), split="train", cache_dir=str(tmp_path))
    assert {"id", "text", "lang"} <= set(data.column_names)


def test_writers_files(tmp_path: Path) -> None:
    page = tmp_path / "en_1.txt"
    page.write_text(
        "@ https://www.example.org/a | Daily | 2023-05 | en | wire | Talks\n# Envoy returns\nThe envoy came.\n\n@ https://example.org/b | B | ? | sr | blog | x\nДошао је.\n",
        encoding="utf-8",
    )
    (first, texts), (second, _) = read_pages(page)
    assert (first.domain, first.date, texts) == ("example.org", "2023-05", ["Envoy returns", "The envoy came."])
    assert second.date == ""
    items = tmp_path / "contrast_en.txt"
    items.write_text(
        "No | wire | - | The envoy came.\nPa | wire | - | The envoy blamed Belgrade.\n\nBo | op_ed | Before. | Serbs were chased away again.\n",
        encoding="utf-8",
    )
    found = list(read_items(items, "en", "contrast", whole=True))
    assert [item[0].position for item in found] == [0, 1, 0]
    assert found[0][0].group == found[1][0].group != found[2][0].group
    assert [(item[1].frame, item[1].voice) for item in found if item[1]] == [
        ("neutral", "own"),
        ("pro-Pristina", "attributed"),
        ("pro-Belgrade", "own"),
    ]
    items.write_text("X | wire | - | The envoy came.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"contrast_en\.txt:1: got"):
        list(read_items(items, "en", "contrast", whole=True))


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("1 No\n1 Bo\n2 No", "answered twice"),
        ("1 No", "no answer for 1 of 2"),
        ("1 No\n2 Xo", r"s1\.a\.txt:2"),
        ("1 No\n2 No\n3 No", r"s1\.a\.txt:3"),
    ],
)
def test_sheets_with_faults_are_refused(tmp_path: Path, answers: str, message: str) -> None:
    (tmp_path / "s1.key.json").write_text('["aa", "bb"]', encoding="utf-8")
    (tmp_path / "s1.a.txt").write_text(answers, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_sheet(tmp_path / "s1.a.txt", "a")


def test_rounds() -> None:
    sentence = Sentence("0" * 12, "g", 0, "en", "Latn", "composed", "wire", "", "The envoy came.")
    intent, a, b = (Label(sentence.id, name, frame, "own") for name, frame in [("writer", "neutral"), ("a", "pro-Belgrade"), ("b", "neutral")])
    assert wanted(1, sentence, [intent])
    assert not wanted(1, sentence, [intent, a])
    assert wanted(2, sentence, [intent, a]), "differs from the intent"
    assert wanted(3, sentence, [intent, a, b])
    assert not wanted(3, sentence, [intent, a, Label(sentence.id, "c", "pro-Belgrade", "own")])


def test_alpha_against_a_published_value() -> None:
    """Two coders, ten binary units: 0.095 (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section A)."""
    a, b = "0100000000", "1110010100"
    assert alpha([[x, y] for x, y in zip(a, b, strict=True)], ("0", "1"), least=10) == pytest.approx(0.095, abs=0.0005)
    assert alpha([["0", "0"]] * 30, ("0", "1")) is None


def test_card_is_current(root: Path) -> None:
    from annotations.card import card

    assert (root / "annotations" / "README.md").read_text(encoding="utf-8") == card(), "run python -m annotations.card"


def camp_rows() -> list[dict[str, Any]]:
    """A page of three sentences, the second in the author's own voice, and one sentence that stands alone."""
    page = [{"id": name, "group": "page", "origin": "re-reported", "position": place} for place, name in enumerate("abc")]
    rows = [*page, {"id": "d", "group": "d", "origin": "composed", "position": 0}]
    for row in rows:
        row |= {"text": f"Text {row['id']}.", "previous": "Before.", "voice": "own" if row["id"] == "b" else "attributed", "settled": True}
    return rows


def test_camp_sheets_show_whole_pages(tmp_path: Path) -> None:
    rows = camp_rows()
    wanted = camps.asked(1, rows, [])
    assert wanted == {"a", "c", "d"}
    ((text, names),) = camps.sheets(rows, wanted, 10)
    parts = dict(zip(names, range(1, 4), strict=True))
    assert f"{parts['a']} Text a.\n| Text b.\n{parts['c']} Text c." in text
    assert f"{parts['d']} (Before.) >> Text d." in text
    assert [len(found) for _, found in camps.sheets(rows, wanted, 1)] in ([2, 1], [1, 2]), "a page stays whole"
    (tmp_path / "c1.key.json").write_text(json.dumps(names), encoding="utf-8")
    (tmp_path / "c1.ana.txt").write_text("1 B\n2 P\n3. U\n", encoding="utf-8")
    labels = camps.read_sheet(tmp_path / "c1.ana.txt")
    assert [(label.id, label.annotator, label.camp) for label in labels] == list(
        zip(names, ["ana"] * 3, ["Belgrade", "Pristina", "unknown"], strict=True)
    )
    assert camps.asked(1, rows, labels) == set()
    assert camps.asked(2, rows, labels) == {name for name in wanted if camps.again(name)}
    assert camps.asked(2, rows, [*labels, *labels]) == set()


@pytest.mark.parametrize("answers", ["1 B\n2 P", "1 B\n2 P\n3 X", "1 B\n1 P\n3 U", "0 B\n1 P\n2 U"])
def test_wrongly_filled_camp_sheets(tmp_path: Path, answers: str) -> None:
    (tmp_path / "c1.key.json").write_text('["a", "b", "c"]', encoding="utf-8")
    (tmp_path / "c1.ana.txt").write_text(answers, encoding="utf-8")
    with pytest.raises(ValueError, match=r"c1\.ana\.txt"):
        camps.read_sheet(tmp_path / "c1.ana.txt")


def test_annotated_speakers_are_sound() -> None:
    rows = {row["id"]: row for row in load()}
    labels = read_speakers()
    assert list(faults(labels, rows)) == []
    assert min(sum(label.half == half for label in labels) for half in ("development", "test")) >= 150
    groups = [{rows[label.id]["group"] for label in labels if label.half == half} for half in ("development", "test")]
    assert not groups[0] & groups[1]


def test_faults_of_speakers() -> None:
    row = {"id": "a", "group": "g", "text": "Belgrade said no."}
    sound = SpeakerLabel("a", half_of("g"), 0, 8, "Belgrade")
    assert list(faults([sound], {"a": row})) == []
    wrong = [
        SpeakerLabel("b", half_of("g"), 0, 8, "Belgrade"),
        SpeakerLabel("a", "all", 0, 8, "Belgrade"),
        SpeakerLabel("a", half_of("g"), 0, 9, "Belgrade"),
        SpeakerLabel("a", half_of("g"), 0, None, "Belgrade"),
        SpeakerLabel("a", half_of("g"), 0, 8, "Brussels"),
        SpeakerLabel("a", half_of("g"), 9, 99, "Belgrade"),
    ]
    assert [len(list(faults([label], {"a": row}))) for label in wrong] == [1] * len(wrong)
    assert len(list(faults([sound, sound], {"a": row}))) == 1


def test_the_sample_of_speakers() -> None:
    rows = load("test")
    chosen = sample(rows)
    assert chosen == sample(rows[::-1])
    assert all(row["voice"] == "attributed" and row["settled"] for row in chosen)
    retold = [row["group"] for row in chosen if row["origin"] != "re-reported"]
    assert len(retold) == len(set(retold))
