"""What README shows runs as it stands."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from stance.cli import main


def blocks(root: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_python_blocks_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    found = blocks(root, "python")
    assert found
    for number, block in enumerate(found):
        assert runner.run(parser.get_doctest(block, {}, f"README block {number}", "README.md", 0)).failed == 0


def test_stance_commands_run(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(root)
    commands = [line for block in blocks(root, "sh") for line in block.splitlines() if line.startswith("stance ")]
    assert commands
    for command in commands:
        words = shlex.split(command.partition("#")[0])[1:]
        words = [str(tmp_path / word) if before in ("-o", "--figures") else word for before, word in zip(["", *words], words, strict=False)]
        assert main(words) == 0, command
        assert capsys.readouterr().out


def test_readme_names_every_folder(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    for folder in ("stance/", "annotations/", "training/", "tests/", "seeds/", "benchmarks/"):
        assert f"`{folder}`" in text
