"""What a model folder holds, and how it is found and checked: ``model.onnx``, ``tokenizer.json``, ``stance.json``, ``holdout.json``.

A network that also answers after an early layer is cut there into ``model.onnx`` and ``upper.onnx``, and the folder ``fast`` holds
``stance.json`` and ``holdout.json`` for the first part alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stance.labels import CAMPS, FRAMES, VOICES, StanceError

BUILT_IN = Path(__file__).resolve().parent / "built_in"
FAST = "fast"
"""The folder, within a model's, of the same network stopped after an early layer; also the name of the built-in one."""
FILES = ("model.onnx", "tokenizer.json", "stance.json")
UPPER = "upper.onnx"
"""The network's later layers, in a folder whose ``model.onnx`` ends with an early one."""
HOLDOUT = "holdout.json"
"""Beside them in a complete folder; a model without it scores, but its shares of frames cannot be corrected."""

NEWS = "re-reported"
"""Origin of the holdout's sentences that stand for news: real pages told anew, in the mixture that pages have. Composed and
contrast sentences are written to be telling, and the classifier errs less on them than on news."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``stance.json``: everything scoring needs beside weights and vocabulary.

    Attributes
    ----------
    revision
        Name of the model's version; it stands in every report.
    frames, voices, camps
        The order of the model's outputs; ``camps`` is empty where it tells none.
    temperature, voice_temperature
        Logits are divided by these (Guo et al. 2017, "On Calibration of Modern Neural Networks"); above 0.
    threshold
        Margin of the highest probability over the second from which a sentence's frame is ``certain``; 0 to 1.
    context
        Most tokens that sentences read together have, the headline aside; 0 for reading each alone.
    headline
        Whether the first sentence of a text is read with sentences further on.
    longest
        Tokens of a sentence that it reads.
    data
        sha256 of the gold labels it was trained on.
    """

    revision: str
    frames: tuple[str, ...]
    voices: tuple[str, ...]
    camps: tuple[str, ...]
    temperature: float
    voice_temperature: float
    threshold: float
    context: int
    headline: bool
    longest: int
    data: str


def find(name: str | Path | None) -> Path:
    """Folder of the built-in model (``None``; ``"fast"`` for its early layer), of a local folder, or of a hub id, which is downloaded.

    ``FOLDER/fast`` and ``OWNER/NAME/fast`` are the early layer of another model that has one.

    Raises
    ------
    StanceError
        If there is no such folder, or a file is missing from it.
    """
    if not isinstance(name, str | Path | None):
        raise StanceError(f"model is {type(name).__name__}; needed is the name of a folder or hub id, a Path, or None for the built-in model")
    folder = BUILT_IN if name is None else BUILT_IN / FAST if name == FAST else Path(name)
    hub = str(name).removesuffix(f"/{FAST}")
    if not folder.is_dir() and isinstance(name, str) and hub.count("/") == 1 and not name.startswith((".", "/")):
        folder = _download(hub) / name.removeprefix(hub).lstrip("/")
    if not folder.is_dir():
        raise StanceError(
            f"model {str(name)!r}: no such folder; needed is a folder with {', '.join(FILES)}, or a hub id; for the built-in model leave out --model (in Python: None)"
        )
    missing = [file.name for file in files_of(folder) if not file.is_file()]
    if missing:
        raise StanceError(f"model {folder.name!r}: {', '.join(missing)} is missing; training/train.py writes a complete folder")
    return folder


def files_of(folder: Path) -> tuple[Path, ...]:
    """What scoring reads: ``model.onnx``, tokenizer, settings and, where the network goes on, ``upper.onnx``.

    Network and tokenizer lie in the model's own folder, those of ``fast`` in the folder that it lies in.
    """
    early = is_early(folder)
    source = folder.parent if early else folder
    files = (source / "model.onnx", source / "tokenizer.json", folder / "stance.json")
    return files if early or not (source / UPPER).is_file() else (*files, source / UPPER)


def is_early(folder: Path) -> bool:
    """Whether a folder is that of an early layer."""
    return folder.name == FAST and not (folder / "model.onnx").is_file()


def _download(name: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise StanceError(f"model {name!r} is no local folder; to load it from the hub: pip install 'stance-kosovo[train]'") from error
    try:
        return Path(snapshot_download(name, allow_patterns=[*FILES, UPPER, HOLDOUT, f"{FAST}/*"]))
    except Exception as error:  # the hub's client raises many kinds, all of which mean the same here
        raise StanceError(f"model {name!r}: neither a local folder nor to be had from the hub ({type(error).__name__})") from error


def read_settings(folder: Path) -> Settings:
    """The checked content of ``stance.json``."""
    path = folder / "stance.json"
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise StanceError(f"{path.name}: not JSON ({error})") from error
    names = {field.name for field in fields(Settings)}
    if isinstance(row, dict):
        row = {"camps": [], "headline": False} | row  # of a model that tells no camps, or reads no headline
    if not isinstance(row, dict) or not names <= set(row):
        raise StanceError(f"{path.name}: needs the keys {sorted(names)}, got {sorted(row) if isinstance(row, dict) else type(row).__name__}")
    row = {name: row[name] for name in names}
    settings = Settings(**row | {name: tuple(row[name]) if isinstance(row[name], list) else () for name in ("frames", "voices", "camps")})
    for name, needed in (("frames", FRAMES), ("voices", VOICES), ("camps", CAMPS)):
        given = getattr(settings, name)
        if set(given) != set(needed) and (given or name != "camps"):
            raise StanceError(f"{path.name}: {name} are {', '.join(given) or 'missing'}; needed are {', '.join(needed)}")
    numbers = (settings.temperature, settings.voice_temperature, settings.threshold, settings.context, settings.longest)
    if not all(isinstance(number, int | float) for number in numbers) or min(numbers[:2]) <= 0 or settings.longest < 1:
        raise StanceError(f"{path.name}: temperatures must be above 0 and longest at least 1, got {numbers}")
    if not isinstance(settings.headline, bool):
        raise StanceError(f"{path.name}: headline must be true or false, got {settings.headline!r}")
    return settings


def write_settings(folder: Path, settings: Settings) -> None:
    """Write ``stance.json``."""
    (folder / "stance.json").write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True, eq=False)
class Holdout:
    """What the model says of sentences that it was not trained on, beside their gold labels; n sentences.

    Attributes
    ----------
    revision
        Of the model.
    frames, voices
        Gold labels as indices into ``FRAMES`` and ``VOICES``, shape (n,); -1 where the voice is not known.
    probabilities
        Calibrated frame probabilities, shape (n, 4), rows sum to 1.
    spoken
        The voice that the model gives, as indices, shape (n,).
    groups
        Index of the document that a sentence stands in, from 0, shape (n,).
    langs, origins
        Language and origin of each sentence (``annotations/README.md``).
    """

    revision: str
    frames: NDArray[np.int64]
    voices: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    spoken: NDArray[np.int64]
    groups: NDArray[np.int64]
    langs: tuple[str, ...]
    origins: tuple[str, ...]


COLUMNS = ("frame", "voice", "probabilities", "spoken", "group", "lang", "origin")


def read_holdout(folder: Path, revision: str) -> Holdout | None:
    """The checked content of ``holdout.json``; ``None`` where the folder has none.

    Raises
    ------
    StanceError
        If the file is damaged, or was written for another revision.
    """
    path = folder / HOLDOUT
    if not path.is_file():
        return None
    way_out = "write it again: python -m training.calibrate FOLDER"
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        columns = {name: row[name] for name in COLUMNS}
        probabilities = np.array(columns["probabilities"], dtype=float).reshape(-1, len(FRAMES))
        frames, voices, spoken, groups = (np.array(columns[name], dtype=np.int64) for name in ("frame", "voice", "spoken", "group"))
        found = Holdout(str(row["revision"]), frames, voices, probabilities, spoken, groups, tuple(columns["lang"]), tuple(columns["origin"]))
    except (ValueError, KeyError, TypeError) as error:
        raise StanceError(f"{HOLDOUT}: cannot be read ({type(error).__name__}: {error}); {way_out}") from error
    sizes = {len(columns[name]) for name in COLUMNS}
    inside = len(sizes) == 1 and (probabilities >= 0).all() and (probabilities.sum(axis=1) > 0).all()
    inside = inside and all(((column >= 0) & (column < top)).all() for column, top in ((frames, 4), (voices + 1, 3), (spoken, 2)))
    if not inside:
        raise StanceError(f"{HOLDOUT}: columns differ in length or hold values out of range; {way_out}")
    if found.revision != revision:
        raise StanceError(f"{HOLDOUT}: is of revision {found.revision}, the model is {revision}; {way_out}")
    return replace(found, probabilities=probabilities / probabilities.sum(axis=1, keepdims=True))


def write_holdout(folder: Path, holdout: Holdout) -> None:
    """Write ``holdout.json``: one array a column, probabilities in ten-thousandths."""
    values = (
        holdout.frames.tolist(),
        holdout.voices.tolist(),
        np.rint(1e4 * holdout.probabilities).astype(int).tolist(),
        holdout.spoken.tolist(),
        holdout.groups.tolist(),
        list(holdout.langs),
        list(holdout.origins),
    )
    lines = [f'"revision": {json.dumps(holdout.revision)}']
    lines += [f'"{name}": {json.dumps(value, separators=(",", ":"))}' for name, value in zip(COLUMNS, values, strict=True)]
    (folder / HOLDOUT).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
