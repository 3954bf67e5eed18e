"""
The contract of the hosted exports, five graphs: fixed shapes, one object a run, 7 memories and 16 pointers whatever exists. SAM 2.1 only.

f: S/16; C: hidden size (256 in the hosted ones); a pointer is C/64 tokens.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .contract import IMAGE_MEAN, IMAGE_STD, described, tensors
from .graphs import Graph, export, float16
from .wrappers import MaskDecoder, MemoryAttention, MemoryEncoder, VisionEncoder, grid_size, memory_position, vision_position

MEMORIES = 7
POINTERS = 16


class HostedVisionEncoder(nn.Module):
    """`pixel_values` (1,3,S,S) → `feats0`, `feats1`, `feats2` raw, `feats2_no_mem`, `vision_pos_embed` (1,C,f,f)."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = VisionEncoder(model)
        self.register_buffer("position", vision_position(model))

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, ...]:
        feats0, feats1, feats2, no_memory = self.encoder(pixel_values)
        return feats0, feats1, feats2, no_memory, self.position + 0 * feats2


class HostedMaskDecoder(nn.Module):
    """
    `input_points` (1,1,Q,2) in pixels of the S×S input, `input_labels` (1,1,Q) int32, −1 padding → one mask at f·4 and at S. The
    padding after the points, and whether one mask or several are asked for, follow from the labels.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.decoder = MaskDecoder(model)
        self.size = int(model.config.image_size)
        self.fewest, self.most = model.config.multimask_min_pt_num, model.config.multimask_max_pt_num
        prompt = model.prompt_encoder
        self.register_buffer("gaussian", prompt.shared_embedding.positional_embedding.clone())
        self.register_buffer("label_embed", prompt.point_embed.weight.clone())
        self.register_buffer("not_a_point", prompt.not_a_point_embed.weight[None].clone())

    def forward(
        self, feats0: Tensor, feats1: Tensor, feats2_cond: Tensor, input_points: Tensor, input_labels: Tensor
    ) -> tuple[Tensor, ...]:
        labels = input_labels[:, 0, :, None].to(torch.float32)
        angle = 2 * torch.pi * ((2 * (input_points[:, 0] + 0.5) / self.size - 1) @ self.gaussian)
        real = (labels >= 0).to(torch.float32)
        tokens = real * torch.cat([angle.sin(), angle.cos()], dim=-1) + (1 - real) * self.not_a_point
        for label, embed in enumerate(self.label_embed):
            tokens = tokens + (1 - torch.clamp((labels - label).abs(), max=1)) * embed
        tokens = torch.cat([tokens, self.not_a_point], dim=1)
        given = real.sum(1)
        multimask = (given >= self.fewest).to(torch.float32) * (given <= self.most).to(torch.float32)
        masks, obj_ptr, obj_score, iou = self.decoder(feats2_cond, feats0, feats1, tokens, self.decoder.no_mask, multimask)
        high = torch.nn.functional.interpolate(masks, size=(self.size, self.size), mode="bilinear", align_corners=False)
        return masks, high, iou, obj_score[None], obj_ptr[None]


class HostedMemoryEncoder(nn.Module):
    """Raw features and the mask at S×S → `memory_tokens` and `memory_pos` (f²,1,64), not rounded. `binarize`: a scalar."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = MemoryEncoder(model, rounded=False)
        self.register_buffer("position", memory_position(model)[:, None])

    def forward(
        self, feats2: Tensor, high_res_mask: Tensor, object_score_logits: Tensor, binarize: Tensor
    ) -> tuple[Tensor, Tensor]:
        memory = self.encoder.encode(feats2, high_res_mask, binarize, object_score_logits).transpose(0, 1)
        return memory, self.position + 0 * memory


class HostedMemoryAttention(nn.Module):
    """Tokens first: features (f²,1,C), memory and its positions (7f² + 16·C/64, 1, 64), pointers last → `conditioned_feats` (1,C,f,f)."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.attention = MemoryAttention(model)
        self.grid = grid_size(model)

    def forward(
        self,
        current_vision_features: Tensor,
        current_vision_position_embeddings: Tensor,
        memory: Tensor,
        memory_pos: Tensor,
    ) -> Tensor:
        spatial = MEMORIES * self.grid**2
        x = (current_vision_features + 0.1 * current_vision_position_embeddings).transpose(0, 1)
        keys = (memory + memory_pos).transpose(0, 1)
        frames = keys[:, :spatial].unflatten(1, (MEMORIES, self.grid**2))
        conditioned = self.attention.attend(x, frames, keys[:, spatial:], memory.transpose(0, 1), None)
        return conditioned.transpose(1, 2).unflatten(2, (self.grid, self.grid))


class PointerPosition(nn.Module):
    """`normalized_diffs` (16) → `pointer_pos` (16,64): the projected sine of distances in time."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.projection = model.temporal_positional_encoding_projection_layer
        half = model.hidden_dim // 2
        self.register_buffer("wavelength", 10000.0 ** (2 * (torch.arange(half) // 2) / half))

    def forward(self, normalized_diffs: Tensor) -> Tensor:
        phase = normalized_diffs[:, None] / self.wavelength
        return self.projection(torch.cat([phase.sin(), phase.cos()], dim=1))


def graphs(model: PreTrainedModel) -> list[Graph]:
    size, grid, channels, width = int(model.config.image_size), grid_size(model), model.hidden_dim, model.mem_dim
    tokens = MEMORIES * grid**2 + POINTERS * channels // width
    feats = {
        "feats0": torch.randn(1, channels // 8, 4 * grid, 4 * grid),
        "feats1": torch.randn(1, channels // 4, 2 * grid, 2 * grid),
    }
    embed = torch.randn(1, channels, grid, grid)
    return [
        Graph(
            "vision_encoder",
            HostedVisionEncoder(model),
            {"pixel_values": torch.randn(1, 3, size, size)},
            ["feats0", "feats1", "feats2", "feats2_no_mem", "vision_pos_embed"],
        ),
        Graph(
            "mask_decoder",
            HostedMaskDecoder(model),
            {
                **feats,
                "feats2_cond": embed,
                "input_points": torch.zeros(1, 1, 3, 2),
                "input_labels": torch.ones(1, 1, 3, dtype=torch.int32),
            },
            ["low_res_mask", "high_res_mask", "iou", "object_score_logits", "object_pointer"],
            {"input_points": {2: "Q"}, "input_labels": {2: "Q"}},
        ),
        Graph(
            "memory_encoder",
            HostedMemoryEncoder(model),
            {
                "feats2": embed,
                "high_res_mask": torch.randn(1, 1, size, size),
                "object_score_logits": torch.ones(1, 1),
                "binarize": torch.tensor(1.0),
            },
            ["memory_tokens", "memory_pos"],
        ),
        Graph(
            "memory_attention",
            HostedMemoryAttention(model),
            {
                "current_vision_features": torch.randn(grid**2, 1, channels),
                "current_vision_position_embeddings": torch.randn(grid**2, 1, channels),
                "memory": torch.randn(tokens, 1, width),
                "memory_pos": torch.randn(tokens, 1, width),
            },
            ["conditioned_feats"],
        ),
        Graph("pointer_tpos", PointerPosition(model), {"normalized_diffs": torch.zeros(POINTERS)}, ["pointer_pos"]),
    ]


def write(model: PreTrainedModel, folder: Path, *, name: str, half: bool) -> None:
    """
    Writes `onnx/*.onnx` (`half`: also their fp16 twins as `onnx/*_fp16.onnx`), `constants.json`, and `manifest.json`, which hosted
    exports lack, into `folder`.
    """
    if not model.config.enable_temporal_pos_encoding_for_object_pointers:
        raise ValueError("the hosted exports' contract needs pointer positions: SAM 2.1 has them, SAM 2 has not")
    files: dict[str, dict[str, Any]] = {"fp32": {}}
    if half:
        files["fp16"] = {}
    parts = graphs(model)
    for graph in parts:
        path = folder / "onnx" / f"{graph.name}.onnx"
        exported = export(graph, path)
        files["fp32"][graph.name] = described(path, folder)
        if half:
            twin = folder / "onnx" / f"{graph.name}_fp16.onnx"
            float16(exported, twin)
            files["fp16"][graph.name] = described(twin, folder)
    constants = {
        "memory_temporal_positional_encoding": model.memory_temporal_positional_encoding.reshape(-1, model.mem_dim).tolist(),
        "image_mean": IMAGE_MEAN,
        "image_std": IMAGE_STD,
        "image_size": int(model.config.image_size),
        "memory_frames": MEMORIES,
        "model": name,
    }
    (folder / "constants.json").write_text(json.dumps(constants) + "\n")
    manifest = {
        "format": "masklet-model-1",
        "contract": "five",
        "name": name,
        "family": "sam2.1",
        "licence": "Apache-2.0",
        "image_size": int(model.config.image_size),
        "graphs": files,
        "tensors": tensors(parts),
        "constants": described(folder / "constants.json", folder),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
