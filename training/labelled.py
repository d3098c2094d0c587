"""A user's own labelled sentences: a .csv or .jsonl file with ``text`` and ``frame``, and if known ``voice``, ``previous``, ``lang`` and ``group``.

``group`` names what may not be torn apart by a split (a page, an event); without it, each sentence is its own. Labels with other names
are mapped to the frames by the configuration's table ``labels``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from annotations.dataset import identify, script_of, split_of
from stance.labels import FRAMES, VOICES

Row = dict[str, Any]
SHOWN = 10
"""Bad rows that are listed before the rest is only counted."""


def read_labelled(path: Path, labels: Mapping[str, str]) -> list[Row]:
    """Rows in the form of ``annotations.dataset.load``.

    Parameters
    ----------
    labels
        From a name in the file to one of the four frames; the frames' own names need no entry.

    Raises
    ------
    SystemExit
        With file and line of every bad row and what it needs; a training set is not shortened in silence.
    """
    names = {str(frame): str(frame) for frame in FRAMES} | dict(labels)
    rows, faults = [], []
    try:
        records = list(_records(path))
    except UnicodeDecodeError as error:
        raise SystemExit(f"{path.name}: is not UTF-8 ({error}); save it as UTF-8") from error
    for number, found in records:
        fault = _fault(found, names)
        if fault:
            faults.append(f"{path.name}:{number}: {fault}")
            continue
        text, previous = found["text"].strip(), (found.get("previous") or "").strip()
        name = identify(previous, text)
        group = str(found.get("group") or name)
        rows.append(
            {"id": name, "group": group, "position": number, "lang": found.get("lang") or "", "script": script_of(text), "origin": "own", "previous": previous,
             "before": [previous] if previous else [], "text": text, "frame": names[found["frame"]], "voice": found.get("voice") or "", "camp": "",
             "settled": True, "split": split_of(group)}
        )  # fmt: skip
    if faults:
        more = f"\n... and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise SystemExit("\n".join(faults[:SHOWN]) + more)
    return rows


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    """Line number and record (or what is wrong) of each row; of a CSV file the line on which the row ends."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        if path.suffix.lower() == ".csv":
            reader = csv.DictReader(lines)
            for row in reader:
                yield reader.line_num, row
            return
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except json.JSONDecodeError as error:
                    yield number, f"is not JSON ({error})"


def _fault(row: Any, names: Mapping[str, str]) -> str:
    if not isinstance(row, dict):
        return str(row) if isinstance(row, str) else f"is {type(row).__name__}, needs an object"
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        return 'text is missing; every row needs "text" and "frame"'
    if not isinstance(row.get("frame"), str) or row["frame"] not in names:
        return f"frame is {row.get('frame')!r}, needs one of {', '.join(names)}; other names are mapped in the configuration's table labels"
    for key in ("previous", "lang", "voice", "group"):
        if not isinstance(row.get(key) or "", str):
            return f"{key} is {type(row[key]).__name__}, needs a string, or nothing"
    if (row.get("voice") or "") not in ("", *map(str, VOICES)):
        return f"voice is {row['voice']!r}, needs {' or '.join(VOICES)}, or nothing"
    return ""
