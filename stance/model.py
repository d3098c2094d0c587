"""The classifier's network: sentences in, probabilities out; those of frames and voices are calibrated."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.artifacts import Holdout, files_of, is_early, read_holdout, read_settings
from stance.labels import CAMPS, FRAMES, VOICES, Camp, StanceError
from stance.records import Excerpt
from stance.spelling import plain

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = NDArray[np.float64]
_Window = tuple[tuple[tuple[int, ...], ...], int]
"""Token ids of sentences that are run together, and how many of them, from the end, are asked for."""
INPUTS = {"input_ids", "pool_mask"}


class Network:
    """An ONNX model folder, opened.

    Sentences that follow each other are run together, as many as a window holds; windows are run one by one on one thread each, in parallel. So a
    sentence's probabilities hang on its neighbours in the text and on the headline, the title or the text's first sentence, which is put ahead of every window of several
    sentences, but not on its batch mates, on the order or the number of threads, although the weights and activations are 8-bit. A sentence given without any
    other is read alone.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise StanceError(f"threads is {threads}, needs at least 1")
        self.settings = read_settings(folder)
        self._folder = folder
        self.threads = threads or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
        model, tokenizer, _, *upper = files_of(folder)
        early = is_early(folder)
        self._even = early and self.settings.context > 0
        first = "fast_logits" if early else "hidden" if upper else "logits"
        self._steps = [(_session(model, INPUTS, first), first)]
        self._tokenizer = _tokenizer(tokenizer)
        self._steps += [(_session(path, {*INPUTS, "hidden"}, "logits"), "logits") for path in upper]
        ends = self._tokenizer.encode("").ids
        self._first, self._last = ends[0], ends[-1]
        self._cuts = lru_cache(maxsize=1)(lambda excerpt: tuple(self._cut(excerpt, self._pieces(excerpt.texts))))  # asked for sentence by sentence
        outputs = [*self.settings.frames, *self.settings.voices, *self.settings.camps]
        self._order = [outputs.index(label) for label in (*FRAMES, *VOICES, *(CAMPS if self.settings.camps else ()))]

    @cached_property
    def holdout(self) -> Holdout | None:
        """What this model says of held-out sentences, with their gold labels; ``None`` where its folder has no such file."""
        return read_holdout(self._folder, self.settings.revision)

    def probabilities(self, excerpts: Sequence[Excerpt]) -> tuple[Floats, Floats, Floats]:
        """Probabilities of the sentences asked for, in their order, rows sum to 1: of frames, shape (n, 4), of voices, (n, 2), and of the speaker's camps, (n, 6).

        A model that tells no camps gives ``unknown`` for all.
        """
        logits = self.logits(excerpts)
        frames, voices, camps = np.split(logits, [len(FRAMES), len(FRAMES) + len(VOICES)], axis=1)
        if not self.settings.camps:
            camps = np.tile([0.0 if camp is Camp.UNKNOWN else -np.inf for camp in CAMPS], (len(logits), 1))
        return _softmax(frames / self.settings.temperature), _softmax(voices / self.settings.voice_temperature), _softmax(camps)

    def logits(self, excerpts: Sequence[Excerpt]) -> Floats:
        """The network's outputs, shape (n, 12), or (n, 6) where it tells no camps: frames, voices, camps in the order of ``stance.labels``.

        Windows that occur more than once (wire copy under one headline) are run once.
        """
        windows = list(self._windows(excerpts))
        if not windows:
            return np.empty((0, len(self._order)))
        different = list(dict.fromkeys(windows))
        with ThreadPoolExecutor(self.threads) as pool:
            found = dict(zip(different, pool.map(self._run, different), strict=True))
        return np.concatenate([found[window] for window in windows]).astype(np.float64)[:, self._order]

    def around(self, excerpt: Excerpt, at: int) -> tuple[Excerpt, int]:
        """The window in which a sentence is read, the one at ``at`` of those asked for, and its place among the texts there."""
        at += len(excerpt.texts) - excerpt.asked
        start, first, end = next(cut for cut in self._cuts(excerpt) if cut[1] <= at < cut[2])
        seen = self._seen(excerpt, start, end)
        return Excerpt(seen, end - first, whole=True), len(seen) - (end - at)

    def reads_all(self, text: str) -> bool:
        """Whether a sentence is read to its end: it has no more than ``longest`` tokens."""
        return len(self._tokenizer.encode(plain(text), add_special_tokens=False).ids) <= self.settings.longest

    def _pieces(self, texts: Iterable[str]) -> dict[str, tuple[int, ...]]:
        different = list(dict.fromkeys(texts))
        encoded = self._tokenizer.encode_batch([plain(text) for text in different], add_special_tokens=False)
        return {text: (*row.ids[: self.settings.longest], self._last) for text, row in zip(different, encoded, strict=True)}

    def _cut(self, excerpt: Excerpt, pieces: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[int, int, int]]:
        if excerpt.whole:
            return iter([(0, len(excerpt.texts) - excerpt.asked, len(excerpt.texts))])
        lengths = [len(pieces[text]) for text in excerpt.texts]
        found = windows_of(lengths, excerpt.asked, self.settings.context)
        return evened(lengths, list(found)) if self._even else found

    def _seen(self, excerpt: Excerpt, start: int, end: int) -> tuple[str, ...]:
        ahead = excerpt.texts[: int(self.settings.headline and 0 < start < end - 1)]
        return (*ahead, *excerpt.texts[start:end])

    def _windows(self, excerpts: Sequence[Excerpt]) -> Iterator[_Window]:
        pieces = self._pieces(text for excerpt in excerpts for text in excerpt.texts)
        for excerpt in excerpts:
            for start, first, end in self._cut(excerpt, pieces):
                yield tuple(pieces[text] for text in self._seen(excerpt, start, end)), end - first

    def _run(self, window: _Window) -> NDArray[np.float32]:
        sentences, asked = window
        ids = [self._first, *(index for sentence in sentences for index in sentence)]
        given: dict[str, NDArray[Any]] = {
            "input_ids": np.array([ids], dtype=np.int64),
            "pool_mask": pool_mask([len(sentence) for sentence in sentences])[-asked:],
        }
        for session, output in self._steps:
            (given["hidden"],) = session.run([output], given)
        return np.asarray(given["hidden"], dtype=np.float32)


def windows_of(lengths: Sequence[int], asked: int, room: int) -> Iterator[tuple[int, int, int]]:
    """Cut an excerpt into windows of at most ``room`` tokens, or one sentence: where each starts, which is the first sentence asked for in it, where it ends.

    A window holds one of the sentences asked for at least, more if they fit, and then as many before them as fit.

    >>> list(windows_of([5, 5, 5, 5], 4, 15)), list(windows_of([5, 5, 5, 5], 1, 15)), list(windows_of([5, 5], 2, 0))
    ([(0, 0, 3), (1, 3, 4)], [(1, 3, 4)], [(0, 0, 1), (1, 1, 2)])
    """
    first = len(lengths) - asked
    while first < len(lengths):
        end, size = first + 1, lengths[first]
        while end < len(lengths) and size + lengths[end] <= room:
            size += lengths[end]
            end += 1
        start = first
        while start and size + lengths[start - 1] <= room:
            start -= 1
            size += lengths[start]
        yield start, first, end
        first = end


def evened(lengths: Sequence[int], windows: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """No more windows, about equally long and a little longer than before at most, in which no sentence asked for is read twice: an eighth less to read on pages of usual length.

    >>> list(evened([5, 5, 5, 5], [(0, 0, 3), (1, 3, 4)])), list(evened([5, 5, 5, 5], [(1, 3, 4)]))
    ([(0, 0, 2), (2, 2, 4)], [(1, 3, 4)])
    """
    start, first, _ = windows[0]
    ends = np.cumsum(lengths[first:])
    parts = np.linspace(0, ends[-1], len(windows) + 1)[1:-1]
    bounds = np.unique([first, *(first + np.searchsorted(ends - np.array(lengths[first:]) / 2, parts)), len(lengths)]).tolist()
    for at, end in pairwise(bounds):
        yield start if at == first else at, at, end


def pool_mask(lengths: Sequence[int]) -> NDArray[np.float32]:
    """Which tokens of a window are each sentence's own, 1 or 0, shape (sentences, tokens); the first token of a window is nobody's.

    >>> pool_mask([2, 1]).tolist()
    [[0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    owner = np.repeat(np.arange(len(lengths)), lengths)
    return np.concatenate([np.zeros((len(lengths), 1)), owner == np.arange(len(lengths))[:, None]], axis=1).astype(np.float32)


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
