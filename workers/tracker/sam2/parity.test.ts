import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { stretch } from '../../../src/core/geometry.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { toEncoderInput } from '../input/resize.ts';
import { frameOf } from './testing/fixture.ts';
import { compareRun, readParityFixture } from './testing/parityFixture.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);

describe.each([
  ...['sam2.1-tiny-random', 'sam2.1-tiny-random-five'],
  ...['edgetam-tiny-random', 'edgetam-published-tiny-random'],
])('%s', async (folder) => {
  const fixture = await readParityFixture(folder, (path) => readFile(new URL(path, FIXTURES)));
  const { clip, rgb, reference, values } = fixture;
  const runs = reference.runs.map((run) => [run.name, run] as const);

  it.each(runs)('tracks as the reference does: %s', async (_, run) => {
    const difference = await compareRun(fixture, run, createNodeRuntime({ threads: 1 }));
    expect(difference.firstAt).toBeUndefined();
    // A logit within a rounding of zero has either sign, by the processor.
    expect(difference.changedPixels / difference.pixels).toBeLessThanOrEqual(1e-4);
    expect(difference.records).toBe(run.records.length);
    expect(difference.present).toBeGreaterThan(0);
  });

  it('prepares frames as the reference does', () => {
    const { shape, offset, frame } = reference.input;
    const input = toEncoderInput(frameOf(clip, rgb, frame), stretch(clip, shape[1] ?? 0), {
      mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
      deviation: [0.229 * 255, 0.224 * 255, 0.225 * 255],
    });
    const expected = values.subarray(offset / 4, offset / 4 + input.length);
    const off = input.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
    expect(off).toBeLessThan(1e-4);
  });
});
