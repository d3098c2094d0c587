"""Windows of sentences that are read together: how they are drawn in training, cut for measuring, and padded to batches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import Dataset, Sampler

from stance.model import pool_mask, windows_of
from training.config import Config
from training.edits import OUTLETS, edited
from training.prepare import TARGETS, pieces_of

MIXED = 12
"""Batches whose windows are drawn together and parted by length, so that a batch has little padding."""
Sentences = list[dict[str, Any]]
"""As ``training.prepare.tokenised`` gives them: what stands in one window, or in one excerpt."""


class Collator:
    """Pads windows to a batch; in ``training`` it edits a share of their sentences and blanks a share of the pieces."""

    def __init__(self, config: Config, tokenizer: Tokenizer, *, training: bool) -> None:
        self.config, self.tokenizer, self.training = config, tokenizer, training
        self.padding = next(index for token in ("<pad>", "[PAD]") if (index := tokenizer.token_to_id(token)) is not None)
        self.unknown = next((index for token in ("<unk>", "[UNK]") if (index := tokenizer.token_to_id(token)) is not None), self.padding)
        self.first = tokenizer.encode("").ids[0]
        self.chance = Random(config.seed)

    def __call__(self, windows: list[Sentences]) -> dict[str, Tensor]:
        """Tensors of shape (windows, longest); ``pool_mask``, shape (windows, most sentences, longest); ``asked``, shape (windows, most sentences), which of these
        are labelled; and their targets, shape (sentences, labels)."""
        ids = [[self._ids(sentence) for sentence in window] for window in windows]
        rows = [torch.tensor([self.first, *(index for sentence in window for index in sentence)]) for window in ids]
        most, longest = max(map(len, windows)), max(map(len, rows))
        masks = torch.zeros(len(windows), most, longest)
        asked = torch.zeros(len(windows), most, dtype=torch.bool)
        for at, window in enumerate(ids):
            mask = torch.from_numpy(pool_mask(list(map(len, window))))
            masks[at, : mask.shape[0], : mask.shape[1]] = mask
            asked[at, : len(window)] = torch.tensor([sentence["labelled"] for sentence in windows[at]])
        labelled = [sentence for window in windows for sentence in window if sentence["labelled"]]
        return {
            "input_ids": pad_sequence(rows, batch_first=True, padding_value=self.padding),
            "attention_mask": pad_sequence([torch.ones_like(row) for row in rows], batch_first=True),
            "pool_mask": masks,
            "asked": asked,
            **{name: torch.tensor(np.array([sentence[name] for sentence in labelled]), dtype=torch.float32) for name in TARGETS},
        }

    def _ids(self, sentence: dict[str, Any]) -> list[int]:
        ids: list[int] = sentence["ids"]
        if not self.training:
            return ids
        if sentence["lang"] in OUTLETS and self.chance.random() < self.config.edited:
            ids = pieces_of(self.config, self.tokenizer, edited(sentence["text"], sentence["lang"], self.chance))
        if self.config.blanked:
            ids = [self.unknown if self.chance.random() < self.config.blanked else index for index in ids]
        return ids


class Windows(Dataset[Sentences]):
    """Parts of excerpts, as ``training.prepare.tokenised`` gives them, named by excerpt, start and end."""

    def __init__(self, excerpts: Mapping[str, Iterable[Sentences]], config: Config) -> None:
        self.excerpts, self.headline = list(excerpts["sentences"]), config.headline

    def __getitem__(self, place: tuple[int, int, int]) -> Sentences:
        excerpt, start, end = place
        return _seen(self.excerpts[excerpt], start, end, headline=self.headline)

    def __len__(self) -> int:
        return sum(sentence["labelled"] for excerpt in self.excerpts for sentence in excerpt)


class Batches(Sampler[list[tuple[int, int, int]]]):
    """Every labelled sentence once in a pass, in a window of random size, from the sentence alone to what fits into a window; in any pass as many batches, which hold about
    as many labelled sentences each."""

    def __init__(self, windows: Windows, config: Config, epoch: Callable[[], int]) -> None:
        self.windows, self.config, self.epoch = windows, config, epoch

    def __len__(self) -> int:
        return math.ceil(len(self.windows) / self.config.batch)

    def __iter__(self) -> Iterator[list[tuple[int, int, int]]]:
        chance = Random(f"{self.config.seed} {self.epoch()}")
        places = [(at, *ends) for at, excerpt in enumerate(self.windows.excerpts) for ends in self._cut(excerpt, chance)]
        chance.shuffle(places)
        sizes = np.array([sum(sentence["labelled"] for sentence in self.windows[place]) for place in places])
        # stretches of windows for MIXED batches, each sorted by length, one after the other
        stretches = np.split(np.arange(len(places)), np.searchsorted(np.cumsum(sizes), np.arange(MIXED, len(self), MIXED) * self.config.batch))
        order = [at for stretch in stretches for at in sorted(stretch.tolist(), key=lambda at: self._tokens(places[at]))]
        batches = [[places[at] for at in part] for part in _parts(order, sizes, len(self))]
        chance.shuffle(batches)
        return iter(batches)

    def _tokens(self, place: tuple[int, int, int]) -> int:
        return sum(len(sentence["ids"]) for sentence in self.windows[place])

    def _cut(self, excerpt: Sentences, chance: Random) -> Iterator[tuple[int, int]]:
        lengths = [len(sentence["ids"]) for sentence in excerpt]
        start = 0
        while start < len(excerpt):
            room = 0 if chance.random() < self.config.alone else chance.uniform(self.config.context / 4, self.config.context)
            end = start + 1
            while end < min(len(excerpt), start + self.config.batch) and sum(lengths[start : end + 1]) <= room:
                end += 1
            if any(sentence["labelled"] for sentence in excerpt[start:end]):
                yield start, end
            start = end


def _parts(found: Sequence[int], sizes: NDArray[np.int64], count: int) -> Iterator[Sequence[int]]:
    """``found``, of at least ``count``, in its order in ``count`` parts, none empty, whose sizes sum to about the same."""
    ends = np.cumsum(sizes[found])
    start = 0
    for part in range(1, count + 1):
        near = int(np.searchsorted(ends, part * ends[-1] / count)) + 1
        end = len(found) if part == count else min(max(near, start + 1), len(found) - count + part)
        yield found[start:end]
        start = end


def cut(config: Config, excerpts: list[Sentences]) -> Iterator[Sentences]:
    """Excerpts cut into windows as scoring cuts them; sentences that stand in a window as context only are not ``labelled`` in it."""
    for excerpt in excerpts:
        for start, first, end in windows_of(
            [len(sentence["ids"]) for sentence in excerpt], sum(sentence["labelled"] for sentence in excerpt), config.context
        ):
            window = _seen(excerpt, start, end, headline=config.headline)
            yield [sentence | {"labelled": sentence["labelled"] and at >= first} for at, sentence in enumerate(window, end - len(window))]


def _seen(excerpt: Sentences, start: int, end: int, *, headline: bool) -> Sentences:
    """The sentences of a window, with the excerpt's first one ahead of several if it is wanted and not among them."""
    ahead = [sentence | {"labelled": False} for sentence in excerpt[: int(headline and 0 < start < end - 1)]]
    return ahead + excerpt[start:end]
