from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stance.cli import main
from stance.scoring import built_in

GOOD = {"text": "The envoy met both leaders on Monday. Talks resume in May.", "outlet": "Daily", "id": "7"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join([json.dumps(GOOD), "{", json.dumps(GOOD | {"outlet": "Weekly"})]), encoding="utf-8")
    return path


def test_score_goes_on_after_a_bad_record(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(corpus)]) == 1
    captured = capsys.readouterr()
    rows = [json.loads(line) for line in captured.out.splitlines()]
    assert [row["outlet"] for row in rows] == ["Daily", "Weekly"]
    assert rows[0]["id"] == "7"
    assert rows[0]["sentences"][0]["text"] == "The envoy met both leaders on Monday."
    assert "left out: corpus.jsonl:2" in captured.err


def test_score_takes_several_inputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(GOOD | {"event": "talks"}), encoding="utf-8")
    (tmp_path / "b.txt").write_text("Izaslanik je u ponedeljak razgovarao sa liderima.", encoding="utf-8")
    assert main(["score", str(tmp_path / "a.jsonl"), str(tmp_path / "b.txt")]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["outlet"], row.get("event"), row["lang"]) for row in rows] == [("Daily", "talks", "en"), ("b", None, "sr")]
    assert {row["revision"] for row in rows} == {built_in().revision}
    assert main(["score", "--lang", "sq", str(tmp_path / "b.txt")]) == 0
    assert json.loads(capsys.readouterr().out)["lang"] == "sq"


def test_readme_names_the_fields_of_a_line(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = GOOD | dict.fromkeys(("title", "date", "url", "event"), "2023")
    (tmp_path / "a.jsonl").write_text(json.dumps(full), encoding="utf-8")
    assert main(["score", str(tmp_path / "a.jsonl")]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    table = (root / "README.md").read_text(encoding="utf-8").partition("| field of a line |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table)) >= {*row, *row["sentences"][0]}


@pytest.mark.parametrize(
    ("arguments", "status", "said"), [(["--version"], 0, "stance-kosovo "), (["score", "-", "--lang", "de"], 2, "'en', 'sr', 'sq'")]
)
def test_grammar(arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == status
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


def test_score_notes_a_date_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps(GOOD | {"date": "30.05.2023"}), encoding="utf-8")
    assert main(["score", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("note: corpus.jsonl:1: date is '30.05.2023', needs ISO 8601")
    assert "date" not in json.loads(captured.out)


def test_score_reads_standard_input_and_text_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD["text"].encode())))
    assert main(["score", "-"]) == 0
    (tmp_path / "a.txt").write_text(GOOD["text"], encoding="utf-8")
    assert main(["score", str(tmp_path / "a.txt")]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first.pop("outlet"), second.pop("outlet"), second.pop("id")) == ("standard input", "a", "a")
    assert first == second


def test_explain(corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["explain", "Serbian terrorists attacked the police. Talks resume in May."]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "(2 sentences:" in lines[0]
    assert "terrorists" in lines[2]
    assert not any("\x1b" in line for line in lines)
    assert main(["explain", "The envoy met both leaders on Monday. " * 9]) == 0  # longer than a file's name can be
    assert "(9 sentences:" in capsys.readouterr().out
    assert main(["explain", str(corpus)]) == 1
    captured = capsys.readouterr()
    assert [line for line in captured.out.splitlines() if line in ("Daily", "Weekly")] == ["Daily", "Weekly"]
    assert "left out: corpus.jsonl:2" in captured.err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["explain", "-"]) == 1
    assert "standard input: text is missing" in capsys.readouterr().err


def test_nothing_from_outside_steers_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"text": "Talks resume in May.", "outlet": "Da\x1b[2Jily", "title": "On\x9b2Je"}, {"text": "", "outlet": "x\x1b]0;y\x07"}]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    main(["explain", str(path)])
    main(["report", str(path), "-o", str(tmp_path / "page.html")])
    main(["explain", "missing\x1b[2J.jsonl"])
    captured = capsys.readouterr()
    assert "Da [2Jily\nOn 2Je\n" in captured.out
    assert not set("\x1b\x9b\x07") & set(captured.out + captured.err)


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_only_on_a_terminal_that_wants_them(
    no_color: str, coloured: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["explain", "Talks resume in May."]) == 0
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_report(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(corpus), "-o", str(page)]) == 1
    assert "Weekly" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "1 more record could not be read" in page.read_text(encoding="utf-8")


def test_report_as_data(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, figures = tmp_path / "report.json", tmp_path / "figures"
    assert main(["report", str(corpus), "--format", "json", "-o", str(data), "--figures", str(figures)]) == 1
    assert {row["outlet"] for row in json.loads(data.read_text(encoding="utf-8"))["outlets"]} == {"Daily", "Weekly"}
    assert (figures / "lean.svg").read_text(encoding="utf-8").startswith("<svg")
    assert str(figures / "lean.png") in capsys.readouterr().err


def test_report_with_gold_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, gold, data = tmp_path / "corpus.jsonl", tmp_path / "gold.jsonl", tmp_path / "report.json"
    texts = [f"The envoy met both leaders in {place}." for place in ("Pristina", "Klokot", "Vitina", "Obilić", "Ranilug")]
    corpus.write_text("".join(json.dumps({"text": text, "outlet": "Daily"}) + "\n" for text in texts), encoding="utf-8")
    rows = [{"text": text, "outlet": "Daily", "frame": "neutral"} for text in texts]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["report", str(corpus), "--gold", str(gold), "--format", "json", "-o", str(data)]) == 0
    shares = json.loads(data.read_text(encoding="utf-8"))["shares"]
    assert {row["share"] for row in shares if row["estimator"] == "prediction-powered" and row["frame"] == "neutral"} == {1.0}
    assert json.loads(data.read_text(encoding="utf-8"))["agreement"][0]["labels"] == 5
    assert "beside gold labels: macro-F1" in capsys.readouterr().out
    gold.write_text(json.dumps(rows[0] | {"outlet": "Weekly"}), encoding="utf-8")
    page = tmp_path / "page.html"
    assert main(["report", str(corpus), "--gold", str(gold), "-o", str(page)]) == 0
    assert capsys.readouterr().err.startswith("note: 1 of 1 gold rows were not found"), "without the line of the source"
    gold.write_text(json.dumps({"text": texts[0], "frame": "neutral"}), encoding="utf-8")
    assert main(["report", str(corpus), "--gold", str(gold), "-o", str(tmp_path / "page.html")]) == 1
    assert "1 of 1 rows have no outlet" in capsys.readouterr().err


def test_the_page_names_its_command(corpus: Path, tmp_path: Path) -> None:
    page = tmp_path / "a page.html"
    main(["report", str(corpus), "-o", str(page)])
    assert f"<code>stance report {corpus} -o &#39;{page}&#39;</code>" in page.read_text(encoding="utf-8")


def test_evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"text": "Talks resume.", "frame": "neutral", "voice": "own"}), encoding="utf-8")
    assert main(["evaluate", str(path)]) == 0
    assert "macro-F1" in capsys.readouterr().out
    assert main(["evaluate", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sentences"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "absent.jsonl"], "no such file"),
        (["report", "absent"], "no such file"),
        (["explain", "absent.txt"], "no such file"),
        (["explain", "my absent.TXT"], "no such file"),
        (["explain", "Pristina"], "a text of more than one word"),
        (["explain", " "], "the text is empty"),
        (["info", "--model", "absent"], "for the built-in model leave out --model"),
        (["report", "seeds/demonstration.jsonl", "absent.jsonl"], "no such file"),
        (["report", "seeds/demonstration.jsonl", "-o", "no/such/folder/r.html"], "to write into"),
        (["report", "seeds/demonstration.jsonl", "-o", "seeds"], "seeds is a folder; needed is a file"),
        (["report", "seeds/demonstration.jsonl", "--format", "csv", "-o", "README.md"], "README.md is a file; needed is a folder"),
        (["report", "seeds/demonstration.jsonl", "--figures", "README.md"], "README.md is a file"),
        (["annotate", "export", "absent.jsonl", "-o", "x.json"], "absent.jsonl: no such file"),
        (["annotate", "import", "absent.json", "-o", "x.jsonl"], "absent.json: no such file"),
        (["annotate", "sample", "seeds/demonstration.jsonl", "--seed", "1", "-o", "x.jsonl"], "--seed is for --random"),
        (["score", "x" * 300], "x: File name too long"),
        (["score", "seeds/demonstration.jsonl", "--threads", "0"], "threads is 0"),
    ],
)
def test_errors_are_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("stance: ")
    assert "Traceback" not in error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("html", "json", "md", "xlsx"):
        assert main(["report", str(corpus), "--format", form, "-o", "/dev/full"]) == 1
        assert "\nstance: /dev/full: " in capsys.readouterr().err
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-m", "stance", "info"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "stance: standard output: No space left on device\n")


def test_stopped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.cli._info", stop)
    assert main(["info"]) == 130
    assert capsys.readouterr().err == "stance: stopped\n"


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "stance", "info"], capture_output=True, text=True, check=True)
    assert "model revision" in done.stdout
    help_text = subprocess.run([sys.executable, "-m", "stance", "--help"], capture_output=True, text=True, check=True).stdout
    assert "examples:" in help_text
