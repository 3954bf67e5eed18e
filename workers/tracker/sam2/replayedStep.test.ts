import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { gpuFailure } from '../../gpu/gpuFailure.ts';
import type { GraphRuntime, GraphSession, LoadOptions } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import type { MaskletManifest } from '../../models/sam2Manifest.ts';
import { selectMemories } from '../run/memoryBank.ts';
import { StepTimer } from '../run/stepTimer.ts';
import type { Sam2Memory } from './contract.ts';
import { fitsSlots, loadReplayedStep, slotsOf } from './replayedStep.ts';
import { Sam2Model } from './sam2Model.ts';
import { compareRun, readParityFixture } from './testing/parityFixture.ts';
import { weightsOf } from './weights.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const readFixture = (folder: string) =>
  readParityFixture(folder, (path) => readFile(new URL(path, FIXTURES)));
const tiny = (await readFixture('sam2.1-tiny-random')).manifest as MaskletManifest;

/** The processor, which says that it replays what it is asked to replay. */
function replaying(): GraphRuntime {
  const inner = createNodeRuntime({ threads: 1 });
  return {
    ...{ stats: inner.stats, tensors: inner.tensors },
    dispose: () => inner.dispose(),
    async load(graph, file, how) {
      return { ...(await inner.load(graph, file, how)), isReplayed: how?.replay === true };
    },
  };
}

describe.each(['sam2.1-tiny-random', 'edgetam-tiny-random'])('%s with fixed slots', async (folder) => {
  const fixture = await readFixture(folder);

  it.each(['forward', 'reverse', 'prompts'])('tracks as the reference does: %s', async (name) => {
    const run = fixture.reference.runs.find((each) => each.name === name)!;
    const { graphs, ...difference } = await compareRun(fixture, run, replaying(), true);
    expect(difference.firstAt).toBeUndefined();
    expect(difference.changedPixels / difference.pixels).toBeLessThanOrEqual(1e-4);
    expect(difference.records).toBe(run.records.length);
    // Each object on each frame that is tracked, from the first one on.
    const ofPrompts = graphs['mask_decoder']?.runs ?? 0;
    expect(graphs['replayed step']?.runs).toBeGreaterThanOrEqual(run.records.length / 2 - ofPrompts);
    expect(graphs['step']).toBeUndefined();
  });
});

/** An object of which so many frames were prompted, and so many tracked after them. */
function remembered(prompted: number, tracked: number) {
  const entries = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ frame: from + i, memory: {} as Sam2Memory }));
  const conditioning = entries(0, prompted);
  const recent = entries(prompted, tracked);
  return selectMemories(
    { conditioning, longTerm: [], recent },
    { frame: prompted + tracked, direction: 'forward', frameCount: 100 },
  );
}

describe('a model whose replayed step cannot be loaded', async () => {
  const fixture = await readFixture('sam2.1-tiny-random');
  const inner = createNodeRuntime({ threads: 1 });
  const failing = (failure: Error): GraphRuntime => ({
    ...{ stats: inner.stats, tensors: inner.tensors },
    dispose: () => inner.dispose(),
    load: (graph, file, how) =>
      graph === 'replayed step' ? Promise.reject(failure) : inner.load(graph, file, how),
  });

  it('tracks without it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const run = fixture.reference.runs.find(({ name }) => name === 'forward')!;
    const { graphs, ...difference } = await compareRun(fixture, run, failing(new Error('failed')), true);
    expect(difference.firstAt).toBeUndefined();
    expect(graphs['step']?.runs).toBeGreaterThan(0);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('not replayed'), expect.any(Error));
    warn.mockRestore();
  });

  it('is not loaded where the GPU has failed, and nothing of it stays', async () => {
    const sessions = inner.stats.sessions;
    const budget = { objectsPerStep: Infinity, replaysStep: true };
    const [runtime, weights] = [failing(gpuFailure('gpu-memory', '')), weightsOf(fixture.files)];
    const loading = Sam2Model.load(runtime, tiny, weights, new StepTimer(), budget);
    await expect(loading).rejects.toMatchObject({ code: 'gpu-memory' });
    expect(inner.stats.sessions).toBe(sessions);
  });
});

describe('slots', () => {
  it('hold one prompted frame, six tracked ones, and the pointers of fifteen', () => {
    expect(slotsOf(tiny)).toEqual({ memories: 7, pointers: 16 });
    expect(fitsSlots(remembered(1, 15), tiny)).toBe(true);
    // Too many memories; and enough room for those, where fewer prompted frames take part, but too many pointers.
    expect(fitsSlots(remembered(2, 6), tiny)).toBe(false);
    const capped = { ...tiny, rules: { ...tiny.rules, conditioningFrames: 1 } };
    expect(fitsSlots(remembered(2, 14), capped)).toBe(true);
    expect(fitsSlots(remembered(2, 15), capped)).toBe(false);
  });

  it('are left empty only where their arithmetic is little', () => {
    const full = { ...tiny, grid: 64, hiddenSize: 256, memoryTokens: 4096 };
    const least = (manifest: MaskletManifest) =>
      [0, 1, 2, 3, 4, 5, 6].find((tracked) => fitsSlots(remembered(1, tracked), manifest));
    expect(least(full)).toBe(6);
    expect(least({ ...full, grid: 32, memoryTokens: 1024 })).toBe(2);
    // EdgeTAM at full size, whose memories have 512 tokens.
    expect(least({ ...full, memoryTokens: 512 })).toBe(4);
    expect(least(tiny)).toBe(0);
  });
});

describe('the replayed step', () => {
  const input = (name: string, ...dims: (number | string)[]) => ({ name, type: 'float32', dims });
  const step = {
    inputs: [
      ...[input('image_embed', 1, 128, 8, 8), input('memory', 'N', 'M', 64, 64)],
      ...[input('obj_ptr', 'N', 'P', 128), input('key_bias', 'N', 1, 'M*64+P*2')],
    ],
  };

  it('is loaded for one object with all slots', async () => {
    const replayed = { isReplayed: true } as GraphSession;
    const load = vi.fn((_name: string, _file: Uint8Array, _how?: LoadOptions) => Promise.resolve(replayed));
    expect(await loadReplayedStep({ load }, new Uint8Array(), step, tiny)).toBe(replayed);
    expect(load.mock.calls[0]?.[2]).toEqual({
      replay: true,
      sizes: { N: 1, M: 7, P: 16, 'M*64+P*2': 7 * 64 + 16 * 2 },
    });
  });
});
