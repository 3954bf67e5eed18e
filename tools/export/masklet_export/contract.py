"""Masklet's own contract: four graphs, their constants and the manifest that names them. `docs/model-files.md` describes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from .graphs import Graph, export, float16
from .wrappers import (
    NO_OBJECT,
    QUERY_PARTS,
    MemoryEncoder,
    PromptedMaskDecoder,
    Step,
    VisionEncoder,
    grid_size,
    is_edgetam,
    memory_position,
)

IMAGE_MEAN = (0.485, 0.456, 0.406)
IMAGE_STD = (0.229, 0.224, 0.225)


def graphs(model: PreTrainedModel) -> list[Graph]:
    """The four graphs with example inputs, of sizes that nothing else in the model has."""
    size = int(model.config.image_size)
    grid, channels, width = grid_size(model), model.hidden_dim, model.mem_dim
    tokens = memory_position(model).shape[0]
    objects, memories, pointers, prompts = 3, 2, 5, 4
    features = {
        "feat_s0": torch.randn(1, channels // 8, 4 * grid, 4 * grid),
        "feat_s1": torch.randn(1, channels // 4, 2 * grid, 2 * grid),
    }
    image_embed = torch.randn(1, channels, grid, grid)
    masks = torch.randn(objects, 1, 4 * grid, 4 * grid)
    flag = torch.ones(objects, 1, 1, 1)
    decoder_outputs = ["masks", "obj_ptr", "obj_score", "iou"]
    keys = memories * tokens + pointers * (channels // width)
    return [
        Graph(
            "vision_encoder",
            VisionEncoder(model),
            {"pixel_values": torch.randn(1, 3, size, size)},
            ["feat_s0", "feat_s1", "image_embed", "no_memory_embed"],
        ),
        Graph(
            "mask_decoder",
            PromptedMaskDecoder(model),
            {
                "cond_embed": torch.randn(objects, channels, grid, grid),
                **features,
                "point_embed": torch.randn(objects, prompts, channels),
                "mask_input": masks,
                "has_mask": flag,
                "multimask": torch.ones(objects, 1),
            },
            [*decoder_outputs, "token_masks", "token_obj_ptr", "token_iou"],
            {
                "cond_embed": {0: "N"},
                "point_embed": {0: "N", 1: "Q"},
                "mask_input": {0: "N"},
                "has_mask": {0: "N"},
                "multimask": {0: "N"},
            },
            {"cond_embed": {0: "N or 1"}},
        ),
        Graph(
            "memory_encoder",
            MemoryEncoder(model),
            {"image_embed": image_embed, "masks": masks, "binarize": flag, "obj_score": torch.randn(objects, 1)},
            ["memory"],
            {"masks": {0: "N", 2: "H", 3: "W"}, "binarize": {0: "N"}, "obj_score": {0: "N"}},
        ),
        Graph(
            "step",
            Step(model),
            {
                **features,
                "image_embed": image_embed,
                "memory": torch.randn(objects, memories, tokens, width),
                "memory_tpos": torch.randn(objects, memories, width),
                "obj_ptr": torch.randn(objects, pointers, channels),
                "obj_ptr_tpos": torch.randn(objects, pointers, width),
                "key_bias": torch.zeros(objects, 1, keys),
                "binarize": flag,
            },
            [f"next_{name}" if name == "obj_ptr" else name for name in decoder_outputs] + ["next_memory", "cond_embed"],
            {
                "memory": {0: "N", 1: "M"},
                "memory_tpos": {0: "N", 1: "M"},
                "obj_ptr": {0: "N", 1: "P"},
                "obj_ptr_tpos": {0: "N", 1: "P"},
                "key_bias": {0: "N", 2: f"M*{tokens}+P*{channels // width}"},
                "binarize": {0: "N"},
            },
        ),
    ]


def constants(model: PreTrainedModel) -> dict[str, np.ndarray]:
    """What the tracker itself needs of the weights, float32."""
    prompt = model.prompt_encoder
    named: dict[str, Tensor] = {
        "no_memory_embedding": model.no_memory_embedding.reshape(-1),
        "memory_tpos": model.memory_temporal_positional_encoding.reshape(-1, model.mem_dim),
        "point_gaussian": prompt.shared_embedding.positional_embedding,
        "point_labels": prompt.point_embed.weight,
        "no_object_pointer": model.no_object_pointer.reshape(-1),
        "not_a_point": prompt.not_a_point_embed.weight.reshape(-1),
        "mask_prompt_weight": model.mask_downsample.weight.reshape(4, 4),
        "mask_prompt_bias": model.mask_downsample.bias,
        "image_mean": torch.tensor(IMAGE_MEAN),
        "image_std": torch.tensor(IMAGE_STD),
    }
    if model.config.enable_temporal_pos_encoding_for_object_pointers:
        projection = model.temporal_positional_encoding_projection_layer
        named["pointer_tpos_weight"] = projection.weight
        named["pointer_tpos_bias"] = projection.bias
    return {name: value.detach().numpy().astype("<f4") for name, value in named.items()}


def rules(model: PreTrainedModel) -> dict[str, Any]:
    """The constants of the memory bank's rules, from the model's configuration."""
    config = model.config
    decoder = config.mask_decoder_config
    edgetam = is_edgetam(model)
    return {
        "num_maskmem": config.num_maskmem,
        "max_obj_ptrs": config.max_object_pointers_in_encoder,
        "max_cond_frames": config.max_cond_frame_num,
        "pointer_tpos": bool(config.enable_temporal_pos_encoding_for_object_pointers),
        "pointer_tpos_signed": True,
        "multimask": bool(config.multimask_output_in_sam),
        "multimask_for_tracking": bool(config.multimask_output_for_tracking),
        "multimask_min_points": config.multimask_min_pt_num,
        "multimask_max_points": config.multimask_max_pt_num,
        "stability": bool(decoder.dynamic_multimask_via_stability),
        "stability_delta": decoder.dynamic_multimask_stability_delta,
        "stability_threshold": decoder.dynamic_multimask_stability_thresh,
        "sigmoid_scale": config.sigmoid_scale_for_mem_enc,
        "sigmoid_bias": config.sigmoid_bias_for_mem_enc,
        "no_object_score": NO_OBJECT,
        "occlusion_embedding": bool(config.enable_occlusion_spatial_embedding),
        "binarize": "object" if edgetam else "batch",
        "memory_rounding": "none" if edgetam else "bfloat16",
        "key_bias_padding": -1e4,
    }


def write(model: PreTrainedModel, folder: Path, *, name: str, family: str, half: bool) -> None:
    """Writes graphs (`half`: also their fp16 twins as `*_fp16.onnx`), `constants.bin` and `manifest.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, Any]] = {"fp32": {}}
    if half:
        files["fp16"] = {}
    parts = graphs(model)
    for graph in parts:
        path = folder / f"{graph.name}.onnx"
        exported = export(graph, path)
        files["fp32"][graph.name] = described(path, folder)
        if half:
            twin = folder / f"{graph.name}_fp16.onnx"
            float16(exported, twin)
            files["fp16"][graph.name] = described(twin, folder)
    index: dict[str, Any] = {}
    data = bytearray()
    for key, value in constants(model).items():
        index[key] = {"offset": len(data), "shape": list(value.shape)}
        data += value.tobytes()
    (folder / "constants.bin").write_bytes(data)
    manifest = {
        "format": "masklet-model-1",
        "contract": "masklet",
        "name": name,
        "family": family,
        "licence": "Apache-2.0",
        "image_size": int(model.config.image_size),
        "grid": grid_size(model),
        "hidden_size": model.hidden_dim,
        "memory_tokens": int(memory_position(model).shape[0]),
        "memory_width": model.mem_dim,
        "query_parts": QUERY_PARTS,
        "graphs": files,
        "tensors": tensors(parts),
        "constants": {**described(folder / "constants.bin", folder), "index": index},
        "rules": rules(model),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def tensors(parts: Iterable[Graph]) -> dict[str, Any]:
    """The tensors of each graph as a manifest names them, the same for each precision."""
    return {graph.name: {"inputs": list(graph.inputs), "outputs": list(graph.outputs)} for graph in parts}


def described(path: Path, folder: Path) -> dict[str, Any]:
    """A file as the manifest of `folder` names it."""
    content = path.read_bytes()
    return {"file": path.relative_to(folder).as_posix(), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
