import { describe, expect, it } from 'vitest';
import type { Frame, FrameContent, FrameSource } from '../../../src/core/frames.ts';
import { FeatureCache } from './featureCache.ts';
import { StepTimer } from './stepTimer.ts';

const frameAt = (index: number): Frame => ({
  index,
  pixels: () => Promise.resolve({ width: 1, height: 1, data: Uint8ClampedArray.of(index, 0, 0, 0) }),
  close: () => undefined,
});

const source: FrameSource = {
  info: {
    ...{ kind: 'video', width: 1, height: 1, frameCount: 9, duration: 1, codec: 'none' },
    timestamps: new Float64Array(9),
  },
  frame: (index) => Promise.resolve(frameAt(index)),
  async *frames() {},
  dispose: () => undefined,
};

/** Features of one byte each, in a cache that holds two of them, or `most`. */
function cache(most = 2) {
  const live = new Set<{ index: number }>();
  let encoded = 0;
  const model = {
    async encode(frame: FrameContent) {
      const { data } = await frame.pixels();
      encoded++;
      const features = { index: data[0] ?? 0 };
      live.add(features);
      return features;
    },
    featureBytes: () => 1,
    free(features: { index: number }) {
      if (!live.delete(features)) throw new Error('Features were freed twice.');
    },
  };
  return { features: new FeatureCache(source, model, new StepTimer(), most), live, encoded: () => encoded };
}

describe('the features of frames', () => {
  it('are computed once while they are kept, and freed when they leave', async () => {
    const { features, live, encoded } = cache();
    for (const index of [0, 1, 0, 2, 0]) expect(await features.use(index, (seen) => seen.index)).toBe(index);
    expect(encoded()).toBe(3);
    expect([...live].map(({ index }) => index)).toEqual([0, 2]);
    await features.dispose();
    expect(live.size).toBe(0);
  });

  it('stay longer than others where they are preferred, as far as they are half of all', async () => {
    const { features, live, encoded } = cache(4);
    const kept = () => [...live].map(({ index }) => index).sort((a, b) => a - b);
    for (const index of [0, 1, 2]) {
      features.prefer(index);
      await features.use(index, () => undefined);
    }
    for (const index of [3, 4, 5, 6, 7, 8]) await features.use(index, () => undefined);
    expect(kept()).toEqual([1, 2, 7, 8]);
    await features.use(1, () => undefined);
    expect(encoded()).toBe(9);
  });

  it('last while they are used, also where they leave meanwhile', async () => {
    const { features, live, encoded } = cache();
    await features.use(0, async (first) => {
      for (const index of [1, 2, 3]) await features.use(index, () => undefined);
      expect(live).toContain(first);
      expect(await features.use(0, (again) => again)).toBe(first);
      expect(live).toContain(first);
    });
    expect(encoded()).toBe(4);
    expect(live.size).toBe(2);
  });

  it('are computed once for all who wait', async () => {
    const { features, encoded } = cache();
    await Promise.all([0, 0, 0].map((index) => features.use(index, () => undefined)));
    expect(encoded()).toBe(1);
  });

  it('are freed when the last one is done with them, where the cache is disposed', async () => {
    const { features, live } = cache();
    let finish = () => {};
    const using = features.use(0, () => new Promise<void>((resolve) => (finish = resolve)));
    const disposed = features.dispose();
    await new Promise((resolve) => setTimeout(resolve));
    expect(live.size).toBe(1);
    finish();
    await Promise.all([using, disposed]);
    expect(live.size).toBe(0);
  });
});
