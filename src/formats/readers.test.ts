import { describe, expect, it } from 'vitest';
import { FormatError } from '../core/formatError.ts';
import { DAVIS_PALETTE } from '../core/palette.ts';
import { encodeGrayPng, encodeIndexedPng } from '../core/png.ts';
import { decodeRle } from '../core/rle.ts';
import { detectFormat } from './detect.ts';
import type { FormatId } from './formatFacts.ts';
import { FORMATS } from './formats.ts';
import type { ReadOptions } from './format.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import { Report } from './report.ts';
import { inputFiles, masksOf } from './testing/clips.ts';

const SIZE = { width: 3, height: 2 };

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const indexed = (pixels: readonly number[], size = SIZE) =>
  encodeIndexedPng(Uint8Array.from(pixels), size, DAVIS_PALETTE);

async function read(
  format: FormatId,
  files: Record<string, Uint8Array>,
  options: ReadOptions = {},
): Promise<{ clip: MaskedClip; said: readonly string[]; masks: Record<string, number[]> }> {
  const report = new Report();
  const inputs = inputFiles(new Map(Object.entries(files)));
  expect(await detectFormat(inputs)).toBe(format);
  const clip = await FORMATS[format].read(inputs, options, report);
  const masks = Object.entries(await masksOf(clip)).map(([key, mask]) => [key, Array.from(decodeRle(mask))]);
  return { clip, said: report.sentences, masks: Object.fromEntries(masks) as Record<string, number[]> };
}

describe('DAVIS', () => {
  it('leaves void pixels out and says so', async () => {
    const { masks, said } = await read('davis', {
      'Annotations/480p/swan/00007.png': await indexed([0, 1, 255, 2, 2, 0]),
    });
    expect(masks).toEqual({ '7 1': [0, 1, 0, 0, 0, 0], '7 2': [0, 0, 0, 1, 1, 0] });
    expect(said).toEqual(['1 void pixels (value 255) were left out.']);
  });

  it('takes white in gray images for one object, and other values for ids', async () => {
    const white = await encodeGrayPng(Uint8Array.of(0, 255, 255, 0, 127, 128), SIZE);
    expect((await read('davis', { 'm/0.png': white })).masks).toEqual({ '0 1': [0, 1, 1, 0, 0, 1] });
    const ids = await encodeGrayPng(Uint8Array.of(0, 3, 3, 0, 9, 0), SIZE);
    expect((await read('davis', { 'm/0.png': ids })).masks).toEqual({
      '0 3': [0, 1, 1, 0, 0, 0],
      '0 9': [0, 0, 0, 0, 1, 0],
    });
  });

  it('knows frames by frames.json: in ticks, and in seconds where no time base makes sense', async () => {
    const timesWith = async (timeBase: unknown) => {
      const frames = [{ number: 3, name: 'a', time: 0.04, duration: 0.03, ticks: 1001, durationTicks: 500 }];
      const { clip } = await read('davis', {
        'm/a.png': await indexed([0, 1, 0, 0, 0, 0]),
        'frames.json': json({ name: 'swan', timeBase, frames }),
      });
      return [clip.ticksPerSecond, clip.frames] as const;
    };
    const at = { number: 3, name: 'a' };
    expect(await timesWith('1/30000')).toEqual([30_000, [{ ...at, time: 1001 / 30_000, duration: 1 / 60 }]]);
    for (const none of [undefined, 12, '1/0', '1/x', '1001/30000', '1/-5'])
      expect(await timesWith(none)).toEqual([undefined, [{ ...at, time: 0.04, duration: 0.03 }]]);
  });

  it('leaves out what cannot be read or has another size, and says so', async () => {
    const { clip, said } = await read('davis', {
      'm/0.png': await indexed([0, 1, 0, 0, 0, 0]),
      'm/1.png': await indexed([1, 1], { width: 2, height: 1 }),
      'm/2.png': json('not a PNG'),
    });
    expect(clip.frames.map(({ number }) => number)).toEqual([0]);
    expect(said).toEqual([
      'm/1.png is 2×1, but the clip is 3×2. It was left out.',
      'm/2.png is not a PNG that can be read: it does not start as one.',
    ]);
  });

  it('asks which of several clips is meant', async () => {
    const png = await indexed([0, 1, 0, 0, 0, 0]);
    const files = { 'Annotations/a/0.png': png, 'Annotations/b/0.png': png };
    await expect(read('davis', files)).rejects.toThrow('There are 2 clips here: a, b. Choose one of them.');
    expect((await read('davis', files, { clip: 'b' })).clip.name).toBe('b');
    await expect(read('davis', files, { clip: 'c' })).rejects.toThrow(
      'There is no clip “c” here; there is a, b.',
    );
  });

  it('numbers frames by their names where these end with numbers, else by their order', async () => {
    const png = await indexed([0, 1, 0, 0, 0, 0]);
    const frames = async (...names: string[]) => {
      const { clip } = await read('davis', Object.fromEntries(names.map((name) => [`m/${name}.png`, png])));
      return clip.frames.map(({ number, name }) => `${number} ${name}`);
    };
    expect(await frames('f10', 'f9')).toEqual(['9 f9', '10 f10']);
    expect(await frames('b', 'a', 'c1')).toEqual(['0 a', '1 b', '2 c1']);
    expect(await frames('a1', 'b1')).toEqual(['0 a1', '1 b1']);
  });
});

const coco = (annotations: readonly unknown[], more: object = {}) => ({
  'a.json': json({
    images: [
      { id: 4, file_name: 'swan/0007.jpg', ...SIZE },
      { id: 9, file_name: 'swan/0008.jpg', ...SIZE },
    ],
    categories: [{ id: 3, name: 'bird' }],
    annotations,
    ...more,
  }),
});

const one = { image_id: 4, category_id: 3, track_id: 'x', segmentation: { size: [2, 3], counts: [1, 1, 4] } };

describe('COCO', () => {
  it('reads uncompressed and compressed run lengths and polygons', async () => {
    const { clip, masks, said } = await read(
      'coco',
      coco([
        one,
        { ...one, image_id: 9, segmentation: [[0, 0, 1, 0, 1, 2, 0, 2]] },
        { ...one, track_id: 'y', segmentation: { size: [2, 3], counts: '132' } },
      ]),
    );
    expect(said).toEqual([]);
    expect(clip).toMatchObject({ name: 'swan', frames: [{ number: 7 }, { number: 8 }] });
    expect(clip.objects).toMatchObject([
      { id: 1, name: 'bird', category: 'bird' },
      { id: 2, name: 'bird', category: 'bird' },
    ]);
    expect(masks).toEqual({
      '7 1': [0, 0, 0, 1, 0, 0],
      '8 1': [1, 0, 0, 1, 0, 0],
      '7 2': [0, 1, 0, 1, 1, 0],
    });
  });

  it('joins parts of one object', async () => {
    const { masks } = await read(
      'coco',
      coco([one, { ...one, segmentation: { size: [2, 3], counts: [5, 1] } }]),
    );
    expect(masks).toEqual({ '7 1': [0, 0, 0, 1, 0, 1] });
  });

  it('guesses objects without track_id, and says so', async () => {
    const { track_id: _, ...bare } = one;
    const { masks, said } = await read('coco', coco([bare, bare, { ...bare, image_id: 9 }]));
    expect(Object.keys(masks)).toEqual(['7 1', '7 2', '8 1']);
    expect(said).toEqual([expect.stringContaining('no track_id')]);
  });

  it.each([
    ['runs that do not add up', { size: [2, 3], counts: [1, 1, 5] }, 'add up'],
    ['a negative run', { size: [2, 3], counts: [4, -1, 3] }, 'whole number from 0'],
    ['a size that nothing has', { size: [2_000_000, 3_000_000], counts: [6e12] }, '8192'],
    ['another size', { size: [1, 1], counts: [0, 1] }, '1×1, but the clip is 3×2'],
    ['a cut string', { size: [2, 3], counts: 'o' }, 'damaged or cut off'],
    ['a box only', [], 'no mask'],
    ['half a polygon', [[0, 0, 1]], 'polygon'],
    ['nothing', null, 'size'],
  ])('leaves out %s and says so', async (_, segmentation, message) => {
    const { masks, said } = await read('coco', coco([one, { ...one, track_id: 'y', segmentation }]));
    expect(Object.keys(masks)).toEqual(['7 1']);
    expect(said).toEqual([expect.stringContaining(message)]);
    expect(said[0]).toContain('a.json: annotations[1]: ');
  });

  it.each([
    ['an image without a name', { images: [{ id: 1, ...SIZE }] }, 'images[0].file_name is missing'],
    ['an image without a size', { images: [{ id: 1, file_name: 'a' }] }, 'undefined'],
    ['annotations that are no list', { annotations: 3 }, 'not of a format'],
    ['a category without a number', { categories: [{}] }, 'categories[0].id is missing'],
  ])('refuses %s', async (_, more, message) => {
    const error: unknown = await read('coco', coco([], more)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
  });
});

describe('YouTube-VIS', () => {
  const video = { id: 7, ...SIZE, length: 2, file_names: ['swan/00005.jpg', 'swan/00010.jpg'] };
  const track = {
    id: 1,
    video_id: 7,
    category_id: 3,
    segmentations: [null, { size: [2, 3], counts: [1, 1, 4] }],
  };
  const vis = (annotations: readonly unknown[], videos: readonly unknown[] = [video]) => ({
    'a.json': json({ videos, categories: [{ id: 3, name: 'bird' }], annotations }),
  });

  it('reads masks by the names of the frames', async () => {
    const { clip, masks } = await read('youtube-vis', vis([track]));
    expect(masks).toEqual({ '10 1': [0, 0, 0, 1, 0, 0] });
    expect(clip).toMatchObject({ name: 'swan', frameCount: 11, objects: [{ name: 'bird' }] });
  });

  it('leaves other clips alone', async () => {
    const other = { ...video, id: 8, file_names: ['duck/0.jpg'] };
    const files = vis([track, { ...track, id: 2, video_id: 8 }], [video, other]);
    expect(Object.keys((await read('youtube-vis', files, { clip: 'swan' })).masks)).toEqual(['10 1']);
    await expect(read('youtube-vis', files)).rejects.toThrow('There are 2 clips here');
  });

  it('says where masks are too many or too few', async () => {
    const { said } = await read('youtube-vis', vis([{ ...track, segmentations: [null] }]));
    expect(said).toEqual(['a.json: annotations[0] has 1 masks for a clip of 2 frames.']);
  });
});
