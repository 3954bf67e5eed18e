import { describe, expect, it } from 'vitest';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleIou } from '../src/core/rle.ts';
import { playOnCpu, readKeptRuns } from './keptRuns.ts';
import { KEPT_RUNS, type KeptRun } from './runs.ts';

const kept = await readKeptRuns();

describe('the masks that a GPU is held to', () => {
  it.each(Object.keys(KEPT_RUNS) as KeptRun[])('are those of the CPU: %s', async (name) => {
    const played = await playOnCpu(KEPT_RUNS[name]);
    expect(played.map(({ status }) => status)).toEqual(kept[name].map(({ status }) => status));
    // Another processor may round a logit next to zero to its other side.
    for (const [i, { mask }] of played.entries())
      expect(rleIou(fromCocoRle(mask), fromCocoRle(kept[name][i]!.mask)), `mask ${i}`).toBeGreaterThan(0.999);
  });
});
