from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from stance.artifacts import BUILT_IN, Settings  # noqa: E402
from stance.labels import FRAMES, VOICES  # noqa: E402
from stance.spelling import CYRILLIC, LATIN, SIGNS, plain  # noqa: E402
from training.config import read_config  # noqa: E402
from training.evaluate import cyrillic  # noqa: E402
from training.pipeline import respell, write_pipeline  # noqa: E402
from training.prepare import rows_of  # noqa: E402

SERBIAN = "Vučić je rekao: „Kosovo je deo Srbije“ – i otišao u Prištinu sa Ljiljanom i Džonijem."
TEXTS = [
    "Belgrade's “parallel structures” must go — now, the minister said.",
    SERBIAN,
    cyrillic(SERBIAN),
    "Kurti tha se ‘Serbia duhet ta njohë Kosovën’ para çdo marrëveshjeje.",
    "c\u030cetiri re\u010di",
    "Talks resume on Monday in Brussels, and nobody expects much of them. " * 20,
]


@pytest.mark.parametrize("pieces", ["trained", "built-in"])
def test_transformers_agrees_with_torch(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, pieces: str
) -> None:
    """Alone and in a padded batch, in every language and script, quoted, in letters with loose marks, and longer than the network reads."""
    from tokenizers import Tokenizer
    from transformers import pipeline

    from training.fit import build
    from training.model import restore, save
    from training.prepare import tokenised
    from training.windows import Collator

    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules"))
    if pieces == "built-in":
        shutil.copy(BUILT_IN / "tokenizer.json", tmp_path)
    config = read_config(root / "training" / "configs" / "smoke.toml")
    torch.manual_seed(0)
    model = build(config, tmp_path / "tokenizer.json", rows_of(config, root, "train")[:300])
    torch.nn.init.normal_(model.encoder.get_input_embeddings().weight)  # an untrained network says nearly the same of every sentence
    torch.nn.init.normal_(model.heads.frame.weight, std=0.5)
    torch.nn.init.normal_(model.heads.query)
    save(model, tmp_path / "torch")
    temperature = 1.7
    write_pipeline(
        tmp_path, Settings("t-0", tuple(map(str, FRAMES)), tuple(map(str, VOICES)), (), temperature, 1.0, 0.5, 16, False, config.longest, "none")
    )

    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    rows = [
        {"id": text, "group": text, "position": 0, "text": text, "before": [], "lang": "en", "frame": "neutral", "voice": "own", "camp": ""}
        for text in TEXTS
    ]
    windows = tokenised(config, tokenizer, rows)
    batch = {
        name: value for name, value in Collator(config, tokenizer, training=False)(list(windows["sentences"])).items() if not name.endswith("target")
    }
    with torch.no_grad():
        wanted = torch.softmax(restore(tmp_path / "torch")(**batch)["logits"][:, :4] / temperature, 1)
    assert wanted.std(0).min() > 0.001, "the sentences differ"

    monkeypatch.setattr(logging.getLogger("transformers"), "propagate", True)
    opened = pipeline("text-classification", model=str(tmp_path / "torch"), trust_remote_code=True, device="cpu")
    for size in (1, len(TEXTS)):
        for row, found in zip(wanted, opened(TEXTS, top_k=None, batch_size=size), strict=True):
            assert found[0]["label"] == FRAMES[int(row.argmax())]
            assert {entry["label"]: entry["score"] for entry in found} == pytest.approx(dict(zip(FRAMES, row.tolist(), strict=True)), abs=1e-4)
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []


def test_tokenizer_spells_as_the_network_is_fed(root: Path) -> None:
    from tokenizers import Tokenizer

    before, after = (Tokenizer.from_file(str(BUILT_IN / "tokenizer.json")) for _ in range(2))
    respell(after)
    signs = "".join(map(chr, SIGNS))
    rows = rows_of(read_config(root / "training" / "configs" / "smoke.toml"), root, "validation")
    for text in [*TEXTS, CYRILLIC, " ".join(LATIN), signs, *(row["text"] for row in rows), *(cyrillic(row["text"]) for row in rows)]:
        assert after.encode(text).ids == before.encode(plain(text)).ids, text
