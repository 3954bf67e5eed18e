import type { Gpu } from '../../workers/gpu/gpu.ts';
import type { GpuSlice } from '../../workers/gpu/gpuMemory.ts';
import { tensor, type DeviceTensor } from '../../workers/models/graph.ts';
import { onCpu } from '../../workers/models/tensorStore.ts';
import { contentGrid, DESCRIPTOR } from '../../workers/tracker/embedded/features.ts';
import { fitFrame } from '../../workers/tracker/embedded/encoderShapes.ts';
import { GpuAttention } from '../../workers/tracker/embedded/gpu/gpuAttention.ts';
import { batchGuesses } from '../../workers/tracker/embedded/gpu/guessBatch.ts';
import {
  EmbeddedMemoryAttention,
  planAttention,
  type Guess,
} from '../../workers/tracker/embedded/memoryAttention.ts';
import { TUNED } from '../../workers/tracker/embedded/tuned.ts';
import { cropGrid, type CellBox } from '../../workers/tracker/masks/grid.ts';
import { download, largest, upload, type Comparison } from './comparison.ts';
import { startRuntime } from './devices.ts';
import { ALL_KEPT, randomNumbers } from './guesses.ts';

const VIDEO = { width: 640, height: 231 };
/** Where an object was. */
const BOUNDS: CellBox = { x0: 17, y0: 4, x1: 26, y1: 9 };

/** Something on the CPU, and the same on the GPU. */
type Both = readonly [onCpu: DeviceTensor, onGpu: DeviceTensor];

/**
 * Holds the attention's kernels to the graph on the CPU: with all searches at once, with a few windows of cells at a time, and with each window by itself.
 */
export async function compareAttention(gpu: Gpu): Promise<Comparison[]> {
  const random = randomNumbers(17);
  const fit = fitFrame(VIDEO);
  const grid = contentGrid(fit);
  const cells = grid.width * grid.height;
  const held: GpuSlice[] = [];
  const both = (length: number, value: () => number): Both => {
    const values = Float32Array.from({ length }, value);
    const slice = upload(gpu, values);
    held.push(slice);
    return [tensor(values, [length]), { slice, dims: [length] }];
  };
  const descriptors = () => both(cells * DESCRIPTOR, () => 2 * random() - 0.9);
  const frame = descriptors();
  const past = [descriptors(), descriptors()];
  const means = [both(DESCRIPTOR, () => random() / 5), both(DESCRIPTOR, () => random() / 5)];
  const ways = [
    { local: false, whole: true, discount: 0 },
    { local: true, whole: false, discount: 2.5 },
    { local: true, whole: true, discount: -1 },
  ];
  const memories = ways.map((way, i) => ({
    ...{ way, descriptors: past[i % past.length] ?? frame },
    label: both(cells, () => Math.max(0, 1.4 * random() - 0.4)),
  }));
  const searches = [null, BOUNDS].flatMap((near) => means.map((mean) => ({ near, mean })));
  /** @param device 0 for the CPU, 1 for the GPU */
  const planOn = (device: 0 | 1, near: CellBox | null) =>
    planAttention(
      grid,
      memories.map(({ way, descriptors: of, label }) => ({
        ...{ ...way, memory: { grid, bounds: BOUNDS, descriptors: of[device], label: label[device] } },
      })),
      near,
    );
  const featuresOn = (device: 0 | 1) => ({
    ...{ video: VIDEO, letterbox: fit, grid, meanDescriptor: means[0]?.[device] ?? frame[device] },
    ...{ descriptors: frame[device], imageEmbedding: frame[device] },
  });

  const cpu = await startRuntime('wasm');
  const attention = await EmbeddedMemoryAttention.load(cpu.runtime);
  const compared: Comparison[] = [];
  const asked = searches.map(({ near, mean }) => ({ plan: planOn(1, near), meanDescriptor: mean[1] }));
  const expected: Guess[] = [];
  for (const { near, mean } of searches)
    expected.push(await attention.guess(featuresOn(0), planOn(0, near), onCpu(mean[0])));
  for (const mostBytes of [undefined, 4_000_000, 1]) {
    const places = asked.map(({ plan }) => ({ asked: plan.asked, kept: ALL_KEPT, isJudgedByRest: false }));
    const batch = batchGuesses(gpu.memory, places, []);
    new GpuAttention(gpu.memory, mostBytes).guess(featuresOn(1), asked, batch);
    const [read = new Float32Array()] = await download(gpu, [batch.values]);
    for (const [i, { probability, resemblance }] of expected.entries()) {
      const guess = batch.guesses[i];
      if (!guess) throw new RangeError('Each search has a place in the batch.');
      const { asked: window, probabilities, best } = guess;
      const crop = (data: Float32Array) => cropGrid({ ...grid, data }, window).data;
      const compare = (name: string, first: number, scale: number, wanted: Float32Array) => {
        const values = read.subarray(first, first + wanted.length).map((value) => scale * value);
        compared.push({ name, different: 0, distance: largest(values, wanted) });
      };
      const name = `search ${i} with ${mostBytes ?? 'many'} bytes at a time`;
      compare(`guess of ${name}`, probabilities[0], 1, crop(probability.data));
      compare(`resemblance of ${name}`, best, TUNED.temperature, crop(resemblance));
    }
  }
  for (const slice of held) slice.free();
  await attention.dispose();
  cpu.runtime.dispose();
  return compared;
}
