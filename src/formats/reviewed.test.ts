import { describe, expect, it } from 'vitest';
import { encodeRle } from '../core/rle.ts';
import { provenance } from '../core/provenance.ts';
import type { WriteOptions } from './format.ts';
import type { FormatId } from './formatFacts.ts';
import { masksOf, streamed, writtenAndRead, type HeldClip } from './testing/clips.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
const frames = [4, 5, 6].map((number) => ({ number, name: `0000${number}` }));
const objects = [1, 2].map((id) => ({ id, name: `swan ${id}`, category: 'bird', color: [1, 2, 3] as const }));

/** Two objects on frames 4 to 6. The first is reviewed on 5 and 6, and on 5 it is known where its mask comes from. */
const clip: HeldClip = {
  ...{ name: 'swan', width: 2, height: 2, frameCount: 7, frames },
  objects: objects.map((object) =>
    object.id === 1
      ? {
          ...object,
          reviewed: [{ first: 5, last: 6 }],
          provenance: [{ first: 5, last: 5, provenance: provenance('track') }],
        }
      : object,
  ),
  masks: frames.map(() => new Map(objects.map(({ id }) => [id, { mask }]))),
};

/** The text of the files of a format, by path; fails if the format's own reader does not read the same masks. */
async function textsOf(format: FormatId, options: WriteOptions = {}): Promise<Map<string, string>> {
  const read = await writtenAndRead(format, clip, options);
  expect(await masksOf(read.clip)).toEqual(await masksOf(streamed(clip)));
  expect(read.report.sentences).toEqual([]);
  return new Map(Array.from(read.files, ([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

describe('which masks were reviewed is said', () => {
  it.each([{}, { polygons: true }])('by attributes of COCO’s annotations, %o', async (options) => {
    const texts = await textsOf('coco', options);
    const { annotations } = JSON.parse(texts.get('swan.json')!) as {
      annotations: { image_id: number; track_id: number; attributes?: object }[];
    };
    expect(annotations.map((each) => [each.image_id, each.track_id, each.attributes])).toEqual([
      [1, 1, undefined],
      [1, 2, undefined],
      [2, 1, { origin: 'track', reviewed: true }],
      [2, 2, undefined],
      [3, 1, { reviewed: true }],
      [3, 2, undefined],
    ]);
  });

  it('by a list beside those of a track’s masks and boxes, in YouTube-VIS', async () => {
    const texts = await textsOf('youtube-vis');
    const { annotations } = JSON.parse(texts.get('swan.json')!) as {
      annotations: { reviewed?: boolean[] }[];
    };
    expect(annotations.map(({ reviewed }) => reviewed)).toEqual([[false, true, true], undefined]);
  });

  it.each([
    ['mask', {}],
    ['polygon', { polygons: true }],
  ])('by an attribute of each %s that CVAT’s labels declare', async (tag, options) => {
    const text = (await textsOf('cvat', options)).get('annotations.xml')!;
    expect(text).toMatch(
      /<name>reviewed<\/name>\s*<mutable>True<\/mutable>\s*<input_type>checkbox<\/input_type>/,
    );
    const shape = new RegExp(
      `<${tag} frame="(\\d)"[^>]*outside="0".*swan (\\d)<.*name="reviewed">(\\w+)<`,
      'g',
    );
    expect(Array.from(text.matchAll(shape), ([, ...said]) => said.join(' ')).sort()).toEqual([
      ...['4 1 false', '4 2 false', '5 1 true', '5 2 false', '6 1 true', '6 2 false'],
    ]);
  });

  it.each([{}, { polygons: true }])('by flags of LabelMe’s shapes, %o', async (options) => {
    const texts = await textsOf('labelme', options);
    const flags = frames.map(({ name }) => {
      const { shapes } = JSON.parse(texts.get(`swan/${name}.json`)!) as { shapes: { flags: object }[] };
      return shapes.map((shape) => shape.flags);
    });
    expect(flags).toEqual([
      [{}, {}],
      [{ reviewed: true }, {}],
      [{ reviewed: true }, {}],
    ]);
  });
});
