from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import chisquare

from stance import Article, StanceError
from stance.annotate import CONFIG, Candidate, _diverse, draw, from_label_studio, sample, to_label_studio
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


def test_outlets_come_back_for_a_report(tmp_path: Path) -> None:
    path, back = tmp_path / "rows.jsonl", tmp_path / "export.json"
    path.write_text(json.dumps(ROW | {"outlet": "Daily", "lang": "en", "uncertainty": None}), encoding="utf-8")
    (task,) = to_label_studio(path)
    assert task["data"] == ROW | {"outlet": "Daily", "lang": "en"}
    assert "outlet" not in CONFIG, "annotators are not shown it"
    back.write_text(json.dumps([task | {"annotations": [annotation("neutral")]}]), encoding="utf-8")
    assert from_label_studio(back)[0]["outlet"] == "Daily"


def test_several_sentences_before_and_what_annotators_leave_out(tmp_path: Path) -> None:
    path, back = tmp_path / "rows.jsonl", tmp_path / "export.json"
    path.write_text(json.dumps(ROW | {"previous": ["One.", "Two\nlines."]}), encoding="utf-8")
    (task,) = to_label_studio(path)
    assert task["data"]["previous"] == "One.\n\nTwo\nlines."
    unvoiced = annotation("neutral", completed_by=None)
    unvoiced["result"][1]["value"] = {"choices": []}  # type: ignore[index]
    back.write_text(json.dumps([task | {"annotations": [unvoiced]}]), encoding="utf-8")
    assert from_label_studio(back) == [ROW | {"previous": ["One.", "Two\nlines."], "annotator": "", "frame": "neutral"}]
    path.write_text(json.dumps(ROW | {"previous": "One.\n\nTwo.", "outlet": float("nan")}), encoding="utf-8")
    assert to_label_studio(path)[0]["data"] == ROW | {"previous": "One.\nTwo."}, "one sentence stays one, and NaN is nothing given"
    path.write_text(json.dumps(ROW | {"previous": 3}), encoding="utf-8")
    with pytest.raises(StanceError, match="previous is 3"):
        to_label_studio(path)


def test_a_random_sample_of_each_outlet(tmp_path: Path) -> None:
    articles = [Article(f"Envoy {number} met both leaders on Monday. Talks {number} resume in May.", f"Outlet {number % 2}") for number in range(20)]
    found = draw(articles, 5)
    assert [item.outlet for item in found] == ["Outlet 0"] * 5 + ["Outlet 1"] * 5
    assert found == draw(articles[::-1], 5), "whatever the order"
    assert [item for item in found if item in draw(articles, 3)] == draw(articles, 3), "a larger sample holds the smaller"
    assert draw(articles + articles, 99) == draw(articles, 99), "what an outlet repeats counts once"
    assert found != draw(articles, 5, seed=1)
    twins = draw([replace(articles[0], outlet=outlet) for outlet in ("Daily", "Weekly")], 9)
    assert len({item.id for item in twins}) == len(twins), "what two outlets have are two sentences"
    assert len({item.id for item in draw(articles, 99)}) == 40
    with pytest.raises(StanceError, match="count is 0"):
        draw(articles, 0)
    corpus, rows = tmp_path / "corpus.jsonl", tmp_path / "rows.jsonl"
    corpus.write_text("".join(json.dumps({"text": article.text, "outlet": article.outlet}) + "\n" for article in articles), encoding="utf-8")
    assert main(["annotate", "sample", str(corpus), "--random", "-n", "5", "-o", str(rows)]) == 0
    assert [json.loads(line)["id"] for line in rows.read_text(encoding="utf-8").splitlines()] == [item.id for item in found]


def test_every_sentence_is_as_likely_to_be_drawn() -> None:
    pages = [Article(f"He repeated the charge. Envoy {number} met both leaders on Monday.", "Daily") for number in range(5)]
    drawn = Counter((item.article, item.text) for seed in range(400) for item in draw(pages, 3, seed=seed))
    assert len(drawn) == 10, "also where many articles have it"
    assert chisquare(list(drawn.values())).pvalue > 0.001


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
