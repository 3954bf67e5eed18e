"""The reference models: official weights from a folder or the hub, or seeded random ones."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, PreTrainedModel, Sam2VideoConfig, Sam2VideoModel, TimmWrapperConfig

FAMILIES = ("sam2", "sam2.1", "edgetam")
# What random weights are drawn for. EdgeTAM as its weights are published has neither pointer positions nor an occlusion embedding;
# the plain one has both, so that the graphs are tested with them.
KINDS = (*FAMILIES, "edgetam-published")


def load(model: str, size: int | None) -> PreTrainedModel:
    """Loads official weights (a hub id or a folder), for `size`² pixels where given, else for the size trained on."""
    raw = json.loads((Path(model) / "config.json").read_text()) if Path(model).is_dir() else None
    family = (raw or AutoConfig.from_pretrained(model).to_dict())["model_type"]
    model_class = _edgetam().EdgeTamVideoModel if family.startswith("edgetam") else Sam2VideoModel
    config = model_class.config_class.from_pretrained(model)
    if size is not None:
        resize(config, size)
    return prepared(model_class.from_pretrained(model, config=config, dtype=torch.float32))


def random(kind: str, seed: int, tiny: bool, size: int | None) -> PreTrainedModel:
    """A model with every parameter drawn from `seed`, also those that transformers starts at zero."""
    is_edgetam = kind.startswith("edgetam")
    if is_edgetam:
        edgetam = _edgetam()
        config = edgetam_tiny_config(edgetam) if tiny else edgetam_config(edgetam)
        if kind == "edgetam-published":
            without_positions(config)
        model_class = edgetam.EdgeTamVideoModel
    else:
        config = sam2_tiny_config() if tiny else Sam2VideoConfig()
        if kind == "sam2":
            without_positions(config)
        model_class = Sam2VideoModel
    if size is not None:
        resize(config, size)
    torch.manual_seed(seed)
    model = model_class(config)
    randomize(model, seed)
    if not is_edgetam:
        # Rounded to bfloat16: where memories are large, one unit in the last place would show in the masks.
        model.memory_encoder.projection.weight.data.mul_(0.3)
    if not tiny:
        # Nobody tunes the scores of a full-size model: its objects appear, so that masks are compared.
        head = model.mask_decoder.pred_obj_score_head.proj_out
        head.weight.data.mul_(0.1)
        head.bias.data.fill_(2.0)
    calibrate_batch_norm(model, seed)
    return prepared(model)


def without_positions(config: Any) -> None:
    """Pointers without positions in time, and no occlusion embedding: SAM 2, and EdgeTAM as published."""
    config.enable_occlusion_spatial_embedding = False
    config.enable_temporal_pos_encoding_for_object_pointers = False


def family_of(model: PreTrainedModel) -> str:
    """The family that a manifest names."""
    return "edgetam" if model.config.model_type.startswith("edgetam") else sam2_family(model)


def sam2_family(model: PreTrainedModel) -> str:
    """SAM 2.1 gives object pointers positions in time; SAM 2 does not."""
    return "sam2.1" if model.config.enable_temporal_pos_encoding_for_object_pointers else "sam2"


def prepared(model: PreTrainedModel) -> PreTrainedModel:
    """For inference: frozen, and with plain attention, which exports to MatMul and Softmax."""
    model.set_attn_implementation("eager")
    return model.eval().requires_grad_(False)


def resize(config: Any, size: int) -> None:
    """Sets the model's square input size; all that depends on it follows."""
    grid = size // 16
    config.image_size = size
    config.prompt_encoder_config.image_size = size
    config.vision_config.backbone_feature_sizes = [[grid * 4] * 2, [grid * 2] * 2, [grid] * 2]
    config.memory_attention_rope_feat_sizes = [grid, grid]


# What makes a model of 128 pixels that exercises every rule and still fits a repository. The width of a memory stays 64
# (the reference assumes it), and the hidden size 128, so that an object pointer becomes more than one token.
TINY: dict[str, Any] = {
    "image_size": 128,
    "memory_attention_hidden_size": 128,
    "memory_attention_num_layers": 1,
    "memory_attention_downsample_rate": 2,
    "memory_attention_rope_feat_sizes": [8, 8],
    "memory_encoder_hidden_size": 128,
    "mask_downsampler_embed_dim": 128,
    "mask_downsampler_stride": 4,
    "memory_fuser_embed_dim": 128,
    "memory_fuser_intermediate_dim": 32,
    "memory_fuser_num_layers": 1,
}
TINY_PROMPT_ENCODER: dict[str, Any] = {"hidden_size": 128, "image_size": 128}
TINY_MASK_DECODER: dict[str, Any] = {
    "hidden_size": 128,
    "mlp_dim": 16,
    "num_attention_heads": 2,
    "attention_downsample_rate": 8,
    "iou_head_hidden_dim": 16,
}
TINY_NECK: dict[str, Any] = {
    "backbone_channel_list": [32, 24, 16, 8],
    "backbone_feature_sizes": [[32, 32], [16, 16], [8, 8]],
    "fpn_hidden_size": 128,
}


def sam2_tiny_config() -> Sam2VideoConfig:
    """Global attention in one block; stage widths increase; no global block opens a stage."""
    hiera = {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": 8,
        "image_size": [128, 128],
        "blocks_per_stage": [1, 1, 2, 1],
        "embed_dim_per_stage": [8, 16, 24, 32],
        "num_attention_heads_per_stage": [1, 1, 2, 2],
        "window_size_per_stage": [8, 4, 8, 4],
        "global_attention_blocks": [3],
    }
    return Sam2VideoConfig(
        vision_config={"model_type": "sam2_vision_model", "backbone_config": hiera, **TINY_NECK},
        prompt_encoder_config=TINY_PROMPT_ENCODER,
        mask_decoder_config=TINY_MASK_DECODER,
        memory_attention_feed_forward_hidden_size=32,
        **TINY,
    )


def _repvit(**model_args: Any) -> TimmWrapperConfig:
    features = {"in_chans": 3, "features_only": True, "out_indices": [0, 1, 2, 3]}
    return TimmWrapperConfig(architecture="repvit_m1", model_args={**features, **model_args})


def edgetam_config(edgetam: Any) -> Any:
    vision = {"model_type": "edgetam_vision_model", "backbone_config": _repvit()}
    return edgetam.EdgeTamVideoConfig(vision_config=vision)


def edgetam_tiny_config(edgetam: Any) -> Any:
    """A memory of 16 + 16 latents: 4×4 windows of 2×2 cells."""
    backbone = _repvit(embed_dim=[8, 16, 24, 32], depth=[1, 1, 2, 1])
    return edgetam.EdgeTamVideoConfig(
        vision_config={"model_type": "edgetam_vision_model", "backbone_config": backbone, **TINY_NECK},
        prompt_encoder_config=TINY_PROMPT_ENCODER,
        mask_decoder_config=TINY_MASK_DECODER,
        perceiver_resampler_num_latents=16,
        perceiver_resampler_num_latents_2d=16,
        perceiver_resampler_mlp_intermediate_size=64,
        memory_attention_rope_k_sizes=[4, 4],
        memory_attention_mlp_hidden_size=32,
        **TINY,
    )


@torch.no_grad()
def randomize(model: nn.Module, seed: int) -> None:
    """Draws all parameters. Matrices about keep the variance of what passes through them."""
    generator = torch.Generator().manual_seed(seed)

    def normal(tensor: torch.Tensor, mean: float, std: float) -> None:
        tensor.copy_(mean + std * torch.randn(tensor.shape, generator=generator))

    for module in model.modules():
        norm = isinstance(module, (nn.LayerNorm, nn.BatchNorm2d))
        for name, parameter in module.named_parameters(recurse=False):
            if norm:
                normal(parameter, 1.0 if name == "weight" else 0.0, 0.2)
            elif isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)) and name == "weight":
                inputs = parameter[0].numel()
                if isinstance(module, nn.ConvTranspose2d):
                    inputs = parameter.shape[0]
                normal(parameter, 0.0, 1.2 / math.sqrt(inputs))
            elif isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
                normal(parameter, 0.0, 0.2)
            else:
                normal(parameter, 0.0, 0.5)
        gaussian = getattr(module, "positional_embedding", None)
        if isinstance(gaussian, torch.Tensor):
            normal(gaussian, 0.0, 1.0)


@torch.no_grad()
def calibrate_batch_norm(model: PreTrainedModel, seed: int) -> None:
    """Sets the running statistics of batch norms (RepViT has them) to those of one batch of noise."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    if not norms:
        return
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    noise = torch.randn(2, 3, 128, 128, generator=torch.Generator().manual_seed(seed))
    model.eval().vision_encoder.backbone.train()(noise)
    model.eval()


def _edgetam() -> Any:
    """transformers' modules of EdgeTAM, asked for only where they are needed: its backbone needs timm."""
    if importlib.util.find_spec("timm") is None:
        raise SystemExit("EdgeTAM needs timm: pip install 'masklet-export[edgetam]'")
    from transformers.models.edgetam_video import modeling_edgetam_video

    return modeling_edgetam_video
