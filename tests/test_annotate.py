from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from stance import Article, StanceError
from stance.annotate import CONFIG, Candidate, _diverse, from_label_studio, sample, to_label_studio
from stance.cli import main
from stance.labels import FRAMES, VOICES

ROW = {"id": "a1", "text": "The envoy met both leaders.", "previous": "Talks resumed."}


def export(*annotations: dict[str, object]) -> list[dict[str, object]]:
    return [{"id": 1, "data": ROW, "annotations": list(annotations)}]


def annotation(frame: str, voice: str = "own", **more: object) -> dict[str, object]:
    result = [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [value]}}
        for name, value in [("frame", frame), ("voice", voice)]
    ]
    return {"completed_by": {"id": 7, "email": "ana@example.org"}, "result": result, **more}


def test_round_trip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, tasks, back, labels = (tmp_path / name for name in ("rows.jsonl", "tasks.json", "export.json", "labels.jsonl"))
    rows.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    assert main(["annotate", "export", str(rows), "-o", str(tasks)]) == 0
    assert json.loads(tasks.read_text(encoding="utf-8")) == [{"data": ROW}]
    assert capsys.readouterr().out.strip() == CONFIG.strip()
    back.write_text(json.dumps(export(annotation("neutral"), annotation("pro-Belgrade", was_cancelled=True))), encoding="utf-8")
    assert main(["annotate", "import", str(back), "-o", str(labels)]) == 0
    assert json.loads(labels.read_text(encoding="utf-8")) == ROW | {"annotator": "ana@example.org", "frame": "neutral", "voice": "own"}
    assert main(["evaluate", str(labels)]) == 0


def test_interface_offers_the_codebook() -> None:
    root = ET.fromstring(CONFIG)
    assert [choice.get("value") for choice in root.iter("Choice")] == [*FRAMES, *VOICES]


@pytest.mark.parametrize(
    ("content", "message"),
    [("[", "is not JSON"), ('{"a": 1}', "is no Label Studio export"), (json.dumps(export(annotation("left"))), "task 1: choices are")],
)
def test_exports_that_are_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(StanceError, match=message):
        from_label_studio(tmp_path / "a.json")


def test_a_row_without_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Yes."}\n{"id": 3}\n', encoding="utf-8")
    with pytest.raises(StanceError, match=r"a\.jsonl:2: text is missing"):
        to_label_studio(tmp_path / "a.jsonl")


def test_sample_prefers_the_uncertain_and_the_different() -> None:
    pool = [
        Candidate("1", "Kurti blamed Belgrade again.", "", "A", 0.9),
        Candidate("2", "Kurti blamed Belgrade again today.", "", "A", 0.89),
        Candidate("3", "Energy prices rose.", "", "A", 0.5),
    ]
    assert [item.id for item in _diverse(pool, 2)] == ["1", "3"]
    assert [item.id for item in _diverse(pool, 9)] == ["1", "3", "2"]


def test_sample_reads_a_corpus() -> None:
    articles = [Article("The envoy met both leaders on Monday. Talks resume in May.", "Daily")] * 2
    found = sample(articles, 5)
    assert {item.text for item in found} == {"The envoy met both leaders on Monday.", "Talks resume in May."}
    assert all(0 <= item.uncertainty <= 1 and item.outlet == "Daily" for item in found)
    with pytest.raises(StanceError, match="count is 0"):
        sample(articles, 0)


def test_sample_names_no_sentence_twice() -> None:
    pool = [Candidate(str(number), "The same words" + mark, "", "Daily", 0.5) for number, mark in enumerate(".!?;:")]
    assert sorted(item.id for item in _diverse(pool, 5)) == ["0", "1", "2", "3", "4"]
