import { letterbox, stretch } from '../../src/core/geometry.ts';
import { rleArea, rleIou, subtractRle, type MaskRle } from '../../src/core/rle.ts';
import { tensor } from '../../workers/models/graph.ts';
import { cpuMaskMaker, maskMakerOf } from '../../workers/tracker/masks/maskMaker.ts';
import { startRuntime } from './devices.ts';

/** Logits to make masks of, and how: sides in pixels of the clip, and in cells of the grid. */
export interface MaskTask {
  readonly width: number;
  readonly height: number;
  readonly fit: 'stretch' | 'letterbox';
  readonly side: number;
  readonly masks: number;
  /** Masks of others that keep what they have. */
  readonly owned: number;
}

/**
 * For each task, the least IoU of a mask that the GPU makes and the CPU's, with holes filled and without, apart and overlapping;
 * masks apart must not overlap.
 */
export async function makeMasks(tasks: readonly MaskTask[]): Promise<number[]> {
  const { runtime } = await startRuntime('webgpu');
  const gpuMaskMaker = maskMakerOf(runtime);
  const agreements: number[] = [];
  for (const { width, height, side, fit, ...task } of tasks) {
    const video = { width, height };
    const place = { video, fit: (fit === 'stretch' ? stretch : letterbox)(video, 4 * side) };
    const grids = Array.from({ length: task.masks + task.owned }, (_, i) =>
      tensor(blobs(side, i + width), [1, 1, side, side]),
    );
    const [logits, owned] = [grids.slice(0, task.masks), grids.slice(task.masks)];
    let least = 1;
    for (const fillHoles of [false, true]) {
      for (const how of [{ fillHoles }, { fillHoles, owned }]) {
        const [found, expected] = await Promise.all([
          gpuMaskMaker.finish(logits, [], place, how),
          cpuMaskMaker.finish(logits, [], place, how),
        ]);
        const ious = expected.masks.map((mask, i) => rleIou(mask, found.masks[i] ?? mask));
        least = Math.min(least, ...ious);
        if ('owned' in how && overlap(found.masks)) throw new Error('Masks that were kept apart overlap.');
      }
    }
    agreements.push(least);
  }
  if (runtime.stats.liveBuffers > 0) throw new Error('Buffers are left.');
  runtime.dispose();
  return agreements;
}

function overlap(masks: readonly MaskRle[]): boolean {
  return masks.some((mask, i) => rleArea(subtractRle(mask, masks.slice(i + 1))) < rleArea(mask));
}

/** A wavy landscape with small holes in it. */
function blobs(side: number, seed: number): Float32Array {
  let state = seed + 1;
  return Float32Array.from({ length: side * side }, (_, i) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const [x, y] = [i % side, Math.floor(i / side)];
    const wave = 4 * Math.sin((x + seed) / 5) + 4 * Math.cos((y - seed) / 4);
    return (state >> 16) % 20 === 0 ? -wave : wave + ((state >> 16) % 7) / 10;
  });
}
