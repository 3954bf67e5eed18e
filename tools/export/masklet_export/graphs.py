"""Modules to ONNX files: opset 20, no control flow, nothing in them that no runtime needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16
from onnxruntime.transformers.onnx_model import OnnxModel
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
    Writes the twin that computes in half precision and keeps float32 at its inputs and outputs. Rounding to bfloat16, the last
    that happens to a memory, is done on the float32 output: 2¹⁶ + 1 is no half-precision number.
    """
    half = onnx.ModelProto()
    half.CopyFrom(model)
    rounding = _without_rounding(half)
    half = convert_float_to_float16(
        half,
        keep_io_types=True,
        op_block_list=[*DEFAULT_OP_BLOCK_LIST, *FLOAT32_OPERATORS],
    )
    if rounding is not None:
        constant, nodes = rounding
        memory, unrounded = nodes[-1].output[0], nodes[0].input[0]
        for node in half.graph.node:
            node.input[:] = [unrounded if name == memory else name for name in node.input]
            node.output[:] = [unrounded if name == memory else name for name in node.output]
        half.graph.initializer.append(constant)
        half.graph.node.extend(nodes)
    OnnxModel.graph_topological_sort(half.graph)
    half = stripped(half)
    check(half)
    onnx.save(half, path)


def _without_rounding(model: onnx.ModelProto) -> tuple[TensorProto, list[onnx.NodeProto]] | None:
    """Takes the rounding of the memory off a graph, whose output then is not rounded, and returns it, where there is one."""
    graph = model.graph
    for constant in graph.initializer:
        if constant.dims or constant.data_type != TensorProto.FLOAT:
            continue
        if float(numpy_helper.to_array(constant)) == BFLOAT16_SPLITTER:
            break
    else:
        return None
    kept = TensorProto()
    kept.CopyFrom(constant)
    kept.name = "bfloat16_splitter"
    split = next(node for node in graph.node if constant.name in node.input)
    source = next(name for name in split.input if name != constant.name)
    rest = next(node for node in graph.node if node.op_type == "Sub" and list(node.input) == [split.output[0], source])
    rounded = next(node for node in graph.node if node.op_type == "Sub" and rest.output[0] in node.input)
    memory = rounded.output[0]
    nodes = [
        helper.make_node("Mul", ["unrounded", kept.name], ["split"]),
        helper.make_node("Sub", ["split", "unrounded"], ["split_rest"]),
        helper.make_node("Sub", ["split", "split_rest"], [memory]),
    ]
    for node in (split, rest, rounded):
        graph.node.remove(node)
    graph.initializer.remove(constant)
    for node in graph.node:
        node.input[:] = [memory if name == source else name for name in node.input]
        node.output[:] = [memory if name == source else name for name in node.output]
    return kept, nodes
