import { MaskletError } from '../../../src/core/errors.ts';
import { elements } from '../../models/graph.ts';
import type { MaskletManifest } from '../../models/sam2Manifest.ts';

/** What the tracker itself needs of a model's weights, row-major. C: hidden size; Cm: width of a memory token. */
export interface Sam2Constants {
  /** [rows, Cm]: one row for each distance in time, the last for prompted frames. */
  readonly temporalPositions: Float32Array;
  /** [2, C/2]: random directions of the points' position encoding. */
  readonly pointGaussian: Float32Array;
  /** [4, C]: takes away, adds, top left and bottom right of a box. */
  readonly pointLabels: Float32Array;
  /** [C]: the prompt token that stands for no point. */
  readonly notAPoint: Float32Array;
  /** [C]: the pointer of an object that is not there. */
  readonly noObjectPointer: Float32Array;
  /** [4, 4] and [1]: how a mask prompt is brought to a quarter of the input's side. */
  readonly maskPromptWeight: Float32Array;
  readonly maskPromptBias: Float32Array;
  /** [Cm, C] and [Cm]: projection of the pointers' positions in time, where they have any. */
  readonly pointerPosition: { readonly weight: Float32Array; readonly bias: Float32Array } | undefined;
  /** [3] each, for values from 0 to 1. */
  readonly imageMean: Float32Array;
  readonly imageDeviation: Float32Array;
}

/** @throws MaskletError `weights-altered` if a constant is missing or has another size than the model's. */
export function readConstants(bytes: Uint8Array, manifest: MaskletManifest): Sam2Constants {
  const { hiddenSize: channels, memoryWidth: width, rules } = manifest;
  const read = (name: string, ...shape: number[]): Float32Array => {
    const place = manifest.constants.index[name];
    const size = elements(shape);
    if (place?.shape.join() !== shape.join() || place.offset + 4 * size > bytes.byteLength) {
      throw new MaskletError(
        'weights-altered',
        `The model “${manifest.name}” does not fit its description: its constant “${name}” should be [${shape.join(', ')}].`,
      );
    }
    // Copied, for the bytes may start anywhere in their buffer.
    const values = new Float32Array(size);
    new Uint8Array(values.buffer).set(bytes.subarray(place.offset, place.offset + 4 * size));
    return values;
  };
  return {
    temporalPositions: read('memory_tpos', rules.spatialMemories, width),
    pointGaussian: read('point_gaussian', 2, channels / 2),
    pointLabels: read('point_labels', 4, channels),
    notAPoint: read('not_a_point', channels),
    noObjectPointer: read('no_object_pointer', channels),
    maskPromptWeight: read('mask_prompt_weight', 4, 4),
    maskPromptBias: read('mask_prompt_bias', 1),
    pointerPosition: rules.pointerPosition
      ? { weight: read('pointer_tpos_weight', width, channels), bias: read('pointer_tpos_bias', width) }
      : undefined,
    imageMean: read('image_mean', 3),
    imageDeviation: read('image_std', 3),
  };
}
