"""The frame classifier as transformers opens it; ``training.pipeline`` puts a copy of this file beside the torch weights.

It imports nothing of this project: whoever has the folder needs transformers (5 or newer) and torch alone.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.models.auto.modeling_auto import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES


class FrameClassifier(PreTrainedModel):
    """The network of ``training.model`` with its frame head alone; a softmax of its logits gives calibrated probabilities."""

    _keys_to_ignore_on_load_unexpected = (r"^heads\.(voice|camp)\.", r"^fast_heads\.")

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__(config)
        self.encoder = AutoModel.from_config(config)
        if getattr(self.encoder, "pooler", None) is not None:
            self.encoder.pooler = None
        width = config.hidden_size
        self.heads = nn.Module()
        self.heads.norm, self.heads.frame = nn.LayerNorm(width), nn.Linear(width, config.num_labels)
        self.heads.query = nn.Parameter(torch.zeros(width, 3))
        self.post_init()

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any) -> SequenceClassifierOutput:
        """Logits of shape (batch, 4), divided by the temperature, of sentences padded on the right.

        A sentence longer than the network reads loses its end, but not the token that marks the end.
        """
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        last = input_ids.gather(1, mask.sum(1, keepdim=True) - 1)
        room = self.config.longest + 2
        ids, mask = input_ids[:, :room], mask[:, :room]
        ids = torch.cat([ids[:, :-1], torch.where(mask[:, -1:] == 1, last, ids[:, -1:])], dim=1)
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[:, 1:]
        wanted = (hidden @ self.heads.query)[..., :1].float()  # the first of the queries is the frame's
        weight = wanted.masked_fill(mask[:, 1:].unsqueeze(-1) == 0, -torch.inf).softmax(1)
        pooled = self.heads.norm((hidden * weight.to(hidden.dtype)).sum(1))
        return SequenceClassifierOutput(logits=self.heads.frame(pooled) / self.config.frame_temperature)


MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES["stance"] = FrameClassifier.__name__  # else pipeline() reports that it does not know the class
