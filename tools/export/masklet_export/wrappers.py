"""
The graphs of Masklet's contract as thin modules over the reference's own layers.

S: input size; h = w = S/16 and HW = h·w, the grid; C: hidden size; Cm: width of a memory token; T: tokens of one memory (HW;
EdgeTAM: its latents); N: objects; M: memories; P: object pointers; Q: prompt tokens.

Everything that depends on positions alone is a constant in the graph. Nothing branches: choices are products with 0 and 1.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedModel

# The score that the reference gives to the mask of an object that is not there.
NO_OBJECT = -1024.0

# Queries of memory attention run in this many parts: at 1024 pixels with 7 memories the scores of one part and one object
# take 118 MB, below the 128 MiB that every WebGPU device binds.
QUERY_PARTS = 4

# A float32 times 2¹⁶ + 1, minus the rest, keeps its upper 8 significant bits: Veltkamp's splitting, which is rounding to
# bfloat16 in operators that every runtime has.
BFLOAT16_SPLITTER = 65537.0


def is_edgetam(model: PreTrainedModel) -> bool:
    return model.config.model_type.startswith("edgetam")


def grid_size(model: PreTrainedModel) -> int:
    """h, cells along one side of the grid of features."""
    return int(model.config.vision_config.backbone_feature_sizes[-1][0])


def vision_position(model: PreTrainedModel) -> Tensor:
    """(1, C, h, w): the sine position of the features."""
    grid = grid_size(model)
    channels = model.hidden_dim
    encoding = model.vision_encoder.neck.position_encoding
    return encoding(torch.Size((1, channels, grid, grid)), "cpu", torch.float32)


def memory_position(model: PreTrainedModel) -> Tensor:
    """(T, Cm): the sine position of a memory's tokens. Zero for EdgeTAM's one-dimensional latents."""
    if not is_edgetam(model):
        grid = grid_size(model)
        position = model.memory_encoder.position_encoding(torch.Size((1, model.mem_dim, grid, grid)), "cpu", torch.float32)
        return position.flatten(2).transpose(1, 2)[0]
    perceiver = model.spatial_perceiver
    side = int(perceiver.num_latents_2d**0.5)
    shape = torch.Size((1, perceiver.hidden_size, side, side))
    windows = perceiver.positional_encoding(shape, "cpu", torch.float32).flatten(2).transpose(1, 2)[0]
    return torch.cat([torch.zeros(perceiver.num_latents_1d, perceiver.hidden_size), windows])


def rotary_tables(model: PreTrainedModel) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Cosine and sine of queries (HW, D/2) and of one memory's keys (T, D/2), D the width inside attention."""
    attention = model.memory_attention
    cos, sin = (table[0, :, ::2] for table in attention.rotary_emb(torch.zeros(1), attention.position_ids))
    if not is_edgetam(model):
        return cos, sin, cos, sin
    window_cos, window_sin = (table[0, :, ::2] for table in attention.rotary_emb(torch.zeros(1), attention.position_ids_k))
    unrotated = torch.ones(model.spatial_perceiver.num_latents_1d, window_cos.shape[-1])
    return cos, sin, torch.cat([unrotated, window_cos]), torch.cat([0 * unrotated, window_sin])


class VisionEncoder(nn.Module):
    """`pixel_values` (1,3,S,S) → `feat_s0` (1,C/8,4h,4w), `feat_s1` (1,C/4,2h,2w), `image_embed` and `no_memory_embed` (1,C,h,w)."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.neck = model.vision_encoder.neck
        self.conv_s0 = model.mask_decoder.conv_s0
        self.conv_s1 = model.mask_decoder.conv_s1
        backbone = model.vision_encoder.backbone
        if is_edgetam(model):
            from timm.utils import reparameterize_model

            self.backbone = reparameterize_model(copy.deepcopy(backbone.timm_model))
        else:
            self.backbone = backbone
            side = 4 * grid_size(model)
            self.register_buffer("patch_position", backbone._get_pos_embed((side, side)))
        self.register_buffer("no_memory", model.no_memory_embedding.reshape(1, -1, 1, 1))

    def stages(self, pixels: Tensor) -> list[Tensor]:
        """The backbone's four maps, channels last."""
        if not hasattr(self, "patch_position"):
            return [stage.permute(0, 2, 3, 1) for stage in self.backbone(pixels)]
        x = self.backbone.patch_embed(pixels) + self.patch_position
        stages = []
        for index, block in enumerate(self.backbone.blocks):
            x = block(x)
            if index in self.backbone.stage_ends:
                stages.append(x)
        return stages

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        levels, _ = self.neck(self.stages(pixel_values))
        image_embed, feat_s1, feat_s0 = levels[-3:]
        return self.conv_s0(feat_s0), self.conv_s1(feat_s1), image_embed, image_embed + self.no_memory


class MaskDecoder(nn.Module):
    """Prompt tokens and conditioned features to one mask for each object: selection, occlusion and pointer included."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        decoder = model.mask_decoder
        self.decoder = decoder
        self.mask_embed = model.prompt_encoder.mask_embed
        self.pointer_projection = model.object_pointer_proj
        self.side = 4 * grid_size(model)
        self.stability = bool(decoder.dynamic_multimask_via_stability)
        self.register_buffer("no_object_pointer", model.no_object_pointer.clone())
        self.register_buffer("no_mask", model.prompt_encoder.no_mask_embed.weight.reshape(1, -1, 1, 1))
        tokens = torch.cat([decoder.obj_score_token.weight, decoder.iou_token.weight, decoder.mask_tokens.weight])
        self.register_buffer("output_tokens", tokens[None, None])
        self.register_buffer("image_position", model.get_image_wide_positional_embeddings())

    def dense(self, mask_input: Tensor, has_mask: Tensor) -> Tensor:
        """(N,C,h,w): the embedding of previous mask logits (N,1,4h,4w) where has_mask (N,1,1,1) is 1."""
        return has_mask * self.mask_embed(mask_input) + (1 - has_mask) * self.no_mask

    def forward(
        self,
        cond_embed: Tensor,
        feat_s0: Tensor,
        feat_s1: Tensor,
        point_embed: Tensor,
        dense: Tensor,
        multimask: Tensor | bool,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """
        cond_embed (N or 1,C,h,w), feat_s0 (1,C/8,4h,4w), feat_s1 (1,C/4,2h,2w), point_embed (N,Q,C), dense (N or 1,C,h,w),
        multimask (N,1) → masks (N,1,4h,4w), obj_ptr (N,C), obj_score (N,1), iou (N,1).
        """
        return self.choose(*self.decode(cond_embed, feat_s0, feat_s1, point_embed, dense), multimask)

    def decode(
        self, cond_embed: Tensor, feat_s0: Tensor, feat_s1: Tensor, point_embed: Tensor, dense: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Of every mask token its logits (N,4,16hw), the token (N,4,C) and its iou (N,4); obj_score (N,1)."""
        decoder = self.decoder
        tokens = torch.cat([self.output_tokens.expand(point_embed.shape[0], -1, -1, -1), point_embed[:, None]], dim=2)
        tokens, keys = decoder.transformer(tokens, dense + cond_embed, self.image_position, None)
        tokens = tokens[:, 0]

        height, width = cond_embed.shape[2:]
        image = keys[:, 0].transpose(1, 2).unflatten(2, (height, width))
        image = decoder.activation(decoder.upscale_layer_norm(decoder.upscale_conv1(image) + feat_s1))
        image = decoder.activation(decoder.upscale_conv2(image) + feat_s0).flatten(2)

        mask_tokens = tokens[:, 2 : 2 + decoder.num_mask_tokens]
        kernels = [mlp(mask_tokens[:, i]) for i, mlp in enumerate(decoder.output_hypernetworks_mlps)]
        logits = torch.stack(kernels, dim=1) @ image
        iou = decoder.iou_prediction_head(tokens[:, 1])
        obj_score = decoder.pred_obj_score_head(tokens[:, 0])
        return logits, mask_tokens, iou, obj_score

    def choose(
        self, logits: Tensor, mask_tokens: Tensor, iou: Tensor, obj_score: Tensor, multimask: Tensor | bool
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """One of the four masks of `decode`, as `forward` gives it."""
        best = first_maximum(iou[:, 1:])
        mask = (best[:, None] @ logits[:, 1:])[:, 0]
        best_iou = (best * iou[:, 1:]).sum(1, keepdim=True)
        token = (best[:, None] @ mask_tokens[:, 1:])[:, 0]
        if multimask is not True:
            several = multimask if isinstance(multimask, Tensor) else torch.zeros_like(obj_score)
            fallback = torch.maximum(several, 1 - self.stable(logits[:, 0]))
            mask = torch.where(fallback > 0.5, mask, logits[:, 0])
            best_iou = torch.where(fallback > 0.5, best_iou, iou[:, :1])
            token = torch.where(several > 0.5, token, mask_tokens[:, 0])

        appears = obj_score > 0
        obj_ptr = torch.where(appears, self.pointer_projection(token), self.no_object_pointer)
        mask = torch.where(appears, mask, NO_OBJECT)
        return mask.unflatten(1, (1, self.side, self.side)), obj_ptr, obj_score, best_iou

    def every(self, logits: Tensor, mask_tokens: Tensor) -> tuple[Tensor, Tensor]:
        """All four masks of `decode`, whatever the object score: logits (N,4,4h,4w) and pointers (N,4,C)."""
        pointers = self.pointer_projection(mask_tokens.flatten(0, 1)).unflatten(0, (-1, mask_tokens.shape[1]))
        return logits.unflatten(2, (self.side, self.side)), pointers

    def stable(self, logits: Tensor) -> Tensor:
        """logits (N, pixels) → (N,1): 1 where the mask hardly changes when the threshold moves by ±delta, else 0."""
        if not self.stability:
            return torch.ones_like(logits[:, :1])
        delta = self.decoder.dynamic_multimask_stability_delta
        inner = (logits > delta).to(logits.dtype).mean(1, keepdim=True)
        outer = (logits > -delta).to(logits.dtype).mean(1, keepdim=True)
        return (inner >= self.decoder.dynamic_multimask_stability_thresh * outer).to(logits.dtype)


class PromptedMaskDecoder(nn.Module):
    """
    The decoder with its prompts as inputs: `mask_decoder.onnx`. Beside the mask that it chooses it gives what each of its mask
    tokens stands for, for a person to choose: `token_masks` (N,4,4h,4w), `token_obj_ptr` (N,4,C), `token_iou` (N,4). They do not
    depend on the object score: a person says that the object is there.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.decoder = MaskDecoder(model)

    def forward(
        self,
        cond_embed: Tensor,
        feat_s0: Tensor,
        feat_s1: Tensor,
        point_embed: Tensor,
        mask_input: Tensor,
        has_mask: Tensor,
        multimask: Tensor,
    ) -> tuple[Tensor, ...]:
        dense = self.decoder.dense(mask_input, has_mask)
        logits, tokens, iou, obj_score = self.decoder.decode(cond_embed, feat_s0, feat_s1, point_embed, dense)
        chosen = self.decoder.choose(logits, tokens, iou, obj_score, multimask)
        return *chosen, *self.decoder.every(logits, tokens), iou


def first_maximum(scores: Tensor) -> Tensor:
    """scores (N,3) → (N,3): 1 at the largest, the first one where several are, else 0."""
    at_most = (scores >= scores.amax(1, keepdim=True)).to(scores.dtype)
    taken = torch.zeros_like(at_most[:, :1])
    chosen = []
    for i in range(scores.shape[1]):
        chosen.append(at_most[:, i : i + 1] * (1 - taken))
        taken = taken + chosen[-1]
    return torch.cat(chosen, dim=1)


class MemoryEncoder(nn.Module):
    """
    `image_embed` (1,C,h,w) raw, `masks` (N,1,H,W) logits of any size, `binarize` (N,1,1,1), `obj_score` (N,1) → `memory` (N,T,Cm),
    with the occlusion embedding, and rounded to bfloat16 where the reference stores it so.
    """

    def __init__(self, model: PreTrainedModel, rounded: bool = True) -> None:
        super().__init__()
        self.rounded = rounded
        self.size = int(model.config.image_size)
        self.scale = float(model.config.sigmoid_scale_for_mem_enc)
        self.bias = float(model.config.sigmoid_bias_for_mem_enc)
        self.encoder = model.memory_encoder
        occluded = model.occlusion_spatial_embedding_parameter
        occluded = torch.zeros(1, model.mem_dim) if occluded is None else occluded.clone()
        self.register_buffer("occluded", occluded.reshape(1, -1, 1, 1))
        self.perceiver = Perceiver(model) if is_edgetam(model) else None

    def forward(self, image_embed: Tensor, masks: Tensor, binarize: Tensor, obj_score: Tensor) -> Tensor:
        logits = F.interpolate(masks, size=(self.size, self.size), mode="bilinear", align_corners=False)
        return self.encode(image_embed, logits, binarize, obj_score)

    def encode(self, image_embed: Tensor, logits: Tensor, binarize: Tensor, obj_score: Tensor) -> Tensor:
        """The same from logits of (N,1,S,S)."""
        inside = binarize * (logits > 0).to(logits.dtype) + (1 - binarize) * torch.sigmoid(logits)
        encoder = self.encoder
        memory = encoder.mask_downsampler(inside * self.scale + self.bias) + encoder.feature_projection(image_embed)
        memory = encoder.projection(encoder.memory_fuser(memory))
        absent = (obj_score <= 0).to(memory.dtype)
        memory = memory + absent[..., None, None] * self.occluded
        if self.perceiver is not None:
            return self.perceiver(memory)
        tokens = memory.flatten(2).transpose(1, 2)
        return round_to_bfloat16(tokens) if self.rounded else tokens


def round_to_bfloat16(x: Tensor) -> Tensor:
    split = x * BFLOAT16_SPLITTER
    return split - (split - x)


class Perceiver(nn.Module):
    """EdgeTAM's resampler for any number of objects: (N,Cm,h,w) → (N,T,Cm), global latents first, then one for each window."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.perceiver = model.spatial_perceiver
        grid = grid_size(model)
        position = model.memory_encoder.position_encoding(torch.Size((1, model.mem_dim, grid, grid)), "cpu", torch.float32)
        self.register_buffer("position", position.flatten(2).transpose(1, 2))
        self.side = int(self.perceiver.num_latents_2d**0.5)
        self.window = grid // self.side

    def forward(self, memory: Tensor) -> Tensor:
        perceiver, side, window = self.perceiver, self.side, self.window
        objects, channels = memory.shape[:2]
        cells = memory.permute(0, 2, 3, 1)
        tokens = cells.flatten(1, 2)
        position = self.position.repeat(objects, 1, 1)
        latents = perceiver.latents_1d[None].repeat(objects, 1, 1)
        windows = cells.reshape(objects, side, window, side, window, channels).transpose(2, 3)
        windows = windows.reshape(objects * side * side, window * window, channels)
        window_latents = perceiver.latents_2d[None].repeat(objects, 1, 1).reshape(objects * side * side, 1, channels)
        for layer in perceiver.layers:
            latents = layer(latents, tokens, position)
            window_latents = layer(window_latents, windows)
        window_latents = window_latents.reshape(objects, side * side, channels)
        return perceiver.layer_norm(torch.cat([latents, window_latents], dim=1))


class RotaryProjection(nn.Module):
    """
    A linear projection whose outputs are ordered so that a rotary pair (2i, 2i+1) becomes (i, i+D/2). Queries and keys share
    the order, so their products stay, and rotating needs no interleaving.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        order = torch.cat([torch.arange(0, linear.out_features, 2), torch.arange(1, linear.out_features, 2)])
        self.register_buffer("weight", linear.weight[order].t().contiguous())
        self.register_buffer("bias", linear.bias[order])

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight + self.bias


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x (…, L, D) with pairs (i, i+D/2); cos and sin (L, D/2)."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)


def attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None, parts: int) -> Tensor:
    """query (N,L,D), already scaled, key and value (N,K,D), bias (N,1,K) → (N,L,D), in `parts` runs over the queries."""
    outputs = []
    for part in query.chunk(parts, dim=1):
        scores = part @ key.transpose(1, 2)
        scores = scores if bias is None else scores + bias
        outputs.append(scores.softmax(-1) @ value)
    return torch.cat(outputs, dim=1)


class MemoryAttentionLayer(nn.Module):
    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer
        for name, attention in (("self", layer.self_attn), ("cross", layer.cross_attn_image)):
            setattr(self, f"{name}_query", RotaryProjection(attention.q_proj))
            setattr(self, f"{name}_key", RotaryProjection(attention.k_proj))
        self.scale = layer.self_attn.internal_dim**-0.5

    def feed_forward(self, x: Tensor) -> Tensor:
        layer = self.layer
        return layer.mlp(x) if hasattr(layer, "mlp") else layer.linear2(layer.activation(layer.linear1(x)))


class MemoryAttention(nn.Module):
    """
    `image_embed` (1,C,h,w), `memory` (N,M,T,Cm), `memory_tpos` (N,M,Cm), `obj_ptr` (N,P,C), `obj_ptr_tpos` (N,P,Cm), `key_bias`
    (N,1,M·T+P·C/Cm) → `cond_embed` (N,C,h,w). Until the first cross-attention the features are the same for all objects: batch 1.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        assert model.config.memory_attention_num_attention_heads == 1, "memory attention with several heads"
        self.layers = nn.ModuleList(MemoryAttentionLayer(layer) for layer in model.memory_attention.layers)
        self.norm = model.memory_attention.layer_norm
        self.memory_width = model.mem_dim
        self.register_buffer("position", 0.1 * vision_position(model))
        self.register_buffer("memory_position", memory_position(model))
        for name, table in zip(("query_cos", "query_sin", "key_cos", "key_sin"), rotary_tables(model)):
            self.register_buffer(name, table.clone())

    def forward(
        self,
        image_embed: Tensor,
        memory: Tensor,
        memory_tpos: Tensor,
        obj_ptr: Tensor,
        obj_ptr_tpos: Tensor,
        key_bias: Tensor,
    ) -> Tensor:
        x = (image_embed + self.position).flatten(2).transpose(1, 2)
        spatial = memory + self.memory_position + memory_tpos[:, :, None]
        pointers = obj_ptr.unflatten(2, (obj_ptr.shape[2] // self.memory_width, self.memory_width))
        pointer_keys = (pointers + obj_ptr_tpos[:, :, None]).flatten(1, 2)
        values = torch.cat([memory.flatten(1, 2), pointers.flatten(1, 2)], dim=1)
        return self.attend(x, spatial, pointer_keys, values, key_bias).transpose(1, 2).unflatten(2, image_embed.shape[2:])

    def attend(self, x: Tensor, spatial: Tensor, pointer_keys: Tensor, values: Tensor, key_bias: Tensor | None) -> Tensor:
        """x (1,HW,C), keys with their positions (N,M,T,Cm) and (N,K,Cm), values (N,M·T+K,Cm) → (N,HW,C)."""
        for layer in self.layers:
            block = layer.layer
            normed = block.layer_norm1(x)
            query = rotate(layer.self_query(normed) * layer.scale, self.query_cos, self.query_sin)
            key = rotate(layer.self_key(normed), self.query_cos, self.query_sin)
            attended = attend(query, key, block.self_attn.v_proj(normed), None, QUERY_PARTS)
            x = x + block.self_attn.o_proj(attended)

            cross = block.cross_attn_image
            query = rotate(layer.cross_query(block.layer_norm2(x)) * layer.scale, self.query_cos, self.query_sin)
            key = rotate(layer.cross_key(spatial), self.key_cos, self.key_sin).flatten(1, 2)
            key = torch.cat([key, layer.cross_key(pointer_keys)], dim=1)
            attended = attend(query, key, cross.v_proj(values), key_bias, QUERY_PARTS)
            x = x + cross.o_proj(attended)
            x = x + layer.feed_forward(block.layer_norm3(x))
        return self.norm(x)


class Step(nn.Module):
    """A tracked frame in one graph: memory attention, the decoder without prompts, the memory encoder."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        config = model.config
        self.attention = MemoryAttention(model)
        self.decoder = MaskDecoder(model)
        self.encoder = MemoryEncoder(model)
        # Without prompts the reference still gives the decoder one empty point and the padding after it.
        self.register_buffer("point_embed", model.prompt_encoder.not_a_point_embed.weight[None].repeat(1, 2, 1))
        self.multimask = bool(
            config.multimask_output_in_sam and config.multimask_output_for_tracking and config.multimask_min_pt_num <= 0
        )

    def forward(
        self,
        feat_s0: Tensor,
        feat_s1: Tensor,
        image_embed: Tensor,
        memory: Tensor,
        memory_tpos: Tensor,
        obj_ptr: Tensor,
        obj_ptr_tpos: Tensor,
        key_bias: Tensor,
        binarize: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        cond_embed = self.attention(image_embed, memory, memory_tpos, obj_ptr, obj_ptr_tpos, key_bias)
        points = self.point_embed.expand(memory.shape[0], -1, -1)
        masks, pointer, score, iou = self.decoder(
            cond_embed, feat_s0, feat_s1, points, self.decoder.no_mask, self.multimask
        )
        return masks, pointer, score, iou, self.encoder(image_embed, masks, binarize, score), cond_embed
