import type { MaskletGraph, MaskletManifest } from '../../models/sam2Manifest.ts';
import { float32, type Signature } from '../../models/signature.ts';

/**
 * The tensors of Masklet's own graphs, as docs/model-files.md has them: N objects, M memories, P pointers, Q tokens; H×W: a mask of
 * any size.
 */
export function maskletSignatures(manifest: MaskletManifest): Record<MaskletGraph, Signature> {
  const { imageSize: s, grid: f, hiddenSize: c, memoryTokens: t, memoryWidth: w } = manifest;
  const fine = float32(1, c / 8, 4 * f, 4 * f);
  const middle = float32(1, c / 4, 2 * f, 2 * f);
  const image = float32(1, c, f, f);
  const mask = float32('N', 1, 4 * f, 4 * f);
  const [one, score] = [float32('N', 1, 1, 1), float32('N', 1)];
  const [pointer, memory] = [float32('N', c), float32('N', t, w)];
  return {
    vision_encoder: {
      inputs: { pixel_values: float32(1, 3, s, s) },
      outputs: { feat_s0: fine, feat_s1: middle, image_embed: image, no_memory_embed: image },
    },
    mask_decoder: {
      inputs: {
        ...{ cond_embed: float32('N', c, f, f), feat_s0: fine, feat_s1: middle },
        ...{ point_embed: float32('N', 'Q', c), mask_input: mask, has_mask: one, multimask: score },
      },
      outputs: { masks: mask, obj_ptr: pointer, obj_score: score, iou: score },
      optionalOutputs: {
        ...{ token_masks: float32('N', 4, 4 * f, 4 * f), token_obj_ptr: float32('N', 4, c) },
        token_iou: float32('N', 4),
      },
    },
    memory_encoder: {
      inputs: { image_embed: image, masks: float32('N', 1, 'H', 'W'), binarize: one, obj_score: score },
      outputs: { memory },
    },
    step: {
      inputs: {
        ...{ feat_s0: fine, feat_s1: middle, image_embed: image },
        ...{ memory: float32('N', 'M', t, w), memory_tpos: float32('N', 'M', w) },
        ...{ obj_ptr: float32('N', 'P', c), obj_ptr_tpos: float32('N', 'P', w) },
        ...{ key_bias: float32('N', 1, 'K'), binarize: one },
      },
      outputs: {
        ...{ masks: mask, next_obj_ptr: pointer, obj_score: score, iou: score, next_memory: memory },
        cond_embed: float32('N', c, f, f),
      },
    },
  };
}
