import { writeOnnx, type OnnxNode } from '../workers/models/onnxFile.ts';
import type { MaskletManifest } from '../workers/models/sam2Manifest.ts';

function pool(input: string, output: string, side: number): OnnxNode {
  const square = [side, side];
  return {
    ...{ op: 'AveragePool', inputs: [input], outputs: [output] },
    attributes: { kernel_shape: square, strides: square },
  };
}

function reduce(
  op: 'Mean' | 'Max',
  input: string,
  output: string,
  axes: number[],
  keepdims: 0 | 1,
): OnnxNode {
  return { op: `Reduce${op}`, inputs: [input], outputs: [output], attributes: { axes, keepdims } };
}

function join(input: string, output: string, copies: number, axis: number): OnnxNode {
  const inputs = new Array<string>(copies).fill(input);
  return { op: 'Concat', inputs, outputs: [output], attributes: { axis } };
}

/** `channels` copies of a plane: a multiple of 16. */
function widen(input: string, output: string, channels: number): OnnxNode[] {
  return [join(input, `${output}_16`, 16, 1), join(`${output}_16`, output, channels / 16, 1)];
}

function map(op: string, inputs: string[], output: string): OnnxNode {
  return { op, inputs, outputs: [output] };
}

/** The score, and the predicted IoU, of `masks`: [N, 1] both. */
const JUDGE = [reduce('Max', 'masks', 'obj_score', [2, 3], 0), map('Sigmoid', ['obj_score'], 'iou')];

/**
 * Graphs with the inputs and outputs of Masklet's contract, but without weights: a mask is where the frame is brighter than its
 * waning memory. A run of hundreds of frames with them is a matter of a minute even on an emulated GPU, where one frame of the
 * smallest real model takes seconds, mostly to hand its thousand kernels over.
 *
 * @returns by graph; they go with the constants of a fixture of the same sizes, of which mask grid, memory tokens and memory width
 *   are such that a memory has 4 values for each cell of the mask grid
 */
export function weightlessSam2(manifest: MaskletManifest): Record<string, Uint8Array> {
  const { imageSize: s, grid: f, hiddenSize: c, memoryTokens: t, memoryWidth: w } = manifest;
  const fine = { name: 'feat_s0', dims: [1, c / 8, 4 * f, 4 * f] };
  const middle = { name: 'feat_s1', dims: [1, c / 4, 2 * f, 2 * f] };
  const image = { name: 'image_embed', dims: [1, c, f, f] };
  const masks = { name: 'masks', dims: ['N', 1, 4 * f, 4 * f] };
  const score = { name: 'obj_score', dims: ['N', 1] };
  const iou = { name: 'iou', dims: ['N', 1] };
  const flag = (name: string) => ({ name, dims: ['N', 1, 1, 1] });
  const gray = reduce('Mean', 'feat_s0', 'gray', [1], 1);
  return {
    vision_encoder: writeOnnx({
      name: 'vision_encoder',
      inputs: [{ name: 'pixel_values', dims: [1, 3, s, s] }],
      nodes: [
        reduce('Mean', 'pixel_values', 'bright', [1], 1),
        ...([4, 8, 16] as const).map((side) => pool('bright', `bright_${side}`, side)),
        ...widen('bright_4', 'feat_s0', c / 8),
        ...widen('bright_8', 'feat_s1', c / 4),
        ...widen('bright_16', 'image_embed', c),
        map('Tanh', ['image_embed'], 'no_memory_embed'),
      ],
      outputs: [fine, middle, image, { name: 'no_memory_embed', dims: image.dims }],
    }),
    mask_decoder: writeOnnx({
      name: 'mask_decoder',
      inputs: [
        { name: 'cond_embed', dims: ['N', c, f, f] },
        ...[fine, middle],
        { name: 'point_embed', dims: ['N', 'Q', c] },
        { name: 'mask_input', dims: masks.dims },
        flag('has_mask'),
        { name: 'multimask', dims: ['N', 1] },
      ],
      nodes: [
        gray,
        reduce('Mean', 'cond_embed', 'seen', [1, 2, 3], 1),
        map('Sub', ['gray', 'seen'], 'masks'),
        reduce('Mean', 'cond_embed', 'obj_ptr', [2, 3], 0),
        ...JUDGE,
      ],
      outputs: [masks, { name: 'obj_ptr', dims: ['N', c] }, score, iou],
    }),
    memory_encoder: writeOnnx({
      name: 'memory_encoder',
      inputs: [image, { name: 'masks', dims: ['N', 1, 'H', 'W'] }, flag('binarize'), score],
      nodes: [
        join('masks', 'taller', 2, 2),
        join('taller', 'larger', 2, 3),
        map('Tanh', ['larger'], 'bounded'),
        reduce('Mean', 'bounded', 'memory', [1], 0),
      ],
      outputs: [{ name: 'memory', dims: ['N', t, w] }],
    }),
    step: writeOnnx({
      name: 'step',
      inputs: [
        ...[fine, middle, image],
        { name: 'memory', dims: ['N', 'M', t, w] },
        { name: 'memory_tpos', dims: ['N', 'M', w] },
        { name: 'obj_ptr', dims: ['N', 'P', c] },
        { name: 'obj_ptr_tpos', dims: ['N', 'P', w] },
        { name: 'key_bias', dims: ['N', 1, 'K'] },
        flag('binarize'),
      ],
      nodes: [
        gray,
        reduce('Mean', 'memory', 'remembered', [1], 1),
        pool('remembered', 'expected', 2),
        map('Tanh', ['expected'], 'waning'),
        map('Sub', ['gray', 'waning'], 'masks'),
        ...JUDGE,
        join('masks', 'taller', 2, 2),
        join('taller', 'larger', 2, 3),
        map('Sin', ['larger'], 'bounded'),
        reduce('Mean', 'bounded', 'next_memory', [1], 0),
        reduce('Mean', 'obj_ptr', 'known', [1], 0),
        map('Cos', ['known'], 'next_obj_ptr'),
        reduce('Mean', 'remembered', 'level', [1, 2, 3], 1),
        map('Add', ['image_embed', 'level'], 'cond_embed'),
      ],
      outputs: [
        ...[masks, { name: 'next_obj_ptr', dims: ['N', c] }, score, iou],
        { name: 'next_memory', dims: ['N', t, w] },
        { name: 'cond_embed', dims: ['N', c, f, f] },
      ],
    }),
  };
}
