import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeRle, rleBounds, type MaskRle } from '../../../src/core/rle.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { StageTimer } from '../stageTimer.ts';
import { boxToCorrect, Sam2Model } from './sam2Model.ts';
import { frameOf, rectangleMask } from './testing/fixture.ts';
import { readParityFixture } from './testing/parityFixture.ts';
import { weightsOf } from './weights.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const fixture = await readParityFixture('sam2.1-tiny-random-five', (path) =>
  readFile(new URL(path, FIXTURES)),
);
const size = { width: 10, height: 10 };

function rectangle(x0: number, y0: number, x1: number, y1: number): MaskRle {
  const mask = new Uint8Array(100);
  for (let y = y0; y < y1; y++) mask.fill(1, y * 10 + x0, y * 10 + x1);
  return encodeRle(mask, size);
}

describe('the box that stands for a mask', () => {
  it('is the mask’s, grown to hold the clicks that add', () => {
    const mask = rectangle(2, 3, 6, 8);
    expect(boxToCorrect(mask, [])).toEqual(rleBounds(mask));
    expect(
      boxToCorrect(mask, [
        { x: 9.5, y: 5, label: 1 },
        { x: 0, y: 0, label: 0 },
      ]),
    ).toEqual({ x0: 2, y0: 3, x1: 9.5, y1: 8 });
  });

  it('is none for an empty mask', () => {
    expect(boxToCorrect(rectangle(0, 0, 0, 0), [])).toBeUndefined();
  });
});

describe('five graphs, which take no mask as a prompt', async () => {
  const model = await Sam2Model.load(
    createNodeRuntime({ threads: 1 }),
    fixture.manifest,
    weightsOf(fixture.files),
    new StageTimer(),
  );
  const features = await model.encode(frameOf(fixture.clip, fixture.rgb, 0));
  const point = { x: 50, y: 30, label: 1 } as const;
  const mask = rectangleMask(fixture.clip, [20, 10, 60, 50]);

  it('keep a given mask as it is, and remember that one', async () => {
    const given = await model.segment(features, { points: [], mask });
    expect(given.mask).toBe(mask);
    expect(given.present).toBe(true);
    const other = await model.segment(features, {
      points: [],
      mask: rectangleMask(fixture.clip, [0, 0, 20, 10]),
    });
    const [remembered, otherwise] = await model.memorize(features, [given, other]);
    expect(remembered?.tokens).not.toEqual(otherwise?.tokens);
  });

  it('correct a tracked mask by its box and the clicks', async () => {
    const corrected = await model.segment(features, { points: [point], prior: mask });
    const boxed = await model.segment(features, { points: [point], box: { x0: 20, y0: 10, x1: 60, y1: 50 } });
    const bare = await model.segment(features, { points: [point] });
    expect(corrected.objectScore).toBe(boxed.objectScore);
    expect(corrected.objectScore).not.toBe(bare.objectScore);
  });

  it('refuse memories of nothing', async () => {
    await expect(
      model.track(features, [
        { frame: 1, direction: 'forward', frameCount: 12, conditioning: [], longTerm: [], recent: [] },
      ]),
    ).rejects.toThrow('before any frame has been prompted');
  });
});
