"""Shared fixtures; sockets are closed for every test."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stance.scoring import Classifier

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("tests may not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def documents() -> Path:
    """The source documents, where they lie beside the project."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the source documents are not on this machine")
    return folder


@pytest.fixture(scope="session")
def remembering() -> Classifier:
    """The built-in model, which scores each held-out sentence once in the whole session."""
    from stance.artifacts import find
    from stance.scoring import Classifier
    from training.evaluate import Remembering

    return Classifier(Remembering(find(None)))
