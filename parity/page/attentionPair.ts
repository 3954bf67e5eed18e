import { takeTurns, timed, type BenchPair } from '../../tools/bench/takeTurns.ts';
import type { Size } from '../../src/core/geometry.ts';
import type { GpuTensor } from '../../workers/models/graph.ts';
import { noiseOf } from '../../workers/models/noise.ts';
import { onGpu } from '../../workers/models/tensorStore.ts';
import { DESCRIPTOR } from '../../workers/tracker/embedded/features.ts';
import { fitFrame } from '../../workers/tracker/embedded/encoderShapes.ts';
import { GpuAttention } from '../../workers/tracker/embedded/gpu/gpuAttention.ts';
import { batchGuesses } from '../../workers/tracker/embedded/gpu/guessBatch.ts';
import {
  ATTENTION,
  cellCount,
  planAttention,
  WIDTH,
} from '../../workers/tracker/embedded/memoryAttention.ts';
import { upload } from './comparison.ts';
import { startRuntime } from './devices.ts';
import { ALL_KEPT } from './guesses.ts';

export interface AttentionTask {
  readonly objects: number;
  readonly rounds: number;
  /** Cells of a frame. */
  readonly grid: Size;
}

/** A prompted frame, three long-term memories, and the newest and the oldest recent one. */
const MEMORIES = [true, false, false, false, false, false];

/**
 * The memory attention of objects that are followed: by kernels, which gather its rows as well, and as a graph with a run for each object, whose
 * matrices are there already. They take turns; each time the GPU has done all.
 */
export async function attentionPair({ objects, rounds, grid }: AttentionTask): Promise<BenchPair> {
  const { runtime } = await startRuntime('webgpu');
  const { gpu } = runtime;
  if (!gpu) throw new Error('The runtime has no GPU.');
  const { memory } = gpu;
  const { width, height } = grid;
  let seed = 1;
  const noise = (...dims: readonly number[]): GpuTensor => ({
    slice: upload(
      gpu,
      noiseOf(
        dims.reduce((product, each) => product * each, 1),
        seed++,
      ),
    ),
    dims,
  });
  const cells = width * height;
  const bounds = { x0: width >> 2, y0: height >> 2, x1: width >> 1, y1: (3 * height) >> 2 };
  const frame = noise(cells, DESCRIPTOR);
  const meanDescriptor = noise(DESCRIPTOR);
  const memories = MEMORIES.map((whole) => ({
    memory: { grid, bounds, descriptors: noise(cells, DESCRIPTOR), label: noise(cells) },
    ...{ local: false, whole, discount: 0 },
  }));
  const plan = planAttention(grid, memories, bounds);
  const features = {
    ...{ video: grid, letterbox: fitFrame(grid), grid, descriptors: frame, meanDescriptor },
    imageEmbedding: frame,
  };
  const searches = Array.from({ length: objects }, () => ({ plan, meanDescriptor }));
  const attention = new GpuAttention(memory);
  const batch = batchGuesses(
    memory,
    searches.map(() => ({ asked: plan.asked, kept: ALL_KEPT, isJudgedByRest: false })),
    [],
  );
  const done = () => {
    memory.submit();
    return memory.device.queue.onSubmittedWorkDone();
  };

  const session = await runtime.load('memory attention', ATTENTION);
  const matrices = {
    queries: noise(cellCount(plan.asked), WIDTH),
    keys: noise(plan.count, WIDTH),
    labels: noise(plan.count, 1),
  };
  const pair = await takeTurns(
    `memory attention of ${objects === 1 ? '1 object' : `${objects} objects`}`,
    {
      name: 'kernels',
      run: () =>
        timed(() => {
          attention.guess(features, searches, batch);
          return done();
        }),
    },
    {
      name: 'graph',
      run: () =>
        timed(async () => {
          for (let object = 0; object < objects; object++) {
            const found = await session.runInPlace(matrices, ['guess', 'best']);
            for (const each of Object.values(found)) onGpu(each).free();
          }
          await done();
        }),
    },
    rounds,
  );
  await session.dispose();
  runtime.dispose();
  return pair;
}
