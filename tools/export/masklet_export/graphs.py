"""Modules to ONNX files: opset 20, no control flow, nothing in them that no runtime needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, numpy_helper
from onnxruntime.transformers.float16 import convert_float_to_float16
from torch import Tensor, nn

from .wrappers import BFLOAT16_SPLITTER

OPSET = 20

# Operators that lose too much in half precision or have no kernel for it.
FLOAT32_OPERATORS = ["Sin", "Cos", "Resize", "ReduceMean", "Greater", "GreaterOrEqual", "LessOrEqual"]

FORBIDDEN = {"If", "Loop", "Scan"}


@dataclass
class Graph:
    """
    One file: a module, an example of each input by name, the outputs' names, and the names of dynamic dimensions: one letter
    where the dimension is free, else what it follows from.
    """

    name: str
    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: Sequence[str]
    dynamic: dict[str, dict[int, str]] = field(default_factory=dict)
    # Dimensions that may also be 1 at run time, where the input is the same for all objects.
    renamed: dict[str, dict[int, str]] = field(default_factory=dict)


def export(graph: Graph, path: Path) -> onnx.ModelProto:
    """Writes `graph` to `path` in float32 and returns it."""
    symbols = {symbol for axes in graph.dynamic.values() for symbol in axes.values()}
    sizes = {symbol: torch.export.Dim.AUTO if len(symbol) > 1 else torch.export.Dim(symbol) for symbol in symbols}
    shapes = {
        name: {axis: sizes[symbol] for axis, symbol in graph.dynamic.get(name, {}).items()} for name in graph.inputs
    }
    program = torch.onnx.export(
        graph.module.eval(),
        tuple(graph.inputs.values()),
        dynamo=True,
        optimize=True,
        opset_version=OPSET,
        input_names=list(graph.inputs),
        output_names=list(graph.outputs),
        dynamic_shapes=tuple(shapes.values()),
        verbose=False,
    )
    assert program is not None
    model = stripped(program.model_proto)
    for value in model.graph.input:
        for axis, symbol in graph.dynamic.get(value.name, {}).items():
            value.type.tensor_type.shape.dim[axis].dim_param = symbol
        for axis, symbol in graph.renamed.get(value.name, {}).items():
            value.type.tensor_type.shape.dim[axis].dim_param = symbol
    check(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return model


def stripped(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without traces of the exporter: metadata, documentation, inferred types, long names of nodes and values."""
    model.producer_name = "masklet-export"
    model.producer_version = ""
    model.doc_string = ""
    del model.metadata_props[:]
    del model.functions[:]
    graph = model.graph
    graph.name = "graph"
    graph.doc_string = ""
    del graph.value_info[:]
    del graph.metadata_props[:]
    kept = {value.name for value in [*graph.input, *graph.output]}
    names: dict[str, str] = {"": ""}

    def short(name: str) -> str:
        if name in kept:
            return name
        return names.setdefault(name, f"v{len(names)}")

    for tensor in graph.initializer:
        tensor.name = short(tensor.name)
        tensor.doc_string = ""
        del tensor.metadata_props[:]
    for index, node in enumerate(graph.node):
        node.name = f"{node.op_type}_{index}"
        node.doc_string = ""
        del node.metadata_props[:]
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    for value in [*graph.input, *graph.output]:
        value.doc_string = ""
        del value.metadata_props[:]
    return model


def check(model: onnx.ModelProto) -> None:
    """Raises where the graph has control flow or is not valid."""
    found = {node.op_type for node in model.graph.node} & FORBIDDEN
    if found:
        raise ValueError(f"control flow in an exported graph: {', '.join(sorted(found))}")
    onnx.checker.check_model(model)


def float16(model: onnx.ModelProto, path: Path) -> None:
    """
    Writes the twin that computes in half precision and keeps float32 at its inputs and outputs. Rounding to bfloat16 and what
    follows it stay in float32, for 2¹⁶ + 1 is no half-precision number.
    """
    constants = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
        if tensor.data_type == TensorProto.FLOAT and not tensor.dims
    }
    splitters = {name for name, value in constants.items() if float(value) == BFLOAT16_SPLITTER}
    kept: set[str] = set()
    reach: set[str] = set()
    for node in model.graph.node:
        if splitters & set(node.input) or (reach & set(node.input) and node.op_type == "Sub"):
            kept.add(node.name)
            reach.update(node.output)
    half = onnx.ModelProto()
    half.CopyFrom(model)
    half = convert_float_to_float16(
        half,
        keep_io_types=True,
        op_block_list=[*_default_blocked(), *FLOAT32_OPERATORS],
        node_block_list=sorted(kept),
        max_finite_val=65504.0,
    )
    onnx.save(stripped(half), path)


def _default_blocked() -> list[str]:
    from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST

    return list(DEFAULT_OP_BLOCK_LIST)


