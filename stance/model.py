"""The classifier's network: sentences in, probabilities out; those of frames and voices are calibrated."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.artifacts import Holdout, files_of, is_early, read_holdout, read_settings
from stance.labels import CAMPS, FRAMES, VOICES, Camp, StanceError
from stance.spelling import plain

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = NDArray[np.float64]
INPUTS = {"input_ids", "pool_mask"}


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
        model, tokenizer, _, *upper = files_of(folder)
        first = "fast_logits" if is_early(folder) else "hidden" if upper else "logits"
        self._steps = [(_session(model, INPUTS, first), first)]
        self._tokenizer = _tokenizer(tokenizer)
        self._steps += [(_session(path, {*INPUTS, "hidden"}, "logits"), "logits") for path in upper]
        ends = self._tokenizer.encode("").ids
        self._first, self._last = ends[0], ends[-1]
        outputs = [*self.settings.frames, *self.settings.voices, *self.settings.camps]
        self._order = [outputs.index(label) for label in (*FRAMES, *VOICES, *(CAMPS if self.settings.camps else ()))]

    @cached_property
    def holdout(self) -> Holdout | None:
        """What this model says of held-out sentences, with their gold labels; ``None`` where its folder has no such file."""
        return read_holdout(self._folder, self.settings.revision)

    def probabilities(self, sentences: Sequence[tuple[str, str]]) -> tuple[Floats, Floats, Floats]:
        """Probabilities of ``(previous, text)`` pairs, rows sum to 1: of frames, shape (n, 4), of voices, (n, 2), and of the speaker's camps, (n, 6).

        A model that tells no camps gives ``unknown`` for all.
        """
        frames, voices, camps = np.split(self.logits(sentences), [len(FRAMES), len(FRAMES) + len(VOICES)], axis=1)
        if not self.settings.camps:
            camps = np.tile([0.0 if camp is Camp.UNKNOWN else -np.inf for camp in CAMPS], (len(sentences), 1))
        return _softmax(frames / self.settings.temperature), _softmax(voices / self.settings.voice_temperature), _softmax(camps)

    def logits(self, sentences: Sequence[tuple[str, str]]) -> Floats:
        """The network's outputs, shape (n, 12), or (n, 6) where it tells no camps: frames, voices, camps in the order of ``stance.labels``.

        Pairs that occur more than once (wire copy) are run once.
        """
        if not sentences:
            return np.empty((0, len(self._order)))
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
        given: dict[str, NDArray[Any]] = {"input_ids": np.array([ids], dtype=np.int64), "pool_mask": mask}
        for session, output in self._steps:
            (given["hidden"],) = session.run([output], given)
        return np.asarray(given["hidden"][0], dtype=np.float32)


def _tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    with _usable(path):
        tokenizer = Tokenizer.from_file(str(path))
        if len(tokenizer.encode("").ids) < 2:
            raise ValueError("puts no marks around a text")
    return tokenizer


def _session(path: Path, inputs: set[str], output: str) -> InferenceSession:
    """A part of the network, which needs these inputs and gives, among others, this output."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with _usable(path):
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # its kernel takes a fifth longer than the steps it joins
        )  # fmt: skip
        if {given.name for given in session.get_inputs()} != inputs:
            raise ValueError(f"has other inputs than {' and '.join(sorted(inputs))}")
        if output not in {given.name for given in session.get_outputs()}:
            raise ValueError(f"has no output {output}; is a file missing beside it?")
    return session


@contextmanager
def _usable(path: Path) -> Iterator[None]:
    """Errors inside, of which the libraries raise many kinds, all mean that a model's file cannot be used."""
    try:
        yield
    except Exception as error:
        reason = " ".join(str(error).split())
        raise StanceError(
            f"model {path.parent.name!r}: {path.name} cannot be used ({reason}); copy the folder anew, or write one: training/train.py"
        ) from error


def _softmax(logits: Floats) -> Floats:
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
