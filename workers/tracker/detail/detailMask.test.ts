import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/frames.ts';
import { rleArea, rleBounds, rleIou, type MaskRle } from '../../../src/core/rle.ts';
import { DEFAULT_SETTINGS, type TrackedObject } from '../../../src/core/protocol/segmenter.ts';
import { propagate } from '../run/propagation.ts';
import { maskWhere, PaintedClip } from '../testing/paintedClip.ts';
import { cropMask, pasteMask } from './crop.ts';
import { cropAround, DETAIL, detailMask } from './detailMask.ts';
import { detailObjects } from './detailObjects.ts';
import { BLOCK, CUT, inBlock, PICTURE, RedModel, SIZE } from './testing/redModel.ts';

const frame = contentOf(PICTURE);

describe('the part of a frame round an object', () => {
  it('is twice as long as the object, square, and within the frame', () => {
    const box = { x0: 200, y0: 100, x1: 240, y1: 130 };
    expect(cropAround(box, SIZE, DETAIL)).toEqual({ left: 180, top: 75, width: 80, height: 80 });
    const atTheEdge = { x0: 300, y0: 160, x1: 320, y1: 180 };
    expect(cropAround(atTheEdge, SIZE, DETAIL)).toEqual({ left: 256, top: 116, width: 64, height: 64 });
  });

  it('is as high as the frame at most', () => {
    const box = { x0: 100, y0: 40, x1: 110, y1: 140 };
    expect(cropAround(box, SIZE, DETAIL)).toEqual({ left: 5, top: 0, width: 200, height: 180 });
  });

  it('is not looked at where it is nearly the frame', () => {
    expect(cropAround({ x0: 100, y0: 10, x1: 230, y1: 170 }, SIZE, DETAIL)).toBeUndefined();
  });

  it('has its mask at its place', () => {
    const crop = { left: 220, top: 100, width: 80, height: 80 };
    const part = cropMask(BLOCK, crop);
    expect(rleBounds(part)).toEqual({ x0: 0, y0: 0, x1: 20, y1: 30 });
    expect(rleBounds(pasteMask(part, crop, SIZE))).toEqual({ x0: 220, y0: 100, x1: 240, y1: 130 });
  });
});

describe('a mask in detail', () => {
  const inDetail = (mask: MaskRle, beside: readonly MaskRle[] = [], model = new RedModel()) =>
    detailMask(model, frame, { mask, beside });

  it('is what the model sees on the part of the frame, at its place', async () => {
    const model = new RedModel();
    const mask = await inDetail(CUT, [], model);
    expect(mask && rleIou(mask, BLOCK)).toBe(1);
    expect(model.seen).toEqual([{ width: 70, height: 70 }]);
    expect(model.held).toBe(0);
  });

  it('is left out where it is hardly another one, or quite another one', async () => {
    expect(await inDetail(BLOCK)).toBeUndefined();
    expect(await inDetail(maskWhere(SIZE, (x, y) => inBlock(x, y) && x < 220))).toBeUndefined();
  });

  it('takes nothing from the masks beside it', async () => {
    const strip = maskWhere(SIZE, (x, y) => inBlock(x, y) && x >= 238);
    const mask = await inDetail(CUT, [strip]);
    expect(mask && rleArea(mask)).toBe(rleArea(BLOCK) - rleArea(strip));
  });

  it('holds nothing of a model that fails', async () => {
    const model = new RedModel();
    model.refine = () => Promise.reject(new Error('lost'));
    await expect(inDetail(CUT, [], model)).rejects.toThrow('lost');
    expect(model.held).toBe(0);
  });
});

describe('the objects of a frame in detail', () => {
  const tracked = (objectId: number, mask: MaskRle, status: TrackedObject['status'] = 'tracked') => ({
    ...{ objectId, mask, status },
    score: 0.6,
  });

  it('keep their scores, and are said to be detailed where they are', async () => {
    const objects = [tracked(1, CUT), tracked(2, BLOCK)];
    const [first, second] = await detailObjects(new RedModel(), frame, objects, true);
    expect(first).toMatchObject({ objectId: 1, status: 'detailed', score: 0.6 });
    expect(second).toBe(objects[1]);
  });

  it('leave what was prompted, filled in or lost as it is', async () => {
    const model = new RedModel();
    const empty = maskWhere(SIZE, () => false);
    const objects = [
      tracked(1, CUT, 'prompted'),
      tracked(2, CUT, 'interpolated'),
      tracked(3, empty, 'absent'),
    ];
    expect(await detailObjects(model, frame, objects, true)).toEqual(objects);
    expect(model.seen).toEqual([]);
  });

  it('stay apart where they were, unless they may overlap', async () => {
    const strip = maskWhere(SIZE, (x, y) => inBlock(x, y) && x >= 238);
    const areas = async (mayOverlap: boolean) => {
      const objects = [tracked(1, CUT), tracked(2, strip, 'prompted')];
      const found = await detailObjects(new RedModel(), frame, objects, mayOverlap);
      return found.map(({ mask }) => rleArea(mask));
    };
    expect(await areas(false)).toEqual([38 * 30, 60]);
    expect(await areas(true)).toEqual([40 * 30, 60]);
  });
});

describe('a run in detail', () => {
  it.each([false, true])(
    'shows masks in detail, and remembers what was tracked (fast: %s)',
    async (isFast) => {
      const clip = new PaintedClip(SIZE, 4, () => PICTURE);
      const model = new RedModel();
      const object = {
        objectId: 1,
        prompts: new Map([[0, { points: [{ x: 220, y: 115, label: 1 as const }] }]]),
      };
      const settings = { ...DEFAULT_SETTINGS, isDetailed: true, isFast };
      const lookUp = async <Result>(
        _: number,
        work: (features: typeof PICTURE) => Result | Promise<Result>,
      ) => work({ ...PICTURE });
      const { signal } = new AbortController();
      const shown: [string | undefined, number][] = [];
      for await (const { objects } of propagate(clip, model, lookUp, [object], signal, { settings }))
        shown.push([objects[0]?.status, rleIou(objects[0]?.mask ?? CUT, BLOCK)]);
      const between = isFast ? 'interpolated' : 'detailed';
      expect(shown.map(([status]) => status)).toEqual(['prompted', between, 'detailed', 'detailed']);
      expect(shown.map(([, iou]) => iou)).toEqual([1, 1, 1, 1]);
      expect(model.remembered.slice(1)).toEqual(Array.from({ length: isFast ? 2 : 3 }, () => CUT));
      expect([model.held, clip.open]).toEqual([0, 0]);
    },
  );
});
