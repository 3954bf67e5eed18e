import { readFile } from 'node:fs/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/frames.ts';
import type { PointPrompt } from '../../../src/core/prompts.ts';
import { emptyRle } from '../../../src/core/rle.ts';
import type { GraphRuntime, IntTensor, Tensor } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { selectMemories } from '../run/memoryBank.ts';
import { resizePlane } from '../input/resize.ts';
import { StepTimer } from '../run/stepTimer.ts';
import { maskTensor } from './maskTensors.ts';
import { Sam2Model } from './sam2Model.ts';
import { frameOf, rectangleMask } from './testing/fixture.ts';
import { readParityFixture } from './testing/parityFixture.ts';
import { weightsOf } from './weights.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const read = (path: string) => readFile(new URL(path, FIXTURES));

/** One run of a graph, seen from outside. */
interface Run {
  readonly graph: string;
  readonly feeds: Readonly<Record<string, Tensor | IntTensor>>;
  readonly results: Readonly<Record<string, Tensor>>;
}

const runs: Run[] = [];
const inner = createNodeRuntime({ threads: 1 });
const observed: GraphRuntime = {
  stats: inner.stats,
  tensors: inner.tensors,
  dispose: () => inner.dispose(),
  async load(graph, file) {
    const session = await inner.load(graph, file);
    return {
      ...session,
      async runInPlace(feeds, outputs) {
        const results = await session.runInPlace(feeds, outputs);
        runs.push({ graph, feeds, results } as Run);
        return results;
      },
    };
  },
};

const { clip, rgb, manifest, files } = await readParityFixture('sam2.1-tiny-random-five', read);
const model = await Sam2Model.load(observed, manifest, weightsOf(files), new StepTimer());
const features = await model.encode(contentOf(frameOf(clip, rgb, 0)));
const mask = rectangleMask(clip, [24, 16, 48, 40]);
const click = (x: number, y: number, label: 0 | 1 = 1): PointPrompt => ({ x, y, label });

/** What the decoder was given: the clip is 96×64, the input 128×128. */
const decoded = () =>
  runs
    .filter(({ graph }) => graph === 'mask_decoder')
    .map(({ feeds }) => [[...(feeds['input_points']?.data ?? [])], [...(feeds['input_labels']?.data ?? [])]]);
const remembered = () => runs.filter(({ graph }) => graph === 'memory_encoder').at(-1)!.feeds;

beforeEach(() => {
  runs.length = 0;
});
afterAll(() => model.dispose());

describe('prompts for a decoder that takes no masks', () => {
  it('go in at once, a box first', async () => {
    const box = { x0: 12, y0: 8, x1: 48, y1: 32 };
    await model.segment(features, { points: [click(24, 16), click(36, 24, 0)], box });
    expect(decoded()).toEqual([
      [
        [16, 16, 64, 64, 32, 32, 48, 48],
        [2, 3, 1, 0],
      ],
    ]);
  });

  it('have a box in place of the mask that they correct', async () => {
    await model.segment(features, { points: [click(60, 20), click(6, 6, 0)], prior: mask });
    expect(decoded()).toEqual([
      [
        [32, 32, 80, 80, 80, 40, 8, 12],
        [2, 3, 1, 0],
      ],
    ]);
  });
});

describe('a given mask', () => {
  it('is its own prediction and memory; its pointer is that of its box', async () => {
    const given = await model.segment(features, { points: [], mask });
    expect(given).toMatchObject({ mask, present: true, objectScore: { data: Float32Array.of(10) } });
    expect(decoded()).toEqual([
      [
        [32, 32, 64, 80],
        [2, 3],
      ],
    ]);
    expect(given.pointer).toBe(runs[0]?.results['object_pointer']);
    await model.memorize(features, [given]);
    const { high_res_mask: logits, object_score_logits: score, binarize } = remembered();
    expect(logits?.dims).toEqual([1, 1, 128, 128]);
    expect(logits?.data[40 * 128 + 40]).toBe(10);
    expect(new Set(logits?.data)).toEqual(new Set([10, -10]));
    expect([...(score?.data ?? []), ...(binarize?.data ?? [])]).toEqual([10, 1]);
  });

  it('may be empty: the object is not there, and nothing is decoded', async () => {
    const given = await model.segment(features, { points: [], mask: emptyRle(clip) });
    expect(given).toMatchObject({ present: false, objectScore: { data: Float32Array.of(-10) } });
    expect(given.pointer).toEqual({ data: new Float32Array(128), dims: [1, 128] });
    expect(runs).toEqual([]);
    await model.memorize(features, [given]);
    expect(remembered()['object_score_logits']?.data[0]).toBe(-10);
  });
});

describe('a memory', () => {
  it('is made from the decoder’s own mask at full size, as a mask', async () => {
    const prediction = await model.segment(features, { points: [click(14, 22)] });
    await model.memorize(features, [prediction]);
    expect(remembered()['high_res_mask']?.data).toBe(runs[0]?.results['high_res_mask']?.data);
    expect(remembered()['binarize']).toEqual({ data: Float32Array.of(1), dims: [] });
  });

  it('of a tracked frame is made with it, from the mask’s probabilities, and only once', async () => {
    const prediction = await model.segment(features, { points: [click(14, 22)] });
    const [memory] = await model.memorize(features, [prediction]);
    const memories = { conditioning: [{ frame: 0, memory: memory! }], longTerm: [], recent: [] };
    runs.length = 0;
    const [tracked] = await model.track(features, [
      selectMemories(memories, { frame: 1, direction: 'forward', frameCount: 12 }),
    ]);
    await model.memorize(features, [tracked!]);
    expect(runs.map(({ graph }) => graph)).toEqual([
      ...['pointer_tpos', 'memory_attention', 'mask_decoder', 'memory_encoder'],
    ]);
    expect(remembered()['binarize']).toEqual({ data: Float32Array.of(0), dims: [] });
    expect(remembered()['high_res_mask']?.data).toBe(runs[2]?.results['high_res_mask']?.data);
    expect(decoded()).toEqual([[[0, 0], [-1]]]);
  });
});

describe('a decoder whose masks are not on the grid of four cells a token', () => {
  it('gives masks of its own grid, and so are given ones', async () => {
    const side = 16;
    const coarse: GraphRuntime = {
      ...observed,
      async load(graph, file) {
        const session = await observed.load(graph, file);
        if (graph !== 'mask_decoder') return session;
        const smaller = ({ data }: Tensor) =>
          maskTensor(resizePlane({ width: 32, height: 32, data }, { width: side, height: side }));
        return {
          ...session,
          outputs: session.outputs.map((output) =>
            output.name === 'low_res_mask' ? { ...output, dims: [1, 1, side, side] } : output,
          ),
          async runInPlace(feeds, outputs) {
            const results = await session.runInPlace(feeds, outputs);
            return Object.fromEntries(
              Object.entries(results).map(([name, value]) => [
                name,
                name === 'low_res_mask' ? smaller(value as Tensor) : value,
              ]),
            ) as typeof results;
          },
        };
      },
    };
    const other = await Sam2Model.load(coarse, manifest, weightsOf(files), new StepTimer());
    const given = await other.segment(features, { points: [], mask });
    expect(given.logits.dims).toEqual([1, 1, side, side]);
    const clicked = await other.segment(features, { points: [click(14, 22)] });
    expect(clicked.logits.dims).toEqual([1, 1, side, side]);
    expect(clicked.mask).toMatchObject({ width: 96, height: 64 });
    await other.dispose();
  });
});

describe('loading', () => {
  it('refuses a graph of the other contract by name, and lets go of the others', async () => {
    const other = await readParityFixture('sam2.1-tiny-random', read);
    const mixed = weightsOf({ ...files, mask_decoder: other.files['mask_decoder']! });
    const runtime = createNodeRuntime({ threads: 1 });
    const load = Sam2Model.load(runtime, manifest, mixed, new StepTimer());
    await expect(load).rejects.toMatchObject({
      code: 'weights-altered',
      message:
        'The graph “mask_decoder” does not fit the model “sam2.1-tiny-random-five”: it has no input “feats0”.',
    });
    expect(runtime.stats.sessions).toBe(0);
  });

  it('refuses constants of another input size', async () => {
    const half = { ...manifest, imageSize: 64, grid: 4 };
    const load = Sam2Model.load(inner, half, weightsOf(files), new StepTimer());
    await expect(load).rejects.toThrow('its constant “image_size” should be 64.');
  });
});
