"""Fit the network to a configuration's training sentences; what is done with the result is ``training.train``'s and ``training.teach``'s business."""

from __future__ import annotations

import ctypes
import math
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import evaluate
import numpy as np
import torch
from datasets import DatasetDict
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import DataLoader
from transformers import BertConfig, BertModel, Trainer, TrainerControl, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from stance.labels import FRAMES, VOICES
from training.backbone import resolve
from training.config import Config
from training.model import FrameVoiceModel, from_backbone
from training.prepare import TARGETS, Targets, tokenised, vocabulary
from training.windows import Batches, Collator, Sentences, Windows, cut

METRICS = Path(__file__).resolve().parent / "metrics"
EVALUATED = 16
"""Windows run at a time where nothing is learned."""


class LayeredTrainer(Trainer):
    """Learning rates that fall from the heads to the embeddings (Howard and Ruder 2018), and batches of windows."""

    config: Config
    tokenizer: Tokenizer

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Batches of windows, others in each pass."""
        batches = Batches(self.train_dataset, self.config, lambda: round(self.state.epoch or 0))
        return DataLoader(self.train_dataset, batch_sampler=batches, collate_fn=Collator(self.config, self.tokenizer, training=True))

    def evaluate(self, *_: Any, **__: Any) -> dict[str, Any]:
        """``measure`` of the validation sentences, read after those before them and (``alone``) by themselves."""
        ways = {"": self.config, "_alone": replace(self.config, context=0)}
        found = {
            f"eval_{name}{way}": value
            for way, config in ways.items()
            for name, value in measure(*answers(self.model, config, self.tokenizer, self.eval_dataset)).items()
        }
        self.log(found)
        self.control: TrainerControl = self.callback_handler.on_evaluate(self.args, self.state, self.control, found)
        return found

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


def answers(
    model: FrameVoiceModel, config: Config, tokenizer: Tokenizer, excerpts: list[Sentences], *, exact: bool = False
) -> tuple[np.ndarray, Targets]:
    """Logits, shape (n, 12), and targets of the labelled sentences of excerpts, in order, each in a window as scoring cuts them; ``exact``: in full precision,
    which takes longer."""
    collate, windows = Collator(config, tokenizer, training=False), list(cut(config, excerpts))
    order = sorted(
        (at for at, window in enumerate(windows) if any(row["labelled"] for row in window)),
        key=lambda at: sum(len(row["ids"]) for row in windows[at]),
    )
    found: dict[int, np.ndarray] = {}
    training, device = model.training, next(model.parameters()).device
    model.eval()
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=not exact and _has_fast_bf16()):
        for start in range(0, len(order), EVALUATED):
            part = order[start : start + EVALUATED]
            batch = {name: value.to(device) for name, value in collate([windows[at] for at in part]).items() if name not in TARGETS}
            logits = model(**batch)["logits"].float().cpu().numpy()
            sizes = [sum(row["labelled"] for row in windows[at]) for at in part]
            found |= dict(zip(part, np.split(logits, np.cumsum(sizes)[:-1]), strict=True))
    model.train(training)
    labelled = [sentence for excerpt in excerpts for sentence in excerpt if sentence["labelled"]]
    return np.concatenate([found[at] for at in sorted(found)]), tuple(np.array([sentence[name] for sentence in labelled]) for name in TARGETS)


def measure(logits: np.ndarray, targets: Targets) -> dict[str, float | None]:
    """Macro-F1 of frame and voice, accuracy of the camp (``None`` where none is known), and the frame's calibration error."""
    frame_target, voice_target, camp_target = targets
    frames, voices, camps = np.split(logits, [len(FRAMES), len(FRAMES) + len(VOICES)], axis=1)
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
            vocab_size=size, hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128, max_position_embeddings=512
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


def fit(config: Config, folder: Path, rows: dict[str, list[dict[str, Any]]], soft: Mapping[str, Sequence[float]]) -> tuple[Trainer, list[Sentences]]:
    """Train on ``rows``, or go on with it in ``folder``; return the trainer, whose ``model`` is fitted, and the tokenised validation excerpts.

    ``soft`` gives a teacher's frame probabilities by sentence id. The tokenizer is written into ``folder``, checkpoints below it.
    """
    set_seed(config.seed)
    _keep_memory()
    model = build(config, folder / "tokenizer.json", rows["train"])
    reads, most = model.encoder.config.max_position_embeddings, max(config.context, config.longest) + config.headline * config.longest + 3
    if most > reads:
        raise SystemExit(
            f"windows may have {most} tokens (context {config.context}, longest {config.longest}); {config.backbone} reads {reads}: lower context"
        )
    for name, parameter in model.named_parameters():
        if name.endswith("heads.query"):
            parameter.requires_grad_(config.weighted)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    data = DatasetDict(train=tokenised(config, tokenizer, rows["train"], soft), validation=tokenised(config, tokenizer, rows["validation"]))
    train, held = Windows(data["train"], config), list(data["validation"]["sentences"])
    print({split: len(found) for split, found in rows.items()}, f"vocabulary {tokenizer.get_vocab_size()}", flush=True)
    steps = config.epochs * math.ceil(len(train) / config.batch)
    arguments = TrainingArguments(
        output_dir=str(folder / "checkpoints"), per_device_train_batch_size=config.batch,
        num_train_epochs=config.epochs, learning_rate=config.rate, lr_scheduler_type="linear", warmup_steps=int(config.warm_up * steps),
        bf16=_has_fast_bf16(), use_cpu=not torch.cuda.is_available(), seed=config.seed,
        eval_strategy="epoch", save_strategy="epoch", save_total_limit=config.averaged, logging_strategy="epoch", report_to=[], disable_tqdm=not sys.stderr.isatty(),
        remove_unused_columns=False, label_names=list(TARGETS),
    )  # fmt: skip
    trainer = LayeredTrainer(model=model, args=arguments, train_dataset=train, eval_dataset=held)
    trainer.config, trainer.tokenizer = config, tokenizer
    for half in (folder / "checkpoints").glob("checkpoint-*"):
        if not (half / "trainer_state.json").is_file():  # written last: the run was killed while it wrote this one
            shutil.rmtree(half)
    last = get_last_checkpoint(str(folder / "checkpoints")) if (folder / "checkpoints").is_dir() else None
    trainer.train(resume_from_checkpoint=last)
    if config.averaged > 1:
        trainer.model.load_state_dict(_average(folder / "checkpoints", config.averaged))
    return trainer, held


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
