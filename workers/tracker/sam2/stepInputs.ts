import { tensor, type DeviceTensor, type TensorStore } from '../../models/graph.ts';
import type { MaskletManifest } from '../../models/sam2Manifest.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { Sam2Constants } from './constants.ts';
import type { Sam2Memory } from './contract.ts';
import { pointerReach, selectPointers, selectSpatial, sinePosition } from './memorySelection.ts';

/** How many memories and pointers of an object a run of the step takes. */
export interface StepSlots {
  readonly memories: number;
  readonly pointers: number;
}

const ONE_SLOT: StepSlots = { memories: 1, pointers: 1 };

/**
 * The memories of several objects as inputs of the step graph: `memory` [N, M, T, Cm], `memory_tpos` [N, M, Cm], `obj_ptr` [N, P,
 * C], `obj_ptr_tpos` [N, P, Cm] and `key_bias` [N, 1, M·T + P·C/Cm]. Objects with fewer memories or pointers than others, or than
 * there are slots, are padded, and the bias hides the padding. All are new, and to be freed.
 *
 * @param least memories and pointers that there are slots for at least
 */
export function stepInputs(
  tensors: TensorStore,
  objects: readonly SelectedMemories<Sam2Memory>[],
  { hiddenSize: channels, memoryTokens, memoryWidth: width, rules }: MaskletManifest,
  { temporalPositions, pointerPosition }: Sam2Constants,
  least: StepSlots = ONE_SLOT,
): Record<'memory' | 'memory_tpos' | 'obj_ptr' | 'obj_ptr_tpos' | 'key_bias', DeviceTensor> {
  const chosen = objects.map((object) => ({
    spatial: selectSpatial(object, rules),
    pointers: selectPointers(object, rules),
    reach: Math.max(1, pointerReach(object.frameCount, rules) - 1),
  }));
  const n = objects.length;
  const m = Math.max(least.memories, ...chosen.map(({ spatial }) => spatial.length));
  const p = Math.max(least.pointers, ...chosen.map(({ pointers }) => pointers.length));
  const pointerTokens = channels / width;
  const keys = m * memoryTokens + p * pointerTokens;
  const memory = new Array<DeviceTensor | undefined>(n * m).fill(undefined);
  const memoryPositions = new Float32Array(n * m * width);
  const pointer = new Array<DeviceTensor | undefined>(n * p).fill(undefined);
  const pointerPositions = new Float32Array(n * p * width);
  const isPadded = chosen.some(({ spatial, pointers }) => spatial.length < m || pointers.length < p);
  const bias = isPadded ? new Float32Array(n * keys).fill(rules.paddingBias) : undefined;
  chosen.forEach(({ spatial, pointers, reach }, object) => {
    spatial.forEach(({ memory: { tokens }, row }, i) => {
      const slot = object * m + i;
      memory[slot] = tokens;
      memoryPositions.set(temporalPositions.subarray(row * width, (row + 1) * width), slot * width);
    });
    pointers.forEach(({ memory: { pointer: values }, distance }, i) => {
      const slot = object * p + i;
      pointer[slot] = values;
      if (!pointerPosition) return;
      const sine = sinePosition(distance / reach, channels);
      pointerPositions.set(project(sine, pointerPosition), slot * width);
    });
    const first = object * keys;
    bias?.fill(0, first, first + spatial.length * memoryTokens);
    const firstPointer = first + m * memoryTokens;
    bias?.fill(0, firstPointer, firstPointer + pointers.length * pointerTokens);
  });
  return {
    memory: tensors.join(memory, [n, m, memoryTokens, width]),
    memory_tpos: tensor(memoryPositions, [n, m, width]),
    obj_ptr: tensors.join(pointer, [n, p, channels]),
    obj_ptr_tpos: tensor(pointerPositions, [n, p, width]),
    // Where nothing is hidden, zeros, which need not be sent anywhere.
    key_bias: bias ? tensor(bias, [n, 1, keys]) : tensors.join([undefined], [n, 1, keys]),
  };
}

/** weight [rows, columns] · values [columns] + bias [rows]. */
function project(
  values: Float32Array,
  { weight, bias }: { weight: Float32Array; bias: Float32Array },
): Float32Array {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0; i < values.length; i++) sum += (weight[row * values.length + i] ?? 0) * (values[i] ?? 0);
    return sum;
  });
}
