"""Fit the network to a configuration's training sentences; what is done with the result is ``training.train``'s and ``training.teach``'s business."""

from __future__ import annotations

import ctypes
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import evaluate
import numpy as np
import torch
from datasets import DatasetDict
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel, EvalPrediction, Trainer, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from stance.labels import FRAMES, VOICES
from training.backbone import resolve
from training.config import Config
from training.edits import edited
from training.model import FrameVoiceModel, from_backbone
from training.prepare import datasets_of, laid_out, vocabulary

TARGETS = ("frame_target", "voice_target", "camp_target")
METRICS = Path(__file__).resolve().parent / "metrics"


class Collator:
    """Edits a share of the sentences, blanks a share of their pieces, and pads a batch."""

    def __init__(self, config: Config, tokenizer: Tokenizer) -> None:
        self.config, self.pieces = config, tokenizer
        self.padding = next(index for token in ("<pad>", "[PAD]") if (index := tokenizer.token_to_id(token)) is not None)
        self.unknown = next((index for token in ("<unk>", "[UNK]") if (index := tokenizer.token_to_id(token)) is not None), self.padding)
        self.chance = Random(config.seed)

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, Tensor]:
        """Tensors of shape (batch, longest row), and the targets."""
        inputs = [self._input(row) for row in rows]
        ids, masks = [torch.tensor(row) for row, _ in inputs], [torch.tensor(mask, dtype=torch.float32) for _, mask in inputs]
        return {
            "input_ids": pad_sequence(ids, batch_first=True, padding_value=self.padding),
            "attention_mask": pad_sequence([torch.ones_like(row) for row in ids], batch_first=True),
            "pool_mask": pad_sequence(masks, batch_first=True),
            "frame_target": torch.tensor([row["frame_target"] for row in rows]),
            "voice_target": torch.tensor([row["voice_target"] for row in rows]),
            "camp_target": torch.tensor([row["camp_target"] for row in rows]),
        }

    def _input(self, row: dict[str, Any]) -> tuple[list[int], list[int]]:
        ids, mask = row["input_ids"], row["pool_mask"]
        if self.chance.random() < row["edited"]:
            ids, mask = laid_out(self.config, self.pieces, edited(row["text"], row["lang"], self.chance), row["previous"])
        if row["blanked"]:
            ids = [self.unknown if own and self.chance.random() < row["blanked"] else index for index, own in zip(ids, mask, strict=True)]
        return ids, mask


class LayeredTrainer(Trainer):
    """Learning rates that fall from the heads to the embeddings (Howard and Ruder 2018)."""

    config: Config

    def create_optimizer(self, model: torch.nn.Module | None = None) -> torch.optim.Optimizer:
        """AdamW with one group for each learning rate."""
        model = model or self.model
        config = self.config
        count = int(model.encoder.config.num_hidden_layers)
        groups: dict[tuple[float, float], list[torch.nn.Parameter]] = defaultdict(list)
        for name, parameter in model.named_parameters():
            parts = name.split(".")
            depth = count - 1 - int(parts[parts.index("layer") + 1]) if "layer" in parts else count
            rate = config.rate * config.layer_decay**depth if parts[0] == "encoder" else config.head_rate
            groups[rate, 0.01 if parameter.ndim > 1 else 0.0].append(parameter)
        found = [{"params": parameters, "lr": rate, "weight_decay": decay} for (rate, decay), parameters in groups.items()]
        self.optimizer = torch.optim.AdamW(found, fused=True)
        return self.optimizer


def measure(prediction: EvalPrediction) -> dict[str, float | None]:
    """Macro-F1 of frame and voice, accuracy of the camp (``None`` where none is known), and the frame's calibration error."""
    frame_target, voice_target, camp_target = prediction.label_ids
    frames, voices, camps = np.split(prediction.predictions, [len(FRAMES), len(FRAMES) + len(VOICES)], axis=1)
    gold, known, told = frame_target.argmax(1), voice_target.any(1), camp_target.any(1)
    shares = torch.tensor(frames).softmax(1)
    f1 = evaluate.load(str(METRICS / "macro_f1"))
    ece = evaluate.load(str(METRICS / "classwise_ece"))
    return {
        "frame_f1": f1.compute(predictions=frames.argmax(1).tolist(), references=gold.tolist())["macro_f1"],
        "voice_f1": f1.compute(predictions=voices[known].argmax(1).tolist(), references=voice_target[known].argmax(1).tolist())["macro_f1"]
        if known.any()
        else None,
        "camp_accuracy": float((camps[told].argmax(1) == camp_target[told].argmax(1)).mean()) if told.any() and camps.size else None,
        "ece": ece.compute(predictions=shares.tolist(), references=gold.tolist())["classwise_ece"],
    }


def build(config: Config, tokenizer_path: Path, rows: list[dict[str, Any]]) -> FrameVoiceModel:
    """The untrained classifier, and its tokenizer written to ``tokenizer_path``."""
    if config.backbone == "tiny":
        if not tokenizer_path.is_file():
            _tiny_tokenizer(rows, tokenizer_path)
        size = Tokenizer.from_file(str(tokenizer_path)).get_vocab_size()
        tiny = BertConfig(
            vocab_size=size, hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128, max_position_embeddings=256
        )
        tiny.fast_layers = config.fast_layers
        return FrameVoiceModel(BertModel(tiny, add_pooling_layer=False), config.dropout)
    source = resolve(config.backbone)
    if isinstance(source, str):
        from huggingface_hub import snapshot_download

        source = Path(snapshot_download(source, allow_patterns=["*.json", "*.safetensors"]))
    kept = vocabulary(config, source, rows, tokenizer_path)
    return from_backbone(
        source,
        layers=config.layers or None,
        kept=kept,
        dropout=config.dropout,
        encoder_dropout=config.encoder_dropout,
        fast_layers=config.fast_layers,
    )


def _tiny_tokenizer(rows: list[dict[str, Any]], path: Path) -> None:
    from tokenizers import models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer.train_from_iterator(
        (row["text"] for row in rows), trainers.WordPieceTrainer(vocab_size=2000, special_tokens=special, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(path))


def fit(config: Config, folder: Path, rows: dict[str, list[dict[str, Any]]], soft: Mapping[str, Sequence[float]]) -> tuple[Trainer, DatasetDict]:
    """Train on ``rows``, or go on with it in ``folder``; return the trainer, whose ``model`` is fitted, and the tokenised splits.

    ``soft`` gives a teacher's frame probabilities by sentence id. The tokenizer is written into ``folder``, checkpoints below it.
    """
    set_seed(config.seed)
    _keep_memory()
    model = build(config, folder / "tokenizer.json", rows["train"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    data = datasets_of(config, tokenizer, rows, soft)
    print({split: len(found) for split, found in rows.items()}, f"vocabulary {tokenizer.get_vocab_size()}", flush=True)
    steps = config.epochs * -(-len(data["train"]) // config.batch)
    arguments = TrainingArguments(
        output_dir=str(folder / "checkpoints"), per_device_train_batch_size=config.batch, per_device_eval_batch_size=32,
        num_train_epochs=config.epochs, learning_rate=config.rate, lr_scheduler_type="linear", warmup_steps=int(config.warm_up * steps),
        bf16=_has_fast_bf16(), use_cpu=not torch.cuda.is_available(), seed=config.seed, train_sampling_strategy="group_by_length", length_column_name="length",
        eval_strategy="epoch", save_strategy="epoch", save_total_limit=config.averaged, logging_strategy="epoch", report_to=[], disable_tqdm=not sys.stderr.isatty(),
        remove_unused_columns=False, label_names=list(TARGETS), dataloader_pin_memory=False,
    )  # fmt: skip
    trainer = LayeredTrainer(
        model=model,
        args=arguments,
        train_dataset=data["train"],
        eval_dataset=data["validation"],
        data_collator=Collator(config, tokenizer),
        compute_metrics=measure,
    )
    trainer.config = config
    for half in (folder / "checkpoints").glob("checkpoint-*"):
        if not (half / "trainer_state.json").is_file():  # written last: the run was killed while it wrote this one
            shutil.rmtree(half)
    last = get_last_checkpoint(str(folder / "checkpoints")) if (folder / "checkpoints").is_dir() else None
    trainer.train(resume_from_checkpoint=last)
    if config.averaged > 1:
        trainer.model.load_state_dict(_average(folder / "checkpoints", config.averaged))
    return trainer, data


def _average(folder: Path, count: int) -> dict[str, Tensor]:
    """The mean of the last checkpoints' weights."""
    places = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))[-count:]
    states = [load_file(place / "model.safetensors") for place in places]
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}


def _keep_memory() -> None:
    """Have glibc keep freed memory for the next step, which needs as much again, instead of giving it back: a third faster on a CPU."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for option, value in ((-4, 0), (-1, 2**31 - 1)):  # M_MMAP_MAX, M_TRIM_THRESHOLD in malloc.h
            libc.mallopt(option, value)


def _has_fast_bf16() -> bool:
    flags = Path("/proc/cpuinfo")
    return torch.cuda.is_available() or (flags.is_file() and "avx512_bf16" in flags.read_text(encoding="utf-8"))
