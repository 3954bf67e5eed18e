import type { GraphRuntime, GraphSession, TensorInfo } from '../../models/graph.ts';
import { loadReplayed } from '../../models/loadReplayed.ts';
import type { MaskletManifest } from '../../models/sam2Manifest.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { Sam2Memory } from './contract.ts';
import { selectPointers, selectSpatial } from './memorySelection.ts';
import type { StepSlots } from './stepInputs.ts';

/** Layers of memory attention, and matrix products of each layer with all tokens of memory. */
const LAYERS = 4;
const PRODUCTS = 2;
/**
 * The most operations on padding that are worth not handing over some 450 kernels one by one, which takes a browser 15 to 20 ms: what a GPU of
 * one TFLOPS computes meanwhile.
 */
const WORTHWHILE = 2e10;

/** What a full memory takes while one frame is prompted: that frame's and the tracked ones' before. */
export function slotsOf({ rules }: Pick<MaskletManifest, 'rules'>): StepSlots {
  return { memories: rules.spatialMemories, pointers: Math.max(1, rules.objectPointers) };
}

/** Whether what an object remembers has room in the slots, and does not leave so many of them empty that a run of its own is quicker. */
export function fitsSlots(object: SelectedMemories<Sam2Memory>, manifest: MaskletManifest): boolean {
  const { grid, hiddenSize, memoryTokens, rules } = manifest;
  const slots = slotsOf(manifest);
  const empty = slots.memories - selectSpatial(object, rules).length;
  const forEach = LAYERS * PRODUCTS * 2 * grid ** 2 * memoryTokens * hiddenSize;
  return (
    empty >= 0 && empty * forEach <= WORTHWHILE && selectPointers(object, rules).length <= slots.pointers
  );
}

/**
 * The step for one object with fixed slots, so that a GPU replays one recorded run on every frame. Nothing where it does not replay it, or
 * cannot load it: the step does without.
 *
 * @param step the same graph, whose inputs name their open dims
 * @throws MaskletError `gpu-…`
 */
export async function loadReplayedStep(
  runtime: Pick<GraphRuntime, 'load'>,
  file: Uint8Array,
  step: Pick<GraphSession, 'inputs'>,
  manifest: MaskletManifest,
): Promise<GraphSession | undefined> {
  const { memories, pointers } = slotsOf(manifest);
  const keys = memories * manifest.memoryTokens + (pointers * manifest.hiddenSize) / manifest.memoryWidth;
  const dims: Readonly<Record<string, readonly number[]>> = {
    memory: [1, memories],
    obj_ptr: [1, pointers],
    key_bias: [1, 1, keys],
  };
  const sizes = Object.fromEntries(step.inputs.flatMap((input) => sizesIn(input, dims[input.name] ?? [1])));
  return loadReplayed(runtime, 'replayed step', file, sizes);
}

/** Sizes of an input's open dims, by name. */
function sizesIn({ dims }: TensorInfo, sizes: readonly number[]): [name: string, size: number][] {
  return sizes.flatMap((size, i): [string, number][] => {
    const dim = dims[i];
    return typeof dim === 'string' ? [[dim, size]] : [];
  });
}
