"""One encoder with two heads, frame and voice, and how sentences become its input."""

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

from stance.labels import FRAMES, VOICES

VOICE_WEIGHT = 0.5
"""Share of the voice loss beside the frame loss."""


class FrameVoiceModel(nn.Module):
    """Mean of the sentence's own tokens (not the context's), dropout, one linear layer for each head."""

    def __init__(self, encoder: nn.Module, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = int(encoder.config.hidden_size)
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        self.frame = nn.Linear(width, len(FRAMES))
        self.voice = nn.Linear(width, len(VOICES))

    def forward(
        self,
        input_ids: Tensor,
        pool_mask: Tensor,
        attention_mask: Tensor | None = None,
        frame_target: Tensor | None = None,
        voice_target: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Logits of shape (batch, 6): four frames, then two voices; with targets (probabilities), the loss too."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = pool_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = self.dropout(self.norm((hidden * weight).sum(1) / weight.sum(1)))
        frame, voice = self.frame(pooled), self.voice(pooled)
        result = {"logits": torch.cat([frame, voice], dim=-1)}
        if frame_target is not None and voice_target is not None:
            loss = functional.cross_entropy(frame.float(), frame_target)
            result["loss"] = loss + VOICE_WEIGHT * functional.cross_entropy(voice.float(), voice_target)
        return result


def from_backbone(
    folder: str | Path, *, layers: Sequence[int] | None = None, kept: Sequence[int] | None = None, dropout: float = 0.1, encoder_dropout: float = 0.1
) -> FrameVoiceModel:
    """A model on a pretrained encoder, optionally on some of its layers and on the kept rows of its embeddings."""
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
