"""From torch weights to the model that ships: ONNX with 8-bit weights and activations."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from stance.artifacts import Settings, write_settings
from training.model import FrameVoiceModel


class _Alone(nn.Module):
    """One unpadded sentence: no attention mask is needed."""

    def __init__(self, model: FrameVoiceModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, pool_mask: Tensor) -> Tensor:
        return self.model(input_ids, pool_mask, torch.ones_like(input_ids))["logits"]


def export(model: FrameVoiceModel, folder: Path, settings: Settings) -> None:
    """Write ``model.onnx`` and ``stance.json``.

    Embeddings become 8-bit with one scale a row, matrices 8-bit with one scale a column; activations are quantised while
    running. Sentences run one by one, so that a sentence's scale is its own.
    """
    model = model.eval().float()
    ids = torch.randint(5, 50, (1, 12))
    mask = torch.ones((1, 12))
    length = torch.export.Dim("length", min=2, max=400)
    with tempfile.TemporaryDirectory() as scratch:
        plain, packed = Path(scratch) / "plain.onnx", Path(scratch) / "packed.onnx"
        program = torch.onnx.export(
            _Alone(model).eval(), (ids, mask), input_names=["input_ids", "pool_mask"], output_names=["logits"], dynamo=True, verbose=False,
            dynamic_shapes={"input_ids": {1: length}, "pool_mask": {1: length}},
        )  # fmt: skip
        program.save(str(plain), external_data=False)
        graph = onnx.load(str(plain))
        del graph.graph.value_info[:]
        onnx.save(graph, str(plain))
        quantize_dynamic(plain, packed, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm"])
        graph = onnx.load(str(packed))
    _pack_embeddings(graph)
    del graph.metadata_props[:]
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.checker.check_model(graph)
    onnx.save(graph, str(folder / "model.onnx"))
    write_settings(folder, settings)


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
