import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyClip, masksOf, streamed, writtenAndRead, type HeldClip } from './testing/clips.ts';

const RUNS = { numRuns: 60 };

/** The objects that have a pixel anywhere, with what is known of them. */
function shownObjects({ objects }: HeldClip, masks: Readonly<Record<string, unknown>>) {
  const ids = new Set(Object.keys(masks).map((key) => Number(key.split(' ')[1])));
  return objects.filter(({ id }) => ids.has(id)).map(({ id, name, category }) => ({ id, name, category }));
}

/** As masks are named, by frame and object. */
function allObjects({ objects }: HeldClip): Record<string, unknown> {
  return Object.fromEntries(objects.map(({ id }) => [`0 ${id}`, id]));
}

describe('what is written is read again', () => {
  it('DAVIS', async () => {
    await fc.assert(
      fc.asyncProperty(anyClip({ isFlat: true }), async (held) => {
        const { clip, report } = await writtenAndRead('davis', held);
        const masks = await masksOf(streamed(held));
        expect(await masksOf(clip)).toEqual(masks);
        expect(report.sentences).toEqual([]);
        expect(clip).toMatchObject({ name: held.name, frameCount: held.frameCount, frames: held.frames });
        expect(clip.fps).toBe(held.fps);
        expect(clip.objects.map(({ id, name, category }) => ({ id, name, category }))).toEqual(
          shownObjects(held, masks),
        );
      }),
      RUNS,
    );
  });

  it.each([
    ['COCO', 'coco', { mostIds: 100_000 }, {}],
    ['COCO with polygons', 'coco', { mostIds: 100_000, isSolid: true }, { polygons: true }],
    ['YouTube-VIS', 'youtube-vis', { mostIds: 100_000 }, {}],
    ['PNG masks, whole', 'png', {}, { binary: true }],
  ] as const)('%s', async (_, format, shape, options) => {
    await fc.assert(
      fc.asyncProperty(anyClip(shape), async (held) => {
        const { clip, report } = await writtenAndRead(format, held, options);
        const masks = await masksOf(streamed(held));
        expect(await masksOf(clip)).toEqual(masks);
        expect(report.sentences).toEqual([]);
        expect(clip.frames.map(({ number, name }) => [number, name])).toEqual(
          held.frames.map(({ number, name }) => [number, name]),
        );
        expect(clip.objects.map(({ id, name, category }) => ({ id, name, category }))).toEqual(
          shownObjects(held, format === 'png' ? allObjects(held) : masks),
        );
      }),
      RUNS,
    );
  });
});
