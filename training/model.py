"""One encoder with heads for frame, voice and the speaker's camp after its last layer and, if wanted, after an early one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel

from stance.labels import CAMPS, FRAMES, VOICES

VOICE_WEIGHT = 0.5
"""Share of the voice loss beside the frame loss."""
CAMP_WEIGHT = 0.5
"""Share of the loss of the speaker's camp beside the frame loss; it counts on attributed sentences alone."""
FAST_WEIGHT = 0.5
"""Share of the loss of the heads after an early layer beside that of the heads after the last."""

FAR_BELOW = 1e4
"""What tokens of other sentences lose before a softmax, which leaves them nothing."""


class Heads(nn.Module):
    """Frame, voice and camp of each sentence, each from a weighted mean of the sentence's own tokens, dropout and a linear layer.

    The weights are learned (Lin et al. 2017, "A Structured Self-Attentive Sentence Embedding"), for each of the three its own; at first all are equal.
    """

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        self.query = nn.Parameter(torch.zeros(width, 3))
        self.frame = nn.Linear(width, len(FRAMES))
        self.voice = nn.Linear(width, len(VOICES))
        self.camp = nn.Linear(width, len(CAMPS))

    def forward(self, hidden: Tensor, pool_mask: Tensor) -> Tensor:
        """Logits of shape (..., sentences, 12), four frames, two voices, six camps, from token vectors of shape (..., tokens, width) and each sentence's own
        tokens, shape (..., sentences, tokens)."""
        wanted = (hidden @ self.query).float().transpose(-1, -2).unsqueeze(-2)  # (..., 3, 1, tokens)
        weights = (wanted + (pool_mask.unsqueeze(-3) - 1) * FAR_BELOW).softmax(-1).to(hidden.dtype)
        frame, voice, camp = self.dropout(self.norm(weights @ hidden.unsqueeze(-3))).unbind(-3)
        return torch.cat([self.frame(frame), self.voice(voice), self.camp(camp)], dim=-1)


class FrameVoiceModel(nn.Module):
    """An encoder with heads after its last layer: frame, voice, the speaker's camp.

    Where ``encoder.config.fast_layers`` is above 0, other heads answer after so many layers; besides gold they learn from what the last layer says
    (Zhang et al. 2019, "Be Your Own Teacher"), and a reader in haste runs the encoder no further.
    """

    def __init__(self, encoder: nn.Module, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.fast_layers, count = int(getattr(encoder.config, "fast_layers", 0)), int(encoder.config.num_hidden_layers)
        if not 0 <= self.fast_layers <= count:
            raise SystemExit(f"fast_layers is {self.fast_layers}; the encoder has {count} layers, needed is a number from 0 (none) to {count}")
        self.heads = Heads(int(encoder.config.hidden_size), dropout)
        self.fast_heads = Heads(int(encoder.config.hidden_size), dropout) if self.fast_layers else None

    def states(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> tuple[Tensor, Sequence[Tensor]]:
        """Token vectors of shape (batch, tokens, width): the last layer's and, if there are heads for an early one, all layers', from the embeddings on."""
        found = self.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=self.fast_heads is not None)
        return found.last_hidden_state, found.hidden_states or ()

    def answers(self, input_ids: Tensor, pool_mask: Tensor, attention_mask: Tensor | None = None) -> tuple[Tensor, ...]:
        """Logits of shape (batch, sentences, 12) after the last layer and, if there are such heads, after the early one."""
        last, states = self.states(input_ids, attention_mask)
        logits = self.heads(last, pool_mask)
        return (logits,) if self.fast_heads is None else (logits, self.fast_heads(states[self.fast_layers], pool_mask))

    def forward(
        self,
        input_ids: Tensor,
        pool_mask: Tensor,
        attention_mask: Tensor | None = None,
        asked: Tensor | None = None,
        *,
        frame_target: Tensor | None = None,
        voice_target: Tensor | None = None,
        camp_target: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Logits of shape (n, 12): four frames, two voices, six camps; with targets (probabilities), the loss too.

        ``pool_mask`` has shape (batch, sentences, tokens), ``asked`` (batch, sentences): which of the sentences are wanted, all if not given.
        """
        wanted = torch.ones(pool_mask.shape[:2], dtype=torch.bool) if asked is None else asked
        last, *early = (logits[wanted] for logits in self.answers(input_ids, pool_mask, attention_mask))
        result = {"logits": last}
        if frame_target is not None and voice_target is not None and camp_target is not None:
            result["loss"] = _loss(last, frame_target, voice_target, camp_target)
            for logits in early:
                target = (frame_target + last[:, : len(FRAMES)].detach().float().softmax(1)) / 2
                result["loss"] = result["loss"] + FAST_WEIGHT * _loss(logits, target, voice_target, camp_target)
        return result


def _loss(logits: Tensor, frame_target: Tensor, voice_target: Tensor, camp_target: Tensor) -> Tensor:
    """A row of zeros as a target adds nothing."""
    frame, voice, camp = logits.float().split([len(FRAMES), len(VOICES), len(CAMPS)], dim=1)
    loss = functional.cross_entropy(frame, frame_target) + VOICE_WEIGHT * functional.cross_entropy(voice, voice_target)
    return loss + CAMP_WEIGHT * functional.cross_entropy(camp, camp_target)


def from_backbone(
    folder: str | Path, *, layers: Sequence[int] | None = None, kept: Sequence[int] | None = None, dropout: float = 0.1, encoder_dropout: float = 0.1,
    fast_layers: int = 0,
) -> FrameVoiceModel:  # fmt: skip
    """A model on a pretrained encoder, optionally on some of its layers, on the kept rows of its embeddings, with heads after an early layer."""
    encoder = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")  # the faster one for training on a CPU
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    if kept is not None:
        words = encoder.get_input_embeddings()
        padding = None if words.padding_idx is None else list(kept).index(words.padding_idx)
        encoder.set_input_embeddings(nn.Embedding.from_pretrained(words.weight[list(kept)].detach().clone(), freeze=False, padding_idx=padding))
        encoder.config.vocab_size = len(kept)
    if layers is not None:
        encoder.encoder.layer = nn.ModuleList(encoder.encoder.layer[index] for index in layers)
        encoder.config.num_hidden_layers = len(layers)
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = encoder_dropout
    encoder.config.fast_layers = fast_layers
    return FrameVoiceModel(encoder, dropout)


def save(model: FrameVoiceModel, folder: Path, **notes: Any) -> None:
    """Weights as safetensors, the encoder's configuration, and notes in ``stance.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, folder / "model.safetensors")
    model.encoder.config.save_pretrained(folder)
    (folder / "stance.json").write_text(json.dumps(notes, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def restore(folder: Path) -> FrameVoiceModel:
    """The model that ``save`` wrote."""
    config = AutoConfig.from_pretrained(folder)
    encoder = AutoModel.from_config(config)
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None
    model = FrameVoiceModel(encoder)
    model.load_state_dict(load_file(folder / "model.safetensors"))
    return model.eval()
