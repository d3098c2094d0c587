from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.reading import pages
from seeds.verify import blocks, labelled, splitting, standoff, verify
from stance.labels import Frame, Voice


def test_registry_and_annotations_fit_the_documents(documents: Path) -> None:
    assert verify(documents) == []
    rows = labelled(documents)
    assert len(rows) == len(standoff())
    assert all(row.text == row.text.strip() and row.text for row in rows)
    annotated, found, same = splitting(documents)
    assert 2 * same / (annotated + found) >= 0.97


def test_the_article_is_read_and_nothing_else(documents: Path, root: Path) -> None:
    found = pages(documents)
    assert found["all"]["F1"] >= 0.97
    assert found["sentences lost"] == 0
    assert json.loads((root / "benchmarks" / "results" / "reading.json").read_text(encoding="utf-8"))["pages"] == found


def test_every_line_of_a_document_is_a_block(documents: Path) -> None:
    for file in sorted({block.file for block in blocks()}):
        text = (documents / file).read_bytes().decode()
        lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
        assert [text[block.start : block.end] for block in blocks() if block.file == file] == lines


def test_annotated_sentences_stand_in_the_article() -> None:
    for item in standoff():
        around = [block for block in blocks() if block.file == item.file and block.start <= item.start and item.end <= block.end]
        assert [block.kind in ("headline", "text", "subheading") for block in around] == [True]
    kinds = {"headline", "text", "subheading", "caption", "byline", "navigation", "share", "teaser", "disclaimer"}
    assert {block.kind for block in blocks()} == kinds


def test_a_changed_document_is_found(documents: Path, tmp_path: Path) -> None:
    for path in sorted(documents.glob("*.txt"))[1:]:
        (tmp_path / path.name).write_bytes(path.read_bytes() + (b" " if path.name.startswith("004") else b""))
    faults = verify(tmp_path)
    assert len(faults) == 2
    assert any("sha256" in fault for fault in faults)


def test_annotations_are_of_the_codebook_and_in_order() -> None:
    last: dict[str, int] = {}
    for item in standoff():
        assert item.frame in set(Frame)
        assert item.voice in set(Voice)
        assert last.get(item.file, 0) <= item.start < item.end
        assert 2 <= len(item.votes) <= 3
        last[item.file] = item.end


def test_demonstration_corpus_is_marked_as_composed(root: Path) -> None:
    articles = [json.loads(line) for line in (root / "seeds" / "demonstration.jsonl").read_text(encoding="utf-8").splitlines()]
    outlets = {article["outlet"] for article in articles}
    assert len(articles) >= 36
    assert len(outlets) == 6
    assert all(article["composed"] is True for article in articles)
    assert all("fic" in outlet or "fikt" in outlet for outlet in outlets)
    assert len({article["id"] for article in articles}) == len(articles)
