"""
`python -m masklet_export.official --seed N --out DIR`: the paper's own code (the package `sam2`) as the reference, which is installed
where it is missing. A model of random weights, the same in transformers' format for the export and in the package's, follows a seeded
clip; what the package computes is written as a fixture for another tracker to be held to.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel, Sam2VideoConfig, Sam2VideoModel

from . import clip, contract, fixture, models
from .compare import FAILED
from .scenario import Record, Run, click, mask, run

SIZE, CHANNELS, WIDTH = 128, 128, 64
GRID = SIZE // 16
STAGES, WINDOWS, GLOBAL = (1, 1, 2, 1), (8, 4, 8, 4), (3,)
# The package doubles widths and heads from stage to stage, and fixes the decoder's sizes.
WIDTHS, HEADS = (8, 16, 32, 64), (1, 2, 4, 8)

# The package, and what it imports that nothing else here brings.
PACKAGE = "sam2==1.1.0"
NEEDED = ("hydra-core==1.3.8", "iopath==0.1.10", "pillow", "tqdm")


def package_is_there() -> bool:
    """
    Installs the package where it is missing and this Python is a virtual environment. Without its dependencies: it would bring another
    torchvision, which does not load beside this torch.
    """
    if importlib.util.find_spec("sam2"):
        return True
    if sys.prefix == sys.base_prefix:
        print(f"{sys.executable} is no virtual environment, so that {PACKAGE} is not installed into it: see tools/export/README.md.")
        return False
    print(f"Installing {PACKAGE} into {sys.prefix}.", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "-qq"]
    # The package's build imports torch, which is here; its CUDA kernels only fill holes.
    package = [*pip, "--no-deps", "--no-build-isolation", PACKAGE]
    done = [subprocess.run(command, env={**os.environ, "SAM2_BUILD_CUDA": "0"}).returncode for command in ([*pip, *NEEDED], package)]
    importlib.invalidate_caches()
    if not any(done) and importlib.util.find_spec("sam2"):
        return True
    print(f"{PACKAGE} could not be installed.")
    return False


def random(seed: int) -> PreTrainedModel:
    """A small model whose shapes the package can have."""
    neck = {**models.TINY_NECK, "backbone_channel_list": list(WIDTHS[::-1])}
    hiera = {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": WIDTHS[0],
        "image_size": [SIZE, SIZE],
        "blocks_per_stage": list(STAGES),
        "embed_dim_per_stage": list(WIDTHS),
        "num_attention_heads_per_stage": list(HEADS),
        "window_size_per_stage": list(WINDOWS),
        "global_attention_blocks": list(GLOBAL),
    }
    decoder = {"hidden_size": CHANNELS, "mlp_dim": 2048, "num_attention_heads": 8, "attention_downsample_rate": 2, "iou_head_hidden_dim": 256}
    sizes = {**models.TINY, "memory_attention_downsample_rate": 1, "memory_fuser_intermediate_dim": 4 * CHANNELS}
    config = Sam2VideoConfig(
        vision_config={"model_type": "sam2_vision_model", "backbone_config": hiera, **neck},
        prompt_encoder_config=models.TINY_PROMPT_ENCODER,
        mask_decoder_config=decoder,
        memory_attention_feed_forward_hidden_size=32,
        **sizes,
    )
    torch.manual_seed(seed)
    model = Sam2VideoModel(config)
    models.randomize(model, seed)
    # The package has one tensor for both.
    model.shared_image_embedding.positional_embedding.copy_(model.prompt_encoder.shared_embedding.positional_embedding)
    model.memory_encoder.projection.weight.data.mul_(0.3)
    return models.prepared(model)


def package(model: PreTrainedModel) -> Any:
    """The package's predictor with the weights of `model`, as its own builder sets it up for video, but for filled holes."""
    from sam2.modeling.backbones.hieradet import Hiera
    from sam2.modeling.backbones.image_encoder import FpnNeck, ImageEncoder
    from sam2.modeling.memory_attention import MemoryAttention, MemoryAttentionLayer
    from sam2.modeling.memory_encoder import CXBlock, Fuser, MaskDownSampler, MemoryEncoder
    from sam2.modeling.position_encoding import PositionEmbeddingSine
    from sam2.modeling.sam.transformer import RoPEAttention
    from sam2.sam2_video_predictor import SAM2VideoPredictor

    def sine(channels: int) -> Any:
        return PositionEmbeddingSine(num_pos_feats=channels, normalize=True, scale=None, temperature=10000)

    def attention(**given: Any) -> Any:
        return RoPEAttention(
            rope_theta=10000.0, feat_sizes=(GRID, GRID), embedding_dim=CHANNELS, num_heads=1, downsample_rate=1, dropout=0.0, **given
        )

    trunk = Hiera(
        embed_dim=WIDTHS[0],
        num_heads=HEADS[0],
        stages=STAGES,
        window_spec=WINDOWS,
        global_att_blocks=GLOBAL,
        window_pos_embed_bkg_spatial_size=(7, 7),
    )
    neck = FpnNeck(
        position_encoding=sine(CHANNELS),
        d_model=CHANNELS,
        backbone_channel_list=list(WIDTHS[::-1]),
        fpn_top_down_levels=[2, 3],
        fpn_interp_model="nearest",
    )
    layer = MemoryAttentionLayer(
        activation="relu",
        dim_feedforward=32,
        dropout=0.0,
        pos_enc_at_attn=False,
        self_attention=attention(),
        d_model=CHANNELS,
        pos_enc_at_cross_attn_keys=True,
        pos_enc_at_cross_attn_queries=False,
        cross_attention=attention(rope_k_repeat=True, kv_in_dim=WIDTH),
    )
    encoder = MemoryEncoder(
        out_dim=WIDTH,
        in_dim=CHANNELS,
        position_encoding=sine(WIDTH),
        mask_downsampler=MaskDownSampler(embed_dim=CHANNELS, kernel_size=3, stride=4, padding=1),
        fuser=Fuser(CXBlock(dim=CHANNELS, kernel_size=7, padding=3), num_layers=1),
    )
    predictor = SAM2VideoPredictor(
        image_encoder=ImageEncoder(trunk=trunk, neck=neck, scalp=1),
        memory_attention=MemoryAttention(d_model=CHANNELS, pos_enc_at_input=True, layer=layer, num_layers=1),
        memory_encoder=encoder,
        image_size=SIZE,
        sigmoid_scale_for_mem_enc=20.0,
        sigmoid_bias_for_mem_enc=-10.0,
        use_mask_input_as_output_without_sam=True,
        directly_add_no_mem_embed=True,
        no_obj_embed_spatial=True,
        use_high_res_features_in_sam=True,
        multimask_output_in_sam=True,
        iou_prediction_use_sigmoid=True,
        use_obj_ptrs_in_encoder=True,
        add_tpos_enc_to_obj_ptrs=True,
        proj_tpos_enc_in_obj_ptrs=True,
        use_signed_tpos_enc_to_obj_ptrs=True,
        only_obj_ptrs_in_the_past_for_eval=True,
        pred_obj_scores=True,
        pred_obj_scores_mlp=True,
        fixed_no_obj_ptr=True,
        multimask_output_for_tracking=True,
        use_multimask_token_for_obj_ptr=True,
        multimask_min_pt_num=0,
        multimask_max_pt_num=1,
        use_mlp_for_obj_ptr_proj=True,
        sam_mask_decoder_extra_args={
            "dynamic_multimask_via_stability": True,
            "dynamic_multimask_stability_delta": 0.05,
            "dynamic_multimask_stability_thresh": 0.98,
        },
        binarize_mask_from_pts_for_mem_enc=True,
        add_all_frames_to_correct_as_cond=True,
    )
    predictor.load_state_dict(translated(model, predictor), strict=True)
    return predictor.eval()


# transformers' names of parameters as the package has them, part by part.
NAMES: list[tuple[str, str]] = [
    (r"^no_memory_embedding$", "no_mem_embed"),
    (r"^no_memory_positional_encoding$", "no_mem_pos_enc"),
    (r"^memory_temporal_positional_encoding$", "maskmem_tpos_enc"),
    (r"^no_object_pointer$", "no_obj_ptr"),
    (r"^occlusion_spatial_embedding_parameter$", "no_obj_embed_spatial"),
    (r"^object_pointer_proj\.", "obj_ptr_proj."),
    (r"^temporal_positional_encoding_projection_layer\.", "obj_ptr_tpos_proj."),
    (r"^vision_encoder\.backbone\.patch_embed\.projection\.", "image_encoder.trunk.patch_embed.proj."),
    (r"^vision_encoder\.backbone\.", "image_encoder.trunk."),
    (r"^vision_encoder\.neck\.convs\.(\d+)\.", r"image_encoder.neck.convs.\1.conv."),
    (r"^prompt_encoder\.shared_embedding\.positional_embedding$", "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"),
    (r"^prompt_encoder\.mask_embed\.conv1\.", "sam_prompt_encoder.mask_downscaling.0."),
    (r"^prompt_encoder\.mask_embed\.layer_norm1\.", "sam_prompt_encoder.mask_downscaling.1."),
    (r"^prompt_encoder\.mask_embed\.conv2\.", "sam_prompt_encoder.mask_downscaling.3."),
    (r"^prompt_encoder\.mask_embed\.layer_norm2\.", "sam_prompt_encoder.mask_downscaling.4."),
    (r"^prompt_encoder\.mask_embed\.conv3\.", "sam_prompt_encoder.mask_downscaling.6."),
    (r"^prompt_encoder\.", "sam_prompt_encoder."),
    (r"^mask_decoder\.upscale_conv1\.", "sam_mask_decoder.output_upscaling.0."),
    (r"^mask_decoder\.upscale_layer_norm\.", "sam_mask_decoder.output_upscaling.1."),
    (r"^mask_decoder\.upscale_conv2\.", "sam_mask_decoder.output_upscaling.3."),
    (r"^mask_decoder\.", "sam_mask_decoder."),
    (r"^memory_encoder\.feature_projection\.", "memory_encoder.pix_feat_proj."),
    (r"^memory_encoder\.projection\.", "memory_encoder.out_proj."),
    (r"^memory_encoder\.mask_downsampler\.final_conv\.", "memory_encoder.mask_downsampler.encoder.6."),
    (r"^memory_encoder\.memory_fuser\.layers\.(\d+)\.scale$", r"memory_encoder.fuser.layers.\1.gamma"),
    (r"^memory_encoder\.memory_fuser\.", "memory_encoder.fuser."),
    (r"\.depthwise_conv\.", ".dwconv."),
    (r"\.pointwise_conv(\d)\.", r".pwconv\1."),
    (r"\.layer_norm_final_attn\.", ".norm_final_attn."),
    (r"\.layer_norm(\d?)\.", r".norm\1."),
    (r"\.o_proj\.", ".out_proj."),
    (r"(sam_mask_decoder\.transformer\.layers\.\d+\.mlp|image_encoder\.trunk\.blocks\.\d+\.mlp)\.proj_in\.", r"\1.layers.0."),
    (r"(sam_mask_decoder\.transformer\.layers\.\d+\.mlp|image_encoder\.trunk\.blocks\.\d+\.mlp)\.proj_out\.", r"\1.layers.1."),
    # Three layers: the one in the middle is counted from 0.
    (r"(mlps\.\d+|iou_prediction_head|pred_obj_score_head|obj_ptr_proj)\.layers\.0\.", r"\1.layers.1."),
    (r"(mlps\.\d+|iou_prediction_head|pred_obj_score_head|obj_ptr_proj)\.proj_in\.", r"\1.layers.0."),
    (r"(mlps\.\d+|iou_prediction_head|pred_obj_score_head|obj_ptr_proj)\.proj_out\.", r"\1.layers.2."),
]


def translated(model: PreTrainedModel, predictor: Any) -> dict[str, Tensor]:
    """The weights of `model` by the package's names; in its shapes."""
    shapes = {name: value.shape for name, value in predictor.state_dict().items()}
    weights: dict[str, Tensor] = {}
    for name, value in model.state_dict().items():
        if name.startswith("shared_image_embedding."):
            continue
        if name == "prompt_encoder.point_embed.weight":
            for label, row in enumerate(value):
                weights[f"sam_prompt_encoder.point_embeddings.{label}.weight"] = row[None]
            continue
        layer = re.match(r"^memory_encoder\.mask_downsampler\.layers\.(\d+)\.(conv|layer_norm)\.(.+)$", name)
        if layer:
            at = 3 * int(layer[1]) + (layer[2] == "layer_norm")
            weights[f"memory_encoder.mask_downsampler.encoder.{at}.{layer[3]}"] = value
            continue
        for pattern, replacement in NAMES:
            name = re.sub(pattern, replacement, name)
        weights[name] = value.reshape(shapes[name]) if name in shapes else value
    return weights


def runs(frames: int) -> list[Run]:
    """What the package is compared in; a step with points decodes at once, and is given all points so far."""
    upward = lambda start: list(range(start, frames))  # noqa: E731
    return [
        Run(
            "click and box",
            "a click; another object by a box, then by a click into it; both tracked",
            [
                click(1, 0, [[14, 22]], [1]),
                click(2, 0, [[66, 30], [95, 58]], [2, 3]),
                click(2, 0, [[66, 30], [95, 58], [80, 44]], [2, 3, 1]),
                run(upward(0)),
            ],
        ),
        Run(
            "added object",
            "an object added on frame 4, after another was tracked to the end",
            [click(1, 0, [[14, 22]], [1]), run(upward(0)), click(2, 4, [[66, 42]], [1]), run(upward(4))],
        ),
        Run(
            "successive clicks",
            "three clicks, each on the mask of the ones before",
            [
                click(1, 0, [[14, 22]], [1]),
                click(1, 0, [[14, 22], [30, 26]], [1, 1]),
                click(1, 0, [[14, 22], [30, 26], [60, 50]], [1, 1, 0]),
                run(upward(0)),
            ],
        ),
        Run("mask prompt", "a given mask", [mask(1, 0, [6, 12, 26, 34]), run(upward(0))]),
        Run(
            "backward after forward",
            "a click on frame 5; forward to the end, then backward from there",
            [click(1, 5, [[41, 22]], [1]), run(upward(5)), run(list(range(5, -1, -1)), reverse=True)],
        ),
        Run(
            "correction",
            "a click on frame 0, all tracked; two clicks on frame 6, one after the other; tracked on from there",
            [
                click(1, 0, [[14, 22]], [1]),
                run(upward(0)),
                click(1, 6, [[47, 24]], [1]),
                click(1, 6, [[47, 24], [60, 50]], [1, 0]),
                run(upward(6)),
            ],
        ),
    ]


@torch.inference_mode()
def track(predictor: Any, pixels: Tensor, session: Run, width: int, height: int) -> list[Record]:
    """pixels (T,3,S,S) → a record for each prompt, then for each object and frame that is run. Predicted IoUs are not to be had: 0."""
    import sam2.sam2_video_predictor as video

    # Without a progress bar for each run.
    video.tqdm = lambda frames, **_: frames
    load = video.load_video_frames
    video.load_video_frames = lambda **_: (pixels, height, width)
    try:
        state = predictor.init_state(video_path="")
    finally:
        video.load_video_frames = load
    records = []

    def add(step: int, frame: int, obj: int, stored: str, out: dict[str, Tensor]) -> None:
        logits, pointer, score = out["pred_masks"][0, 0], out["obj_ptr"][0], float(out["object_score_logits"].flatten()[0])
        records.append(Record(step, frame, obj, stored, logits.float().numpy().copy(), pointer.numpy().copy(), score, 0.0, "official"))

    for index, step in enumerate(session.steps):
        if step["do"] == "run":
            first, last = step["frames"][0], step["frames"][-1]
            walk = predictor.propagate_in_video(state, first, abs(last - first), reverse=step["reverse"])
            for frame, objects, _ in walk:
                for obj in objects:
                    kept = state["output_dict_per_obj"][state["obj_id_to_idx"][obj]]
                    conditioning = frame in kept["cond_frame_outputs"]
                    out = kept["cond_frame_outputs" if conditioning else "non_cond_frame_outputs"][frame]
                    add(index, frame, obj, "cond" if conditioning else "noncond", out)
            continue
        frame, obj = step["frame"], step["object"]
        if step["do"] == "mask":
            x0, y0, x1, y1 = step["rectangle"]
            inside = torch.zeros(height, width, dtype=torch.bool)
            inside[y0:y1, x0:x1] = True
            predictor.add_new_mask(state, frame, obj, inside)
        else:
            points, labels = step["points"], step["labels"]
            corners = sum(label > 1 for label in labels)
            box = [value for point in points[:corners] for value in point] if corners else None
            given = {"points": points[corners:], "labels": labels[corners:]} if len(points) > corners else {}
            predictor.add_new_points_or_box(state, frame, obj, box=box, **given)
        pending = state["temp_output_dict_per_obj"][state["obj_id_to_idx"][obj]]
        add(index, frame, obj, "cond", pending["cond_frame_outputs"][frame])
    return records


def main() -> int:
    parser = argparse.ArgumentParser(prog="masklet_export.official", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if not package_is_there():
        return FAILED
    torch.set_num_threads(1)
    frames = fixture.write_clip(options.out / "clip", options.seed)
    pixels = clip.preprocess(frames, SIZE)
    model = random(options.seed)
    predictor = package(model)
    sessions = runs(len(pixels))
    # Scores about zero, so that objects come and go.
    spread(model, [record.obj_score for each in sessions for record in track(predictor, pixels, each, clip.WIDTH, clip.HEIGHT)])
    predictor = package(model)
    folder = options.out / "official-tiny-random"
    contract.write(model, folder, name=folder.name, family="sam2.1", half=False)
    tracked = [(each, track(predictor, pixels, each, clip.WIDTH, clip.HEIGHT)) for each in sessions]
    reference = " ".join(PACKAGE.split("=="))
    head = {"seed": options.seed, "family": "sam2.1", "contract": "masklet", "reference": reference, "rules": "paper"}
    fixture.write_reference(folder, head, pixels, tracked)
    return 0


def spread(model: PreTrainedModel, scores: list[float]) -> None:
    """Scales and shifts the head of the object score: about two thirds of these scores appear."""
    values = torch.tensor(scores)
    low, high = values.quantile(0.1), values.quantile(0.9)
    head = model.mask_decoder.pred_obj_score_head.proj_out
    scale = 4.0 / max(float(high - low), 1e-3)
    head.weight.data.mul_(scale)
    head.bias.data.copy_(scale * (head.bias.data - float(values.quantile(0.35))))


if __name__ == "__main__":
    raise SystemExit(main())
