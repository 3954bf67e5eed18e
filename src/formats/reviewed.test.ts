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
});
