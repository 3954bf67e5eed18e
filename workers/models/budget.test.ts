import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { GpuLimits } from '../gpu/adapter.ts';
import { parseManifest, type ModelManifest } from './manifest.ts';
import { fitsGpu, planBudget, type Capacity } from './budget.ts';

const [MIB, GIB] = [2 ** 20, 2 ** 30];

async function read(path: string): Promise<ModelManifest> {
  return parseManifest(JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')));
}

const embedded = await read('public/models/embedded.json');
const tiny = await read('public/models/sam2.1-tiny.json');
const large = await read('public/models/sam2.1-large.json');
const fixture = await read('fixtures/models/sam2.1-tiny-random/manifest.json');
if (fixture.family === 'embedded' || fixture.contract !== 'masklet') throw new Error('Another fixture.');
/** SAM 2.1 at full size in Masklet's own contract: queries of memory attention in four parts. */
const full: ModelManifest = {
  ...fixture,
  ...{ imageSize: 1024, grid: 64, hiddenSize: 256, memoryTokens: 4096, memoryWidth: 64, queryParts: 4 },
};

function gpu(maxBufferSize: number, maxStorageBufferBindingSize: number): GpuLimits {
  return { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage: 10 };
}

/** WebGPU's guaranteed limits. */
const phone: Capacity = { gpu: gpu(256 * MIB, 128 * MIB), memoryGiB: 4 };
const laptop: Capacity = { gpu: gpu(2 * GIB, 2 * GIB - 4), memoryGiB: 8 };
const workstation: Capacity = { gpu: gpu(4 * GIB, 4 * GIB - 4), memoryGiB: 32 };
const processor: Capacity = { gpu: undefined, memoryGiB: undefined };

/** Bytes of the score matrix of one object at full size with seven memories and sixteen pointers of four tokens. */
const SCORES = 4 * 1024 * (7 * 4096 + 16 * 4);

describe('the budget of a machine', () => {
  it('puts as many objects into a step as fit into one buffer and into a share of the memory', () => {
    const objects = (capacity: Capacity) => planBudget(full, capacity, 'none').objectsPerStep;
    expect(SCORES).toBeLessThanOrEqual(128 * MIB);
    expect([phone, laptop, workstation].map(objects)).toEqual([1, 4, 9]);
    for (const capacity of [phone, laptop, workstation]) {
      const bound = capacity.gpu!.maxStorageBufferBindingSize;
      expect(objects(capacity) * SCORES).toBeLessThanOrEqual(bound);
    }
    expect(planBudget(fixture, phone, 'none').objectsPerStep).toBeGreaterThan(100);
  });

  it('counts one object a run where a graph takes one', () => {
    expect(planBudget(tiny, workstation, 'none').objectsPerStep).toBe(1);
    expect(planBudget(embedded, processor, 'none').objectsPerStep).toBe(1);
  });

  it('gives the embedded decoder as many objects at once as a share of a GPU’s memory holds', () => {
    const objects = [phone, laptop, workstation].map(
      (capacity) => planBudget(embedded, capacity, 'none').objectsPerStep,
    );
    expect(objects).toEqual([2, 16, 32]);
    expect(planBudget(embedded, laptop, 'objects').objectsPerStep).toBe(1);
  });

  it('has a step recorded where a share of a GPU’s memory holds what that keeps', () => {
    const replays = (manifest: ModelManifest) =>
      [phone, laptop, workstation, processor].map(
        (capacity) => planBudget(manifest, capacity, 'none').replaysStep,
      );
    expect(replays(full)).toEqual([false, true, true, false]);
    expect(replays(fixture)).toEqual([true, true, true, false]);
    // In the hosted contract, queries are not taken in parts.
    expect(replays(tiny)).toEqual([false, false, true, false]);
    expect(replays(embedded)).toEqual([false, false, false, false]);
  });

  it('keeps features in a share of the memory, and always those of three frames', () => {
    const features = (manifest: ModelManifest, capacity: Capacity) =>
      planBudget(manifest, capacity, 'none').featureBytes;
    expect(features(tiny, phone)).toBe(3 * 20 * MIB);
    expect(features(embedded, phone)).toBe(32 * MIB);
    expect(features(tiny, laptop)).toBe(256 * MIB);
    expect(features(tiny, workstation)).toBe(512 * MIB);
    expect(features(tiny, processor)).toBe(128 * MIB);
  });

  it('becomes smaller as memory runs out: features first, then objects in a step', () => {
    const [none, fewFeatures, oneObject] = (['none', 'features', 'objects'] as const).map((thrift) =>
      planBudget(full, workstation, thrift),
    );
    expect(fewFeatures!.featureBytes).toBe(none!.featureBytes / 4);
    expect(fewFeatures!.objectsPerStep).toBe(none!.objectsPerStep);
    expect([none, fewFeatures].map((budget) => budget!.replaysStep)).toEqual([true, false]);
    expect(oneObject).toEqual({ ...fewFeatures, objectsPerStep: 1 });
  });
});

describe('a GPU', () => {
  const fits = (manifest: ModelManifest, precision: 'fp16' | 'fp32', { gpu, memoryGiB }: Capacity) =>
    fitsGpu(manifest, precision, gpu!, memoryGiB);

  it('takes a model whose weights fit into a quarter of its memory', () => {
    expect(fits(large, 'fp16', laptop)).toBe(true);
    expect(fits(large, 'fp16', phone)).toBe(false);
    expect(fits(tiny, 'fp32', phone)).toBe(true);
    expect(fits(embedded, 'fp32', phone)).toBe(true);
  });

  it('takes no model whose score matrix is larger than its buffers', () => {
    expect(fits(full, 'fp32', phone)).toBe(true);
    expect(fits({ ...full, queryParts: 1 }, 'fp32', phone)).toBe(false);
    expect(fits({ ...full, queryParts: 1 }, 'fp32', laptop)).toBe(true);
  });

  it('takes none where a kernel cannot have all its buffers', () => {
    const few = { ...workstation.gpu!, maxStorageBuffersPerShaderStage: 4 };
    expect(fitsGpu(embedded, 'fp32', few, 32)).toBe(false);
  });
});
