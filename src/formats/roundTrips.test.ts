import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenance, provenanceOn, provenanceRuns } from '../core/provenance.ts';
import { emptyRle, encodeRle, rleArea, unionRle, type MaskRle } from '../core/rle.ts';
import { detectFormat } from './detect.ts';
import type { ReadOptions, WriteOptions } from './format.ts';
import { formatFacts, type FormatId } from './formatFacts.ts';
import { FORMATS } from './formats.ts';
import type { ClipObject, MaskedClip } from '../core/maskedClip.ts';
import {
  anyClip,
  inputFiles,
  masksOf,
  streamed,
  written,
  writtenAndRead,
  type ClipShape,
  type HeldClip,
} from './testing/clips.ts';

const RUNS = { numRuns: 50 };

const FLAT: ClipShape = { isFlat: true };
const BIG: ClipShape = { mostIds: 100_000 };

/** What a format keeps. Everything keeps masks, numbers of frames and categories. */
interface Kept {
  readonly shape: ClipShape;
  readonly options?: WriteOptions & ReadOptions;
  /** Objects without a mask, too. */
  readonly emptyObjects?: true;
  /** Frames on which nothing is, too. */
  readonly emptyFrames?: false;
}

const ROUND_TRIPS: readonly [what: string, id: FormatId, kept: Kept][] = [
  ['PNG masks', 'png', { shape: FLAT }],
  ['PNG masks, whole', 'png', { shape: {}, options: { binary: true }, emptyObjects: true }],
  ['DAVIS', 'davis', { shape: FLAT }],
  ['YouTube-VOS', 'youtube-vos', { shape: FLAT }],
  ['YouTube-VIS', 'youtube-vis', { shape: BIG }],
  ['COCO', 'coco', { shape: BIG }],
  ['COCO with polygons', 'coco', { shape: { ...BIG, isSolid: true }, options: { polygons: true } }],
  ['MOTS, text', 'mots-txt', { shape: FLAT }],
  ['MOTS, PNG', 'mots-png', { shape: FLAT }],
  ['CVAT', 'cvat', { shape: BIG, emptyFrames: false }],
  [
    'CVAT with polygons',
    'cvat',
    { shape: { ...BIG, isSolid: true }, options: { polygons: true }, emptyFrames: false },
  ],
  ['LabelMe', 'labelme', { shape: BIG }],
  ['LabelMe with polygons', 'labelme', { shape: { ...BIG, isSolid: true }, options: { polygons: true } }],
  ['SA-V, JSON', 'sav', { shape: BIG, emptyObjects: true }],
  ['SA-V, folders', 'sav-folders', { shape: {}, emptyObjects: true }],
];

/** What `frames.json` gives as ticks. */
function ticksIn(files: ReadonlyMap<string, Uint8Array>): (number | undefined)[] {
  const json = Buffer.from(files.get('frames.json')!).toString();
  return (JSON.parse(json) as { frames: { ticks?: number }[] }).frames.map(({ ticks }) => ticks);
}

describe('what is written is read again', () => {
  it.each(ROUND_TRIPS)('%s', async (_, id, { shape, options, emptyObjects, emptyFrames }) => {
    await fc.assert(
      fc.asyncProperty(anyClip(shape), async (held) => {
        const masks = await masksOf(streamed(held));
        fc.pre(Object.keys(masks).length > 0);
        const { clip, report, files } = await writtenAndRead(id, held, options);
        expect(await detectFormat(inputFiles(files))).toBe(id);
        expect(formatFacts(id).countFiles(held.frames.length, held.objects.length, options ?? {})).toBe(
          files.size,
        );
        expect(await masksOf(clip)).toEqual(masks);
        expect(report.sentences).toEqual([]);
        expect(clip).toMatchObject({ width: held.width, height: held.height });
        const seen = new Set(Object.keys(masks).map((key) => Number(key.split(' ')[0])));
        expect(clip.frames.map(({ number }) => number)).toEqual(
          held.frames
            .map(({ number }) => number)
            .filter((number) => emptyFrames !== false || seen.has(number)),
        );
        const shown = new Set(Object.keys(masks).map((key) => Number(key.split(' ')[1])));
        expect(named(clip.objects)).toEqual(
          named(held.objects.filter((object) => emptyObjects || shown.has(object.id))),
        );
      }),
      RUNS,
    );
  });

  it('frames, times and the order of objects, with files beside the masks', async () => {
    for (const id of ['davis', 'youtube-vos', 'sav-folders', 'mots-txt', 'mots-png'] as const) {
      await fc.assert(
        fc.asyncProperty(anyClip(FLAT), async (held) => {
          fc.pre(Object.keys(await masksOf(streamed(held))).length > 0);
          const { clip, files } = await writtenAndRead(id, held);
          expect(ticksIn(files)).toEqual(
            held.frames.map(({ number }) => held.ticksPerSecond && (number * held.ticksPerSecond) / 25),
          );
          expect(clip).toMatchObject({ name: held.name, frameCount: held.frameCount, frames: held.frames });
          expect(clip.fps).toBe(held.fps);
          expect(clip.ticksPerSecond).toBe(held.ticksPerSecond);
          const order = held.objects.map((object) => object.id);
          const places = clip.objects.map((object) => order.indexOf(object.id));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
        }),
        { numRuns: 10 },
      );
    }
  });

  it('times, with PNG masks', async () => {
    await fc.assert(
      fc.asyncProperty(anyClip(FLAT), async (held) => {
        const { clip } = await writtenAndRead('png', held);
        expect(clip.frames).toEqual(held.frames.map(({ duration: _, ...frame }) => frame));
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    ['coco', BIG],
    ['png', FLAT],
    ['davis', FLAT],
    ['mots-png', FLAT],
    ['sav-folders', {}],
  ] as const)('where masks come from, mask by mask: %s', async (id, shape) => {
    const models = [{ id: 'embedded', version: '0.2.0' }, { id: 'sam2.1-tiny' }];
    const withProvenance = (held: HeldClip): HeldClip => ({
      ...held,
      objects: held.objects.map((object, at) => ({
        ...object,
        provenance: provenanceRuns(
          held.frames.map(({ number }) => [number, provenance('track', models[(number + at) % 3])]),
        ),
      })),
    });
    const known = async (clip: MaskedClip) => {
      const found: unknown[] = [];
      for await (const { at, masks } of clip.frameMasks())
        for (const object of clip.objects)
          if (rleArea(masks.get(object.id)?.mask ?? emptyRle(clip)) > 0)
            found.push(provenanceOn(object.provenance, clip.frames[at]!.number));
      return found.map((each) => JSON.stringify(each)).sort();
    };
    await fc.assert(
      fc.asyncProperty(anyClip(shape), async (given) => {
        const held = withProvenance(given);
        const { clip } = await writtenAndRead(id, held);
        expect(await known(clip)).toEqual(await known(streamed(held)));
      }),
      { numRuns: 20 },
    );
  });

  it('where masks come from, as attributes that COCO’s readers know', async () => {
    const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
    const made = [
      provenance('click', { id: 'embedded', version: '0.2.0' }),
      provenance('track', { id: 'sam2.1-tiny' }),
      provenance('brush'),
    ];
    const frames = made.map((_, number) => ({ number, name: String(number) }));
    const runs = provenanceRuns(made.map((each, frame) => [frame, each] as const));
    const files = await written(
      FORMATS.coco.write,
      streamed({
        ...{ name: 'swan', width: 2, height: 2, frameCount: 3, frames },
        objects: [{ id: 1, name: 'swan', category: 'bird', color: [1, 2, 3], provenance: runs }],
        masks: frames.map(() => new Map([[1, { mask }]])),
      }),
    );
    const [json] = [...files.values()];
    const { annotations } = JSON.parse(Buffer.from(json!).toString()) as {
      annotations: { attributes: object }[];
    };
    expect(annotations.map(({ attributes }) => attributes)).toEqual([
      { origin: 'click', model: 'embedded', model_version: '0.2.0' },
      { origin: 'track', model: 'sam2.1-tiny' },
      { origin: 'brush' },
    ]);
  });

  it('YOLO, class by class', async () => {
    await fc.assert(
      fc.asyncProperty(anyClip({ isSolid: true }), async (held) => {
        const { clip } = await writtenAndRead('yolo', held);
        expect(await byCategory(clip.objects, await masksOf(clip))).toEqual(
          await byCategory(held.objects, await masksOf(streamed(held))),
        );
      }),
      RUNS,
    );
  });

  it('a matte of 8 and of 16 bits, and folders of one object each', async () => {
    for (const id of ['matte', 'matte16'] as const) {
      await fc.assert(
        fc.asyncProperty(anyClip({ isSolid: true }), async (held) => {
          fc.pre(
            held.objects.length === 1 &&
              held.masks.every((each) => [...each.values()].every(({ mask }) => rleArea(mask) > 0)),
          );
          const { clip } = await writtenAndRead(id, held);
          const wanted = Object.values(await masksOf(streamed(held)));
          expect(Object.values(await masksOf(clip))).toEqual(wanted);
        }),
        RUNS,
      );
    }
  });
});

/** An object without a name is called as its category in some formats. */
function named(objects: HeldClip['objects']) {
  return objects.map(({ id, name, category }) => `${id} ${name || category} ${category}`).sort();
}

async function byCategory(objects: readonly ClipObject[], masks: Readonly<Record<string, MaskRle>>) {
  const found = new Map<string, MaskRle[]>();
  for (const [key, mask] of Object.entries(masks)) {
    const [frame, id] = key.split(' ');
    const category = objects.find((object) => object.id === Number(id))?.category;
    const place = `${frame} ${category}`;
    found.set(place, [...(found.get(place) ?? []), mask]);
  }
  return new Map(Array.from(found, ([place, each]) => [place, unionRle(each)]));
}
