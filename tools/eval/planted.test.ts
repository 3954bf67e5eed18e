import { describe, expect, it } from 'vitest';
import type { Frame, FrameSource, RgbaImage } from '../../src/core/frames.ts';
import { decodeRle, encodeRle, rleArea, rleBounds, type MaskRle } from '../../src/core/rle.ts';
import type { EvalClip } from './clips.ts';
import { PLANTED, plantTrial } from './planted.ts';

const SIZE = { width: 120, height: 60 };
const FRAMES = 31;
const BLUE = [10, 10, 200, 255] as const;
const GREEN = [10, 200, 10, 255] as const;

/** The object: 16 by 20 pixels, moving right by one pixel a frame over green ground. */
function inObject(frame: number, x: number, y: number): boolean {
  return x >= 20 + frame && x < 36 + frame && y >= 20 && y < 40;
}

function picture(frame: number): RgbaImage {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  for (let at = 0; at < data.length / 4; at++) {
    const blue = inObject(frame, at % SIZE.width, Math.floor(at / SIZE.width));
    data.set(blue ? BLUE : GREEN, at * 4);
  }
  return { ...SIZE, data };
}

function truth(frame: number) {
  const mask = new Uint8Array(SIZE.width * SIZE.height).map((_, at) =>
    inObject(frame, at % SIZE.width, Math.floor(at / SIZE.width)) ? 1 : 0,
  );
  return encodeRle(mask, SIZE);
}

function frameOf(index: number): Frame {
  return { index, pixels: () => Promise.resolve(picture(index)), close: () => undefined };
}

const source: FrameSource = {
  info: {
    kind: 'video',
    ...SIZE,
    frameCount: FRAMES,
    timestamps: Float64Array.from({ length: FRAMES }, (_, i) => i / 25),
    duration: FRAMES / 25,
    codec: 'painted',
  },
  frame: (index) => Promise.resolve(frameOf(index)),
  async *frames(from, to) {
    for (let index = from; index <= to; index++) yield await Promise.resolve(frameOf(index));
  },
  dispose: () => undefined,
};

/** A twin is in front of the object in the clip “b”, and behind it in “a”. */
function clip(name = 'b'): EvalClip {
  const masks = Array.from({ length: FRAMES }, (_, frame) => truth(frame));
  return { name, content: name, source, truth: masks, first: masks[0]! };
}

/** Pixels of the object's colour, or of its mixture with ground at a twin's edge; not a panel's. */
async function bluePixels(planted: EvalClip, frame: number): Promise<number[]> {
  const { data } = await (await planted.source.frame(frame)).pixels();
  return Array.from({ length: data.length / 4 }, (_, at) => at).filter(
    (at) => data[at * 4]! < 40 && data[at * 4 + 2]! > 40,
  );
}

const pixelsOf = (mask: Uint8Array) => [...mask.keys()].filter((at) => mask[at] === 1);

describe('plantTrial', () => {
  it.each(PLANTED)('%s shows blue exactly where the visible object or its twin is', async (kind) => {
    for (const name of ['a', 'b']) {
      const planted = plantTrial(clip(name), kind);
      for (const frame of [0, 8, 9, 15, 20, 23, 30]) {
        const visible = decodeRle(planted.truth[frame]!);
        const twin = decodeRle(planted.twin[frame]!);
        const blue = pixelsOf(visible.map((value, at) => value | (twin[at] ?? 0)));
        expect(await bluePixels(planted, frame)).toEqual(blue);
        expect(visible.some((value, at) => value === 1 && twin[at] === 1)).toBe(false);
      }
    }
  });

  it('gives each trial and length a name of its own', () => {
    expect(plantTrial(clip(), 'cut').name).toBe('b+cut-31');
    const { content } = plantTrial(clip(), 'cut');
    expect(plantTrial(clip(), 'cut').content).toBe(content);
    expect(plantTrial({ ...clip(), content: 'another' }, 'cut').content).not.toBe(content);
  });

  it('does not plant what a clip is too short for', () => {
    const short = { ...clip(), truth: clip().truth.slice(0, 20) };
    expect(() => plantTrial(short, 'cut')).toThrow('at least 25 frames');
  });

  it('cuts the object out for 15 frames in the middle', () => {
    const { truth: visible, whole } = plantTrial(clip(), 'cut');
    const empty = visible.flatMap((mask, frame) => (rleArea(mask) === 0 ? [frame] : []));
    expect(empty).toEqual(Array.from({ length: 15 }, (_, i) => 8 + i));
    expect(whole.every((mask) => rleArea(mask) === 320)).toBe(true);
  });

  it('slides a panel over the object and away again', () => {
    const areas = plantTrial(clip(), 'cover').truth.map(rleArea);
    expect(areas.slice(0, 8)).toEqual(new Array(8).fill(320));
    expect(areas[8]).toBeLessThan(320);
    expect(areas[9]).toBeLessThan(areas[8]!);
    expect(areas.slice(10, 21)).toEqual(new Array(11).fill(0));
    expect(areas[22]).toBeGreaterThan(areas[21]!);
    expect(areas[23]).toBe(320);
  });

  it('lets a pole pass before the object: for a while there is something of it on both sides', () => {
    const { truth: visible } = plantTrial(clip(), 'pole');
    expect([rleArea(visible[0]!), rleArea(visible[30]!)]).toEqual([320, 320]);
    const columns = (frame: number) => {
      const mask = decodeRle(visible[frame]!);
      return Array.from({ length: 16 }, (_, x) => mask[30 * SIZE.width + 20 + frame + x]).join('');
    };
    expect(columns(10)).toBe('1111111111000111');
    expect(columns(15)).toBe('1111110000111111'.slice(0, 16));
  });

  it('lets a twin keep its distance, and one that crosses change sides', () => {
    const side = (planted: ReturnType<typeof plantTrial>, frame: number) =>
      rleBounds(planted.twin[frame]!)!.x0 - rleBounds(planted.whole[frame]!)!.x0;
    const beside = plantTrial(clip(), 'twin');
    expect(side(beside, 0)).toBe(side(beside, 30));
    expect(Math.abs(side(beside, 0))).toBeGreaterThan(16);
    const crossing = plantTrial(clip(), 'cross');
    expect(Math.sign(side(crossing, 0))).toBe(-Math.sign(side(crossing, 30)));
    expect(rleArea(crossing.truth[15]!)).toBeLessThan(100);
    expect(rleArea(plantTrial(clip('a'), 'cross').truth[15]!)).toBe(320);
  });

  it('lets a twin overtake from the other side, at the other depth, and keep beside the object before and after', () => {
    const left = (masks: readonly MaskRle[], frame: number) => rleBounds(masks[frame]!)!.x0;
    for (const name of ['a', 'b']) {
      const overtaking = plantTrial(clip(name), 'overtake');
      const crossing = plantTrial(clip(name), 'cross');
      const side = ({ twin, whole }: typeof crossing, frame: number) =>
        left(twin, frame) - left(whole, frame);
      expect(Math.sign(side(overtaking, 0))).toBe(-Math.sign(side(crossing, 0)));
      expect(side(overtaking, 0)).toBe(side(overtaking, 9));
      expect(side(overtaking, 18)).toBe(side(overtaking, 30));
      expect(side(overtaking, 30)).toBe(-side(overtaking, 0));
      const hidden = ({ truth: visible }: typeof crossing) => visible.some((mask) => rleArea(mask) < 100);
      expect(hidden(overtaking)).toBe(!hidden(crossing));
    }
  });
});
