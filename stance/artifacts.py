"""What a model folder holds, and how it is found and checked: ``model.onnx``, ``tokenizer.json``, ``stance.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from stance.labels import FRAMES, VOICES, StanceError

BUILT_IN = Path(__file__).resolve().parent / "built_in"
FILES = ("model.onnx", "tokenizer.json", "stance.json")


@dataclass(frozen=True, slots=True)
class Settings:
    """``stance.json``: everything scoring needs beside weights and vocabulary.

    Attributes
    ----------
    revision
        Name of the model's version; it stands in every report.
    frames, voices
        The order of the model's six outputs.
    temperature, voice_temperature
        Logits are divided by these (Guo et al. 2017, "On Calibration of Modern Neural Networks"); above 0.
    threshold
        Highest probability from which a sentence's frame is ``certain``; 0 to 1.
    context
        Tokens of the previous sentence that the model reads; 0 for none.
    longest
        Tokens of the sentence itself that it reads.
    data
        sha256 of the gold labels it was trained on.
    """

    revision: str
    frames: tuple[str, ...]
    voices: tuple[str, ...]
    temperature: float
    voice_temperature: float
    threshold: float
    context: int
    longest: int
    data: str


def find(name: str | Path | None) -> Path:
    """Folder of the built-in model (``None``), of a local folder, or of a hub id, which is downloaded.

    Raises
    ------
    StanceError
        If there is no such folder, or a file is missing from it.
    """
    folder = BUILT_IN if name is None else Path(name)
    if not folder.is_dir() and isinstance(name, str) and name.count("/") == 1 and not name.startswith((".", "/")):
        folder = _download(name)
    if not folder.is_dir():
        raise StanceError(
            f"model {str(name)!r}: no such folder; needed is a folder with {', '.join(FILES)}, a hub id, or None for the built-in model"
        )
    missing = [file for file in FILES if not (folder / file).is_file()]
    if missing:
        raise StanceError(f"model {folder.name!r}: {', '.join(missing)} is missing; training/train.py writes a complete folder")
    return folder


def _download(name: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise StanceError(f"model {name!r} is no local folder; to load it from the hub: pip install 'stance-kosovo[train]'") from error
    try:
        return Path(snapshot_download(name, allow_patterns=list(FILES)))
    except Exception as error:  # the hub's client raises many kinds, all of which mean the same here
        raise StanceError(f"model {name!r}: neither a local folder nor to be had from the hub ({type(error).__name__})") from error


def read_settings(folder: Path) -> Settings:
    """The checked content of ``stance.json``."""
    path = folder / "stance.json"
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise StanceError(f"{path.name}: not JSON ({error})") from error
    names = {field.name for field in fields(Settings)}
    if not isinstance(row, dict) or not names <= set(row):
        raise StanceError(f"{path.name}: needs the keys {sorted(names)}, got {sorted(row) if isinstance(row, dict) else type(row).__name__}")
    row = {name: row[name] for name in names}
    settings = Settings(**row | {"frames": tuple(row["frames"]), "voices": tuple(row["voices"])})
    if set(settings.frames) != set(FRAMES) or set(settings.voices) != set(VOICES):
        raise StanceError(f"{path.name}: frames {settings.frames} and voices {settings.voices}; needed are {tuple(FRAMES)} and {tuple(VOICES)}")
    numbers = (settings.temperature, settings.voice_temperature, settings.threshold, settings.context, settings.longest)
    if not all(isinstance(number, int | float) for number in numbers) or min(numbers[:2]) <= 0 or settings.longest < 1:
        raise StanceError(f"{path.name}: temperatures must be above 0 and longest at least 1, got {numbers}")
    return settings


def write_settings(folder: Path, settings: Settings) -> None:
    """Write ``stance.json``."""
    (folder / "stance.json").write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
