import { describe, expect, it } from 'vitest';
import type { VideoPoint } from '../../../src/core/geometry.ts';
import { letterbox } from '../../../src/core/geometry.ts';
import type { FramePrompts } from '../../../src/core/prompts.ts';
import { encodeRle, type MaskRle } from '../../../src/core/rle.ts';
import { ALIKE, appearanceOf, findAlike, lookingModel, type LookingModel } from './alike.ts';
import type { AnyVideoModel, FrameLook } from '../videoModel.ts';

/** A row of eight things, each one cell wide, in a frame of 8×1 cells of two pixels. */
const VIDEO = { width: 16, height: 2 };
const FIT = letterbox(VIDEO, 16);

/** What each thing looks like: an angle. */
type Scene = readonly number[];

function maskOf(thing: number, cells = 1): MaskRle {
  const raster = new Uint8Array(32);
  for (let x = 2 * thing; x < 2 * (thing + cells); x++) raster[x] = raster[16 + x] = 1;
  return encodeRle(raster, VIDEO);
}

/** A model that sees the angles, and reads a click as the thing under it, or as two things. */
class Angles implements LookingModel<Scene> {
  readonly clicks: number[] = [];
  readonly boxes: (readonly [first: number, end: number])[] = [];

  look(scene: Scene): Promise<FrameLook> {
    const units = Float32Array.from(scene.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    return Promise.resolve({
      ...{ fit: FIT, grid: { width: 8, height: 1 }, cell: 2, units },
      mean: new Float32Array(2),
    });
  }

  candidates(_: Scene, { x, y }: VideoPoint) {
    expect(y).toBe(1);
    const thing = Math.floor(x / 2);
    this.clicks.push(thing);
    const reading = (cells: number) => ({
      logits: Float32Array.of(9, -9),
      predictedIou: 0.9,
      mask: () => maskOf(thing, cells),
    });
    return Promise.resolve([reading(1), reading(Math.min(2, 8 - thing))]);
  }

  /** A box is read as all that is in it. */
  segment(_: Scene, { box }: FramePrompts) {
    const [first, end] = [Math.round(box!.x0 / 2), Math.round(box!.x1 / 2)];
    this.boxes.push([first, end]);
    const mask = maskOf(first, end - first);
    const logits = { dims: [1, 1, 1, 1], data: Float32Array.of(9) };
    return Promise.resolve({ logits, mask, score: 0.9, present: true });
  }
}

const { signal } = new AbortController();
const SCENE: Scene = [0, 1.5, 0.1, 1.5, 0.5, 0, 1.5, 1.5];

async function find(known: readonly MaskRle[], scene = SCENE, options = ALIKE) {
  const model = new Angles();
  const appearance = await appearanceOf(model, (_, work) => work(scene), [{ frame: 0, mask: maskOf(0) }]);
  const found = await findAlike(model, scene, appearance, known, signal, options);
  return { found, clicks: model.clicks, boxes: model.boxes };
}

describe('findAlike', () => {
  it('finds what looks like the thing, the most alike first, and clicks on nothing else', async () => {
    const { found, clicks } = await find([maskOf(0)]);
    expect(found.map(({ mask }) => mask)).toEqual([maskOf(5), maskOf(2), maskOf(4)]);
    expect(found.map(({ score }) => +score.toFixed(2))).toEqual([1, 1, 0.88]);
    expect(new Set(clicks)).toEqual(new Set([5, 2, 4]));
  });

  it('asks for all that lies together with a click and resembles the thing, too', async () => {
    const { found, boxes } = await find([maskOf(0)], [0, 1.5, 1.5, 0.1, 0.2, 0, 1.5, 1.5]);
    expect(boxes[0]).toEqual([3, 6]);
    expect(found[0]?.area).toBe(4);
  });

  it('finds nothing where nothing looks like it', async () => {
    expect((await find([maskOf(0)], [0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5])).found).toEqual([]);
  });

  it('asks neither again for what is known nor for what has another size', async () => {
    expect((await find([maskOf(0), maskOf(5)])).found).toHaveLength(2);
    const { found } = await find([maskOf(0)], SCENE, { ...ALIKE, sizes: [1.5, 4], minLikeness: 0 });
    expect(found.every(({ area }) => area === 8)).toBe(true);
  });
});

it('a model that cannot compare looks is refused with a sentence', () => {
  expect(() => lookingModel({} as AnyVideoModel)).toThrow(/Choose the embedded one/);
});
