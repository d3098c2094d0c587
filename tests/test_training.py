from __future__ import annotations

import csv
import json
import struct
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import stance  # noqa: E402
from annotations.collect import grams  # noqa: E402
from annotations.dataset import excerpts_of, ordered  # noqa: E402
from stance.labels import CAMPS  # noqa: E402
from stance.records import Excerpt  # noqa: E402
from stance.spelling import CYRILLIC, latin  # noqa: E402
from training import ablation  # noqa: E402
from training.backbone import read_packed  # noqa: E402
from training.calibrate import calibrate, temperature_of  # noqa: E402
from training.config import config_of, read_config, revision_of  # noqa: E402
from training.evaluate import between, cyrillic, in_other_script  # noqa: E402
from training.labelled import read_labelled  # noqa: E402
from training.prepare import rows_of  # noqa: E402
from training.verify import faults  # noqa: E402
from training.vocabulary import trim_tokenizer  # noqa: E402


def test_smoke_run_gives_a_model_that_scores_and_resumes(root: Path, tmp_path: Path) -> None:
    from training.card import write_card
    from training.train import train

    config = read_config(root / "training" / "configs" / "smoke.toml")
    metrics = train(config, tmp_path / "smoke")
    write_card(tmp_path / "smoke", config)
    classifier = stance.Classifier.load(tmp_path / "smoke")
    assert classifier.revision == metrics["revision"]
    assert len(classifier.score("The envoy came. Talks resume.").sentences) == 2
    assert classifier.network.holdout is not None
    assert len(classifier.network.holdout.frames) == metrics["sentences"]["validation"]
    card = (tmp_path / "smoke" / "README.md").read_text(encoding="utf-8")
    assert f"{metrics['validation']['frame_f1']:.3f}" in card
    assert faults(tmp_path / "smoke") == []
    fast = stance.Classifier.load(tmp_path / "smoke" / "fast")
    assert (fast.revision, fast.network.settings.data) == (metrics["fast"]["revision"], classifier.network.settings.data)
    assert f"| model `fast`, 1 layers: frame, macro-F1 | {metrics['fast']['validation']['frame_f1']:.3f} |" in card
    sentences = ["The envoy came.", "Talks resume."]
    assert [row.probabilities for row in fast.classify(sentences)] != [row.probabilities for row in classifier.classify(sentences)]
    config_read = json.loads((tmp_path / "smoke" / "torch" / "config.json").read_text(encoding="utf-8"))
    assert config_read["frame_temperature"] == classifier.network.settings.temperature, "for transformers too"
    (tmp_path / "smoke" / "checkpoints" / "checkpoint-99999").mkdir()  # as left by a run that was killed while it wrote
    assert train(config, tmp_path / "smoke") == metrics, "a finished run goes on from its last checkpoint and changes nothing"
    with pytest.raises(SystemExit, match="configuration or data changed"):
        train(replace(config, epochs=2), tmp_path / "smoke")
    for old, new, message in [
        ('"epochs": 1', '"epochs": 2', "the card's configuration and data hash give the revision smoke-"),
        ("sha256 `", "sha256 `0", "the card does not give the data hash"),
        ("| frame, macro-F1 | 0.", "| frame, macro-F1 | 1.", "frame, macro-F1: the card says 1."),
        ("certain from a margin of 0", "certain from a margin of 1", "the card does not give the temperature and threshold"),
    ]:
        assert old in card
        (tmp_path / "smoke" / "README.md").write_text(card.replace(old, new), encoding="utf-8")
        assert [fault.startswith(message) for fault in faults(tmp_path / "smoke")] == [True], message


@pytest.mark.parametrize("early", [False, True])
def test_exported_model_agrees_with_torch(root: Path, tmp_path: Path, early: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The 8-bit model's probabilities are near the torch model's, after the last layer and after an early one."""
    from tokenizers import Tokenizer

    from stance.artifacts import Settings, write_settings
    from stance.model import evened, windows_of
    from training.export import export
    from training.fit import answers, build
    from training.model import FrameVoiceModel
    from training.prepare import tokenised

    config = read_config(root / "training" / "configs" / "smoke.toml")
    rows = rows_of(config, root, "train")[:300]
    torch.manual_seed(0)
    model: FrameVoiceModel = build(config, tmp_path / "tokenizer.json", rows).eval()
    for heads in (model.heads, model.fast_heads):
        torch.nn.init.normal_(heads.query)
    export(model, tmp_path, [[2, *range(5, 20), 3]])
    settings = Settings(
        "t-0", tuple(map(str, stance.Frame)), tuple(map(str, stance.Voice)), tuple(CAMPS), 1.0, 1.0, 0.5, config.context, config.headline, 64, "none"
    )
    folder = tmp_path / "fast" if early else tmp_path
    folder.mkdir(exist_ok=True)
    write_settings(folder, settings)
    classifier = stance.Classifier.load(folder)
    if early:
        model.heads, model.fast_heads, model.encoder.encoder.layer = model.fast_heads, None, model.encoder.encoder.layer[:1]
        monkeypatch.setattr("training.windows.windows_of", lambda lengths, *cut: evened(lengths, list(windows_of(lengths, *cut))))
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    texts = [row["text"] for row in rows[:100]]
    together = [row | {"group": "one", "lang": "en", "before": texts[:at], "position": at} for at, row in enumerate(rows[:100])]
    alone = [row | {"group": row["text"], "before": []} for row in rows[:100]]
    seen = []
    for held, excerpts in ((together, [Excerpt.of(texts)]), (alone, [Excerpt.of([text]) for text in texts])):
        plain, _ = answers(model, config, tokenizer, list(tokenised(config, tokenizer, held)["sentences"]), exact=True)
        assert classifier.network.logits(excerpts) == pytest.approx(plain, abs=0.1)
        assert plain.std(axis=0).min() > 0.02, "the sentences differ in every output"
        seen.append(plain)
    assert abs(seen[0] - seen[1]).max() > 0.1, "neighbours matter"


def row_of(text: str, group: str, position: int, before: list[str]) -> dict[str, object]:
    labels = {"frame": "neutral", "voice": "own", "camp": ""}
    return {"id": text, "group": group, "position": position, "text": text, "lang": "en", "before": before} | labels


def test_excerpts_hold_what_follows_each_other() -> None:
    page = [row_of(f"s{at}", "page", at, [f"s{earlier}" for earlier in range(at)]) for at in range(5)]
    lone, after = row_of("alone", "lone", 0, []), row_of("after", "other", 0, ["not a row"])
    rows = [page[4], lone, page[0], after, *page[1:3]]  # one sentence of the page is missing
    found = [[(row["text"], row["frame"]) for row in excerpt] for excerpt in excerpts_of(rows)]
    assert found == [
        [("s0", "neutral"), ("s1", "neutral"), ("s2", "neutral")],
        [("s0", ""), ("s3", ""), ("s4", "neutral")],
        [("alone", "neutral")],
        [("not a row", ""), ("after", "neutral")],
    ]
    assert [row["text"] for row in ordered(rows)] == [text for excerpt in found for text, frame in excerpt if frame]


@pytest.mark.parametrize("batch", [3, 8, 30])
def test_every_pass_reads_every_sentence_once(batch: int) -> None:
    from training.windows import Batches, Windows

    config, done = config_of({"name": "n", "batch": batch, "context": 60}), iter(range(3))
    excerpts = [[{"ids": [0] * (5 + (at + place) % 20), "labelled": place > 0 or at % 3 > 0} for place in range(1 + at % 12)] for at in range(100)]
    windows = Windows({"sentences": excerpts}, config)
    batches, seen = Batches(windows, config, lambda: next(done)), []
    for _ in range(3):
        drawn = list(batches)
        places = sorted(place for batch in drawn for place in batch)
        sentences = [(at, place) for at, start, end in places for place in range(start, end)]
        assert len(set(sentences)) == len(sentences)
        assert {(at, place) for at, place in sentences if excerpts[at][place]["labelled"]} == {
            (at, place) for at, excerpt in enumerate(excerpts) for place, sentence in enumerate(excerpt) if sentence["labelled"]
        }
        assert len(drawn) == len(batches)
        assert all(drawn)
        assert max(sum(len(excerpts[at][place]["ids"]) for place in range(start, end)) for at, start, end in places if end - start > 1) <= 60
        assert max(end - start for _, start, end in places) > 2
        seen.append(drawn)
    assert seen[0] != seen[1]
    assert list(Batches(windows, config, lambda: 2)) == seen[2]


def test_a_pages_first_sentence_stands_ahead_of_windows_further_on() -> None:
    from training.windows import Windows, cut

    page = [{"ids": [at] * 10, "labelled": at != 4} for at in range(12)]
    read = {headline: Windows({"sentences": [page]}, config_of({"name": "n", "headline": headline})) for headline in (True, False)}

    def seen(headline: bool, start: int, end: int) -> list[tuple[int, bool]]:
        return [(row["ids"][0], row["labelled"]) for row in read[headline][0, start, end]]

    assert seen(True, 3, 6) == [(0, False), (3, True), (4, False), (5, True)]
    assert seen(True, 0, 2) == [(0, True), (1, True)]
    assert seen(True, 3, 4) == [(3, True)], "a sentence alone is read alone"
    assert seen(False, 3, 5) == [(3, True), (4, False)]
    windows = list(cut(config_of({"name": "n", "context": 30}), [page[:4] + page[5:]]))
    assert [[row["ids"][0] for row in window] for window in windows] == [[0, 1, 2], [0, 3, 5, 6], [0, 7, 8, 9], [0, 9, 10, 11]]
    assert [row["ids"][0] for window in windows for row in window if row["labelled"]] == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]


def test_windows_longer_than_the_network_reads(root: Path, tmp_path: Path) -> None:
    from training.fit import fit

    config = replace(read_config(root / "training" / "configs" / "smoke.toml"), context=500, limit=20)
    rows = {"train": rows_of(config, root, "train")}
    with pytest.raises(SystemExit, match=r"567 tokens .context 500, longest 64.; tiny reads 512"):
        fit(config, tmp_path, rows, {})


def test_every_configuration_can_be_read(root: Path) -> None:
    names = [read_config(path).name for path in (root / "training" / "configs").glob("*.toml")]
    assert len(set(names)) == len(names) >= 4


def test_the_last_epochs_are_averaged(root: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    from training.fit import fit
    from training.runs import splits_of

    config = replace(read_config(root / "training" / "configs" / "smoke.toml"), limit=64, epochs=3, averaged=2)
    rows = {split: found[:64] for split, found in splits_of(config).items()}
    trainer, _ = fit(config, tmp_path, rows, {})
    folders = sorted((tmp_path / "checkpoints").iterdir(), key=lambda path: int(path.name.rpartition("-")[2]))
    one, two = (load_file(folder / "model.safetensors") for folder in folders)
    for name, value in trainer.model.state_dict().items():
        assert torch.allclose(value, (one[name] + two[name]) / 2), name
    assert not torch.equal(one["heads.frame.weight"], two["heads.frame.weight"])


def test_more_fast_layers_than_there_are(root: Path, tmp_path: Path) -> None:
    from training.fit import build

    smoke = read_config(root / "training" / "configs" / "smoke.toml")
    with pytest.raises(SystemExit, match="fast_layers is 3; the encoder has 2 layers"):
        build(replace(smoke, fast_layers=3), tmp_path / "tokenizer.json", rows_of(smoke, root, "train")[:50])


def test_packed_weights() -> None:
    """A file of two tensors, one plain and one in 4-bit blocks, laid out by hand."""
    plain = np.array([1.5, -2.0], dtype="<f4").tobytes()
    nibbles = np.arange(16, dtype=np.uint8) | (np.arange(15, -1, -1, dtype=np.uint8) << 4)
    block = np.float16(0.5).tobytes() + nibbles.tobytes()
    names = [("emb.ln.w", 0, plain), ("emb.word", 1, block)]
    head = b"E5S1" + struct.pack("<i7if", 1, 32, 1, 1, 64, 1, 8, 2, 1e-12) + struct.pack("<i", 32)
    head += struct.pack("<i4iQ", 1, 0, 2, 1, 3, 3) + struct.pack("<2I", 0, 3) + struct.pack("<f", 0.0) + b"abc" + struct.pack("<iI", 0, 0)
    directory = sum(2 + len(name) + 21 for name, _, _ in names) + 4
    offset = len(head) + directory
    head += struct.pack("<i", len(names))
    for name, kind, data in names:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, 0, offset, len(data))
        offset += len(data)
    header, tensors = read_packed(head + plain + block)
    assert (header["width"], header["vocabulary"], header["types"]) == (32, 1, 2)
    assert tensors["emb.ln.w"].tolist() == [1.5, -2.0]
    assert tensors["emb.word"].tolist() == [(q - 8) * 0.5 for q in [*range(16), *range(15, -1, -1)]]
    with pytest.raises(RuntimeError, match="expected b'E5S1'"):
        read_packed(b"GGUF" + bytes(64))


def test_scripts_round_trip() -> None:
    assert latin(cyrillic("Ljubiša Džonić reče: Đorđe, Njegoš i žar!")) == "Ljubiša Džonić reče: Đorđe, Njegoš i žar!"
    assert cyrillic(latin(CYRILLIC)) == CYRILLIC
    row = in_other_script({"text": "Косово", "script": "Cyrl"})
    assert row["text"] == "Kosovo"


def test_trimmed_tokenizer_cuts_as_before(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    pieces = [
        ["<s>", 0.0],
        ["<pad>", 0.0],
        ["</s>", 0.0],
        ["<unk>", 0.0],
        ["▁envoy", -5.0],
        ["▁the", -2.0],
        ["漢", -9.0],
        ["s", -4.0],
        ["<mask>", 0.0],
    ]
    special = [
        {"id": i, "content": pieces[i][0], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for i in (0, 1, 2, 3, 8)
    ]
    model = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None, "decoder": None,
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces, "byte_fallback": False},
    }  # fmt: skip
    source, target = tmp_path / "source.json", tmp_path / "target.json"
    source.write_text(json.dumps(model), encoding="utf-8")
    trim_tokenizer(source, target, [0, 1, 2, 3, 4, 5, 7, 8])
    before, after = Tokenizer.from_file(str(source)), Tokenizer.from_file(str(target))
    assert before.encode("the envoys").tokens == after.encode("the envoys").tokens
    assert 6 in before.encode("漢").ids
    assert set(after.encode("漢").ids) == {0, 2, 3}, "a piece that is not kept becomes the unknown one"
    assert after.token_to_id("<mask>") == 7


def test_calibration_recovers_a_temperature() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(20_000, 4)) * 2
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    gold = (probabilities.cumsum(1) > generator.random((len(logits), 1))).argmax(1)
    assert temperature_of(logits * 3, gold) == pytest.approx(3, abs=0.15)
    both = np.concatenate([logits, generator.normal(size=(len(logits), 2))], axis=1)
    result = calibrate(both, np.eye(4)[gold], np.eye(2)[gold % 2], wanted=0.8)
    assert result.accuracy >= 0.8
    assert 0 < result.coverage < 1


def test_config_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for content, message in [
        ('name = "a"\nepoch = 3', "unknown key epoch"),
        ("epochs = 3", "name is missing"),
        ('name = "a"\nepochs = "3"', "epochs is '3', needs int"),
    ]:
        path.write_text(content, encoding="utf-8")
        with pytest.raises(SystemExit, match=message):
            read_config(path)


def test_measured_sentences_are_not_in_the_data(root: Path) -> None:
    """No six words in a row are shared with the development sentences or the source documents."""
    shared = root.parent / "shared"
    if not shared.is_dir():
        pytest.skip("the development sentences are not on this machine")
    from annotations.collect import protected
    from annotations.dataset import Sentence, read

    forbidden = protected([shared / "dev", shared / "seeds"])
    for sentence in read(Sentence, root / "annotations" / "sentences.jsonl"):
        assert not forbidden & (grams(sentence.text) | grams(sentence.previous)), sentence.id


def test_own_labels_train(root: Path, tmp_path: Path) -> None:
    """A CSV file with the user's own label names gives a model."""
    from training.train import train

    rows = rows_of(read_config(root / "training" / "configs" / "smoke.toml"), root, "train")[:120]
    mine = {"pro-Belgrade": "B", "pro-Pristina": "P", "Western-critical": "W", "neutral": "none"}
    with (tmp_path / "mine.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["text", "frame"])
        writer.writerows([row["text"], mine[row["frame"]]] for row in rows)
    names = {short: frame for frame, short in mine.items()}
    smoke = read_config(root / "training" / "configs" / "smoke.toml")
    config = replace(smoke, name="mine", data=str(tmp_path / "mine.csv"), labels=names, limit=0, fast_layers=0)
    found = read_labelled(tmp_path / "mine.csv", names)
    assert [row["frame"] for row in found] == [row["frame"] for row in rows]
    assert train(config, tmp_path / "mine")["sentences"]["train"] == sum(row["split"] == "train" for row in found)
    classifier = stance.Classifier.load(tmp_path / "mine")
    assert classifier.score("Talks resume.").sentences
    assert classifier.network.settings.camps == (), "a user's file has none"
    assert not (tmp_path / "mine" / "upper.onnx").exists()
    assert not (tmp_path / "mine" / "fast").exists()


def test_bad_rows_of_own_labels_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(
        '{"text": "A man came.", "frame": "neutral"}\n\n{"text": "", "frame": "neutral"}\nno\n{"text": "x", "frame": ["left"]}\n'
        '{"text": "x", "frame": "neutral", "previous": 5}\n',
        encoding="utf-8",
    )
    with pytest.raises(SystemExit) as error:
        read_labelled(path, {})
    first, second, third, fourth = str(error.value).splitlines()
    assert first.startswith("mine.jsonl:3: text is missing")
    assert second.startswith("mine.jsonl:4: is not JSON")
    assert third.startswith("mine.jsonl:5: frame is ['left'], needs one of pro-Belgrade")
    assert fourth == "mine.jsonl:6: previous is int, needs a string, or nothing"


def test_teacher_softens_the_targets_of_what_it_read(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tokenizers import Tokenizer

    from stance.labels import FRAMES
    from training.fit import fit
    from training.prepare import tokenised
    from training.runs import splits_of
    from training.teach import soft_labels
    from training.windows import Collator

    monkeypatch.setattr("training.teach.RUNS", tmp_path)
    smoke = read_config(root / "training" / "configs" / "smoke.toml")
    taught = replace(
        smoke, limit=300, teacher={"name": "elder", "backbone": "tiny", "epochs": 1, "limit": 60, "longest": 64, "langs": ["en"], "context": 0}
    )
    soft = soft_labels(taught)
    rows = rows_of(taught, root, "train")
    read = {row["id"] for row in rows_of(replace(smoke, limit=60, langs=("en",)), root, "train")}
    assert set(soft) == read
    assert soft_labels(taught) == soft, "a teacher that is there is not trained again"
    elder = config_of(taught.teacher)
    trainer, _ = fit(elder, tmp_path / "elder", splits_of(elder), {})
    alone = Collator(elder, Tokenizer.from_file(str(tmp_path / "elder" / "tokenizer.json")), training=False)
    for row in rows_of(elder, root, "train")[:20]:
        batch = alone(list(tokenised(elder, alone.tokenizer, [row | {"before": []}])["sentences"]))
        with torch.no_grad():
            answer = trainer.model.eval()(**batch)["logits"][0, :4].float() / taught.teacher_temperature
        assert soft[row["id"]] == pytest.approx(torch.softmax(answer, 0).tolist(), abs=0.02), "each sentence has the teacher's answer to it"
    data = tokenised(taught, Tokenizer.from_file(str(tmp_path / "elder" / "tokenizer.json")), rows, soft=soft)
    targets = [sentence["frame_target"] for excerpt in data["sentences"] for sentence in excerpt if sentence["labelled"]]
    for row, target in zip(ordered(rows), targets, strict=True):
        gold = np.array([float(row["frame"] == frame) for frame in FRAMES])
        wanted = (1 - taught.teacher_weight) * gold + taught.teacher_weight * np.array(soft[row["id"]]) if row["id"] in soft else gold
        assert target == pytest.approx(wanted)
    with pytest.raises(SystemExit, match="configuration or data changed"):
        soft_labels(replace(taught, teacher={**taught.teacher, "epochs": 2}))


def test_limits_take_whole_pages(root: Path) -> None:
    config = read_config(root / "training" / "configs" / "ablation.toml")
    taken = Counter(row["group"] for row in rows_of(config, root, "train"))
    whole = Counter(row["group"] for row in rows_of(replace(config, limit=0), root, "train"))
    assert taken.total() == config.limit
    assert sum(taken[group] < whole[group] for group in taken) <= 1, "but the last"
    assert rows_of(replace(config, seed=2), root, "train") != rows_of(config, root, "train")


def test_readme_has_the_ablation(root: Path) -> None:
    rows = json.loads(ablation.FILE.read_text(encoding="utf-8"))["rows"]
    assert between("ablation", ablation.table(rows)) in (root / "README.md").read_text(encoding="utf-8"), "run python -m training.ablation --readme"


def test_ablation_of_a_tiny_recipe(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablation, "RUNS", tmp_path)
    recipe = read_config(root / "training" / "configs" / "ablation.toml")
    revisions = [revision_of(config, "data") for _, config in ablation.choices(recipe)]
    assert len(set(revisions)) == len(revisions), "each changes the recipe"
    smoke = replace(read_config(root / "training" / "configs" / "smoke.toml"), limit=40, epochs=1)
    some = [row for row in rows_of(smoke, root, "test") if row["origin"] == "re-reported"][:40]
    monkeypatch.setattr(ablation, "splits_of", lambda config: {"train": rows_of(config, root, "train"), "validation": some})
    monkeypatch.setattr(ablation, "rows_of", lambda *_: some)
    found = ablation.run(smoke)
    assert set(found) == set(ablation.FIGURES)
    assert all(0 <= value <= 1 for value in found.values())
    assert not any(tmp_path.iterdir()), "nothing is left behind"
    worse = {name: value - 0.1 for name, value in found.items()}
    rows = [{"choice": ablation.RECIPE, "seed": 1, **found}, {"choice": "other", "seed": 1, **worse}, {"choice": "other", "seed": 2, **found}]
    *_, recipe, other = ablation.table(rows).split("\n")
    assert recipe.startswith(f"| the recipe | 1 | {found['frame_f1']:.3f} |")
    assert other.startswith("| other | 1 | -0.100 |"), "a seed without its recipe is left out"


def test_teacher_with_a_key_that_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('name = "own"\n[teacher]\nname = "elder"\nsize = 3\n', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"own\.toml, teacher: unknown key size"):
        read_config(tmp_path / "own.toml")
