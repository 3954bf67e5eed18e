import { describe, expect, it } from 'vitest';
import { DAVIS_PALETTE } from '../core/palette.ts';
import { encodeRle, type MaskRle } from '../core/rle.ts';
import { readPng } from '../core/testing/readPng.ts';
import { provenance } from '../core/provenance.ts';
import { FormatError } from '../core/formatError.ts';
import { paletteColor } from './facts.ts';
import { FORMATS } from './formats.ts';
import { frameName } from './names.ts';
import { Report } from './report.ts';
import { streamed, written, type HeldClip } from './testing/clips.ts';

// Not square, odd, and no multiple of anything: a swap of rows and columns shows.
const size = { width: 7, height: 5 };

/** A mask of the columns from `first` to `last`. */
function columns(first: number, last: number): MaskRle {
  const pixels = Uint8Array.from({ length: size.width * size.height }, (_, i) => {
    const x = i % size.width;
    return x >= first && x <= last ? 1 : 0;
  });
  return encodeRle(pixels, size);
}

type Given = readonly [id: number, name: string, masks: Readonly<Record<number, MaskRle>>];

const clip = (given: readonly Given[], numbers: readonly number[] = [0, 1, 2]): HeldClip => ({
  ...{ name: 'clip', ...size, frameCount: 3 },
  frames: numbers.map((number) => ({ number, name: frameName(number, 3) })),
  objects: given.map(([id, name]) => ({ id, name, category: name, color: paletteColor(id) })),
  masks: numbers.map(
    (number) =>
      new Map(
        given.flatMap(([id, , masks]) => (masks[number] ? [[id, { mask: masks[number] }] as const] : [])),
      ),
  ),
});

const write = async (held: HeldClip, binary = false, report = new Report()) =>
  Object.fromEntries(await written(FORMATS.png.write, streamed(held), { binary }, report));

const row = (files: Record<string, Uint8Array>, name: string, y = 2) =>
  Array.from(readPng(files[name]!).pixels.subarray(y * size.width, (y + 1) * size.width));

describe('PNG masks', () => {
  it('have an ID map for every frame, also those without a mask', async () => {
    const files = await write(clip([[4, 'swan', { 1: columns(2, 3) }]]));
    expect(Object.keys(files)).toEqual([
      ...['objects.json', 'masks/00000.png', 'masks/00001.png', 'masks/00002.png'],
    ]);
    for (const name of Object.keys(files).slice(1)) {
      const png = readPng(files[name]!);
      expect(png).toMatchObject({ ...size, kind: 'indexed' });
      expect(Buffer.from(png.palette!)).toEqual(Buffer.from(DAVIS_PALETTE));
    }
    expect(row(files, 'masks/00000.png')).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(row(files, 'masks/00001.png')).toEqual([0, 0, 4, 4, 0, 0, 0]);
  });

  it('have the frames that were asked for, by their numbers in the clip', async () => {
    const files = await write(clip([[1, 'swan', { 1: columns(2, 3), 2: columns(0, 0) }]], [2]), true);
    expect(Object.keys(files)).toEqual(['objects.json', 'masks/00002.png', 'binary/1-swan/00002.png']);
    expect(row(files, 'masks/00002.png')).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });

  it('give overlaps to the object that comes later, and say so', async () => {
    const report = new Report();
    const held = clip([
      [9, 'back', { 0: columns(0, 4) }],
      [2, 'front', { 0: columns(3, 6) }],
    ]);
    const files = await write(held, false, report);
    expect(row(files, 'masks/00000.png')).toEqual([9, 9, 9, 2, 2, 2, 2]);
    expect(report.sentences).toEqual([
      'Objects shared 10 pixels on 1 frame. This format gives a pixel to one object: the lower in the list.',
    ]);
  });

  it('have whole black and white masks besides, whatever lies over them; objects of one name stay apart', async () => {
    const files = await write(
      clip(
        [
          [1, 'duck', { 0: columns(0, 4) }],
          [2, 'duck', { 0: columns(3, 6) }],
        ],
        [0, 1],
      ),
      true,
    );
    expect(readPng(files['binary/1-duck/00000.png']!)).toMatchObject({ ...size, kind: 'gray' });
    expect(row(files, 'binary/1-duck/00000.png')).toEqual([255, 255, 255, 255, 255, 0, 0]);
    expect(row(files, 'binary/2-duck/00000.png')).toEqual([0, 0, 0, 255, 255, 255, 255]);
    expect(row(files, 'binary/2-duck/00001.png')).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('say in objects.json what the values mean', async () => {
    const files = await write(
      clip([
        [1, 'swan/1', {}],
        [2, '', {}],
      ]),
      true,
    );
    expect(JSON.parse(Buffer.from(files['objects.json']!).toString())).toEqual({
      ...{ name: 'clip', ...size, frameCount: 3, frames: [0, 1, 2], background: 0 },
      overlap: expect.stringContaining('later') as string,
      objects: [
        { id: 1, name: 'swan/1', category: 'swan/1', color: [128, 0, 0], folder: 'binary/1-swan-1' },
        { id: 2, name: '', category: '', color: [0, 128, 0], folder: 'binary/2-object' },
      ],
    });
  });

  it('say which frames were reviewed', async () => {
    const held = clip([
      [1, 'swan', {}],
      [2, 'goose', {}],
    ]);
    const [swan, goose] = held.objects;
    const files = await write({
      ...held,
      objects: [{ ...swan!, reviewed: [{ first: 1, last: 2 }] }, goose!],
    });
    const about = JSON.parse(Buffer.from(files['objects.json']!).toString()) as { objects: unknown[] };
    expect(about.objects[0]).toMatchObject({ reviewed: [[1, 2]] });
    expect(about.objects[1]).not.toHaveProperty('reviewed');
  });

  it('say in objects.json what was prompted, when frames are shown, and where masks come from', async () => {
    const held = clip([[1, 'swan', {}]], [0, 2]);
    const [swan] = held.objects;
    const prompts = [
      {
        frame: 2,
        points: [{ x: 3, y: 1, label: 1 as const }],
        box: { x0: 0, y0: 0, x1: 4, y1: 5 },
        hasMask: true,
        isReplayedByMask: true,
      },
    ];
    const runs = [
      { first: 0, last: 1, provenance: provenance('track', { id: 'sam2.1-tiny', version: '1' }) },
      { first: 2, last: 2, provenance: provenance('brush') },
    ];
    const files = await write({
      ...{ ...held, fps: 25, objects: [{ ...swan!, prompts, provenance: runs }] },
      frames: held.frames.map((frame) => ({ ...frame, time: frame.number / 25 })),
    });
    expect(JSON.parse(Buffer.from(files['objects.json']!).toString())).toMatchObject({
      ...{ fps: 25, frames: [0, 2], times: [0, 0.08] },
      objects: [
        {
          prompts: [{ frame: 2, points: [{ x: 3, y: 1, label: 1 }], box: [0, 0, 4, 5], mask: true }],
          provenance: [
            { frames: [0, 1], origin: 'track', model: 'sam2.1-tiny', modelVersion: '1' },
            { frames: [2, 2], origin: 'brush' },
          ],
        },
      ],
    });
  });

  it('have room for 255 objects; DAVIS for 254, as 255 is void there', async () => {
    const objects = (count: number) =>
      clip(
        Array.from({ length: count }, (_, i): Given => [i + 1, 'x', {}]),
        [0],
      );
    expect(Object.keys(await write(objects(255)))).toHaveLength(2);
    await expect(write(objects(256))).rejects.toThrow(FormatError);
    await expect(written(FORMATS.davis.write, streamed(objects(255)))).rejects.toThrow('room for 254');
  });

  it('number objects from 1 where their ids are no pixel values', async () => {
    const files = await write(clip([[3000, 'a', { 0: columns(0, 0) }]], [0]));
    expect(row(files, 'masks/00000.png')).toEqual([1, 0, 0, 0, 0, 0, 0]);
  });
});
