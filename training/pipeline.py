"""Make the folder of the torch weights one that transformers opens.

``pipeline("text-classification", model="training/runs/NAME/torch", trust_remote_code=True)`` gives a sentence's frame without this
project: the network in full precision, the sentence without its context. No class of transformers pools and normalises as this
network does, hence the remote code.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tokenizers import Regex, Tokenizer
from tokenizers.normalizers import NFC, Replace, Sequence

from stance.artifacts import Settings
from stance.spelling import DATE, REWRITTEN, SIGNS, TO_LATIN
from training import remote_code


def write_pipeline(folder: Path, settings: Settings) -> None:
    """Add to ``folder/torch`` what ``transformers.pipeline`` needs beside weights and configuration.

    These are the tokenizer of ``folder``, which now also spells as ``stance.spelling.plain`` does, the modelling file, and the
    settings: labels, temperature, length.
    """
    target = folder / "torch"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    first, *_, last = tokenizer.encode("").tokens
    padding = next(token for token in ("<pad>", "[PAD]") if tokenizer.token_to_id(token) is not None)
    respell(tokenizer)
    tokenizer.save(str(target / "tokenizer.json"))
    _write(target / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast", cls_token=first, sep_token=last, pad_token=padding)
    source = Path(remote_code.__file__)
    shutil.copy(source, target)
    name = remote_code.FrameClassifier.__name__
    _write(
        target / "config.json",
        architectures=[name], auto_map={"AutoModelForSequenceClassification": f"{source.stem}.{name}"},
        id2label=dict(enumerate(settings.frames)), label2id={frame: index for index, frame in enumerate(settings.frames)},
        frame_temperature=settings.temperature, longest=settings.longest,
    )  # fmt: skip


def respell(tokenizer: Tokenizer) -> None:
    """Have the tokenizer itself spell its text as ``stance.spelling.plain`` does, by the same steps."""
    letters = [Replace(chr(old), new) for old, new in (TO_LATIN | SIGNS).items()]
    names = [Replace(Regex(pattern), name) for pattern, name in REWRITTEN.items()]
    changes = [*letters, Replace(Regex(DATE), ""), *names]
    tokenizer.normalizer = Sequence([NFC(), *changes, *([tokenizer.normalizer] if tokenizer.normalizer else [])])


def _write(path: Path, **values: Any) -> None:
    held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps(held | values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
