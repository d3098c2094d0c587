"""From torch weights to the model that ships: ONNX with 8-bit weights and activations."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.utils import Extractor
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from stance.artifacts import UPPER
from training.model import FrameVoiceModel

FAR = 4.0
"""From this ratio on, one 8-bit scale for all tokens of a sentence leaves too little of the usual ones."""


class _RowScaled(nn.Module):
    """A linear layer that sees each token's vector scaled to a largest value of 1, and scales its answer back.

    A few tokens have values far above all others', and one 8-bit scale for all would leave next to nothing of these.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, hidden: Tensor) -> Tensor:
        scale = torch.maximum(hidden.amax(-1, keepdim=True), -hidden.amin(-1, keepdim=True)).clamp_min(1e-6)
        return functional.linear(hidden / scale, self.linear.weight) * scale + self.linear.bias


class _Unpadded(nn.Module):
    """One unpadded window, so no attention mask is needed; plain attention makes the smaller graph."""

    def __init__(self, model: FrameVoiceModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, pool_mask: Tensor) -> tuple[Tensor, ...]:
        last, states = self.model.states(input_ids)
        if self.model.fast_heads is None:
            return (self.model.heads(last[0], pool_mask),)
        early = states[self.model.fast_layers]
        return self.model.heads(last[0], pool_mask), early, self.model.fast_heads(early[0], pool_mask)


def export(model: FrameVoiceModel, folder: Path, samples: Sequence[Sequence[int]]) -> None:
    """Write ``model.onnx``, with the output ``logits``; where heads answer after an early layer, it ends there, with the outputs ``fast_logits`` and
    ``hidden``, and ``upper.onnx`` goes on from ``hidden`` to ``logits``.

    Embeddings become 8-bit with one scale a row, matrices 8-bit with one scale a column; activations are quantised while
    running. Windows run one by one, so that a window's scale is its own.
    """
    model = deepcopy(model).eval().float()
    model.encoder.config._attn_implementation = "eager"
    _scale_rows(model, samples)
    ids = torch.randint(5, 50, (1, 12))
    mask = torch.ones((3, 12))
    length, sentences = torch.export.Dim("length", min=2, max=500), torch.export.Dim("sentences", min=1, max=500)
    with tempfile.TemporaryDirectory() as scratch:
        plain, packed = Path(scratch) / "plain.onnx", Path(scratch) / "packed.onnx"
        program = torch.onnx.export(
            _Unpadded(model), (ids, mask), input_names=["input_ids", "pool_mask"], dynamo=True, verbose=False,
            output_names=["logits", "hidden", "fast_logits"] if model.fast_layers else ["logits"],
            dynamic_shapes={"input_ids": {1: length}, "pool_mask": {0: sentences, 1: length}},
        )  # fmt: skip
        program.save(str(plain), external_data=False)
        graph = onnx.load(str(plain))
        del graph.graph.value_info[:]
        onnx.save(graph, str(plain))
        heads = [node.name for node in graph.graph.node if node.op_type == "MatMul" and "heads.query" in node.input[1]]
        quantize_dynamic(plain, packed, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"], nodes_to_exclude=heads)
        graph = onnx.load(str(packed))
    _pack_embeddings(graph)
    del graph.metadata_props[:]
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    parts = {"model.onnx": graph}
    if model.fast_layers:
        cut = Extractor(graph)
        parts["model.onnx"] = cut.extract_model(["input_ids", "pool_mask"], ["hidden", "fast_logits"])
        parts[UPPER] = cut.extract_model(["hidden", "input_ids", "pool_mask"], ["logits"])
    for name, part in parts.items():
        onnx.checker.check_model(part)
        onnx.save(part, str(folder / name))


def _scale_rows(model: FrameVoiceModel, samples: Sequence[Sequence[int]]) -> None:
    """Put ``_RowScaled`` around the linear layers that, on sample sentences, see a token with values ``FAR`` times a usual token's."""
    ratios: dict[str, list[float]] = defaultdict(list)

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def note(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            largest = given[0].abs().amax(-1)
            ratios[name].append(float(largest.max() / largest.median()))

        return note

    layers = {name: module for name, module in model.encoder.named_modules() if isinstance(module, nn.Linear) and module.bias is not None}
    hooks = [module.register_forward_pre_hook(watch(name)) for name, module in layers.items()]
    with torch.no_grad():
        for ids in samples:
            model.states(torch.tensor([ids]))
    for hook in hooks:
        hook.remove()
    for name, found in ratios.items():
        if sum(found) / len(found) > FAR:
            parent, _, own = name.rpartition(".")
            setattr(model.encoder.get_submodule(parent), own, _RowScaled(layers[name]))


def _pack_embeddings(model: onnx.ModelProto) -> None:
    """Store the tables that are looked up row by row as 8-bit, with a scale for every row."""
    graph = model.graph
    tables = {item.name: item for item in graph.initializer}
    for node in list(graph.node):
        if node.op_type != "Gather" or node.input[0] not in tables:
            continue
        name, indices, output = node.input[0], node.input[1], node.output[0]
        table = numpy_helper.to_array(tables[name])
        if table.ndim != 2 or table.size < 100_000:
            continue
        scale = abs(table).max(axis=1, keepdims=True).clip(1e-12) / 127
        rows = (table / scale).round().astype("int8")
        graph.initializer.remove(tables[name])
        graph.initializer.extend([numpy_helper.from_array(rows, name + "_rows"), numpy_helper.from_array(scale.astype("float32"), name + "_scale")])
        place = list(graph.node).index(node)
        graph.node.remove(node)
        parts = [
            helper.make_node("Gather", [name + "_rows", indices], [output + "_rows"], axis=0),
            helper.make_node("Gather", [name + "_scale", indices], [output + "_scale"], axis=0),
            helper.make_node("Cast", [output + "_rows"], [output + "_float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [output + "_float", output + "_scale"], [output]),
        ]
        for offset, part in enumerate(parts):
            graph.node.insert(place + offset, part)
