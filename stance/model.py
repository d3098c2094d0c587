"""The classifier's network: sentences in, calibrated probabilities out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.artifacts import Holdout, read_holdout, read_settings
from stance.labels import FRAMES, VOICES, StanceError
from stance.spelling import plain

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = NDArray[np.float64]


class Network:
    """An ONNX model folder, opened.

    Each sentence is run alone on one thread, and sentences run in parallel: so its probabilities do not depend on its batch
    mates, on its order or on the number of threads, although the weights and activations are 8-bit.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise StanceError(f"threads is {threads}, needs at least 1")
        self.settings = read_settings(folder)
        self._folder = folder
        self.threads = threads or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
        self._tokenizer, self._session = _open(folder)
        ends = self._tokenizer.encode("").ids
        self._first, self._last = ends[0], ends[-1]
        self._order = [self.settings.frames.index(frame) for frame in FRAMES]
        self._order += [len(FRAMES) + self.settings.voices.index(voice) for voice in VOICES]

    @cached_property
    def holdout(self) -> Holdout | None:
        """What this model says of held-out sentences, with their gold labels; ``None`` where its folder has no such file."""
        return read_holdout(self._folder, self.settings.revision)

    def probabilities(self, sentences: Sequence[tuple[str, str]]) -> tuple[Floats, Floats]:
        """Frame and voice probabilities, shapes (n, 4) and (n, 2), of ``(previous, text)`` pairs; rows sum to 1."""
        logits = self.logits(sentences)
        frames = _softmax(logits[:, : len(FRAMES)] / self.settings.temperature)
        return frames, _softmax(logits[:, len(FRAMES) :] / self.settings.voice_temperature)

    def logits(self, sentences: Sequence[tuple[str, str]]) -> Floats:
        """The network's outputs, shape (n, 6): frames and voices in the order of ``stance.labels``.

        Pairs that occur more than once (wire copy) are run once.
        """
        if not sentences:
            return np.empty((0, len(FRAMES) + len(VOICES)))
        different = dict.fromkeys(sentences)
        inputs = self._inputs(list(different))
        with ThreadPoolExecutor(self.threads) as pool:
            found = dict(zip(different, pool.map(self._run, inputs), strict=True))
        return np.stack([found[pair] for pair in sentences]).astype(np.float64)[:, self._order]

    def _inputs(self, pairs: list[tuple[str, str]]) -> list[tuple[list[int], int]]:
        """Token ids of each pair, and how many of them at the end are the sentence's own."""
        texts = self._tokenizer.encode_batch([plain(text) for _, text in pairs], add_special_tokens=False)
        before = self._tokenizer.encode_batch([plain(previous) for previous, _ in pairs], add_special_tokens=False)
        rows = []
        for text, previous in zip(texts, before, strict=True):
            own = [*text.ids[: self.settings.longest], self._last]
            context = previous.ids[-self.settings.context :] if self.settings.context else []
            rows.append(([self._first, *context, self._last, *own] if context else [self._first, *own], len(own)))
        return rows

    def _run(self, row: tuple[list[int], int]) -> NDArray[np.float32]:
        ids, own = row
        mask = np.zeros((1, len(ids)), dtype=np.float32)
        mask[0, -own:] = 1
        (logits,) = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64), "pool_mask": mask})
        return np.asarray(logits[0], dtype=np.float32)


def _open(folder: Path) -> tuple[Tokenizer, InferenceSession]:
    """The tokenizer and the network in a model folder.

    Raises
    ------
    StanceError
        If a file of them is damaged, or is of another kind of model.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    file = "model.onnx"
    try:
        session = onnxruntime.InferenceSession(
            str(folder / file), options, providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # its kernel takes a fifth longer than the steps it joins
        )  # fmt: skip
        if {given.name for given in session.get_inputs()} != {"input_ids", "pool_mask"}:
            raise ValueError("has other inputs than input_ids and pool_mask")
        file = "tokenizer.json"
        tokenizer = Tokenizer.from_file(str(folder / file))
        if len(tokenizer.encode("").ids) < 2:
            raise ValueError("puts no marks around a text")
    except Exception as error:  # both libraries raise kinds of their own, all of which mean the same here
        reason = " ".join(str(error).split())
        raise StanceError(
            f"model {folder.name!r}: {file} cannot be used ({reason}); copy the folder anew, or write one: training/train.py"
        ) from error
    return tokenizer, session


def _softmax(logits: Floats) -> Floats:
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
