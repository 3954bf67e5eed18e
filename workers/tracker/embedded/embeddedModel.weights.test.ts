import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/core/frames.ts';
import type { VideoPoint } from '../../../src/core/geometry.ts';
import type { FramePrompts } from '../../../src/core/prompts.ts';
import { DEFAULT_SETTINGS, type Proposal } from '../../../src/core/protocol/segmenter.ts';
import { decodeRle, rleArea, rleIou, subtractRle, type MaskRle } from '../../../src/core/rle.ts';
import { totalRuns } from '../../models/graph.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { EVERYTHING, findEverything } from '../run/everything.ts';
import { FeatureCache } from '../run/featureCache.ts';
import type { FeatureLookup } from '../run/featureLookup.ts';
import { propagate } from '../run/propagation.ts';
import { StepTimer } from '../run/stepTimer.ts';
import { loadEmbedded } from '../testing/embeddedWeights.ts';
import { maskWhere, PaintedClip, paintOverStripes } from '../testing/paintedClip.ts';
import type { EmbeddedFeatures } from './features.ts';

const SIZE = { width: 320, height: 180 };
const RADIUS = 26;

/** A disc that moves right over a striped ground; gone on frame 3. */
const CENTRES = [80, 100, 120, null, 160, 180] as const;
const discRow = 90;

function inDisc(frame: number, x: number, y: number): boolean {
  const centre = CENTRES[frame];
  return typeof centre === 'number' && Math.hypot(x - centre, y - discRow) < RADIUS;
}

const paint = (frame: number) =>
  paintOverStripes(SIZE, (x, y) => (inDisc(frame, x, y) ? [220, 60, 40] : undefined));

const truth = (frame: number) => maskWhere(SIZE, (x, y) => inDisc(frame, x, y));

const timer = new StepTimer();
const runtime = createNodeRuntime();
const model = await loadEmbedded(runtime, timer);
const clip = new PaintedClip(SIZE, CENTRES.length, paint);
const features = new FeatureCache<EmbeddedFeatures>(clip, model, timer, 1e9);

const segment = (frame: number, prompts: FramePrompts) =>
  features.use(frame, (seen) => model.segment(seen, prompts));

async function run(
  objects: { objectId: number; prompts: Map<number, FramePrompts> }[],
  { allowOverlap = true } = {},
) {
  const results = new Map<string, { iou: number; status: string; area: number; mask: MaskRle }>();
  const lookUp: FeatureLookup<EmbeddedFeatures> = (index, work, frame) => features.use(index, work, frame);
  for await (const { frame, objects: tracked } of propagate(
    clip,
    model,
    lookUp,
    objects,
    new AbortController().signal,
    { settings: { ...DEFAULT_SETTINGS, allowOverlap } },
  )) {
    for (const { objectId, mask, status } of tracked) {
      const measured = { iou: rleIou(mask, truth(frame)), status, area: rleArea(mask), mask };
      results.set(`${objectId}@${frame}`, measured);
    }
  }
  return results;
}

function sharedPixels(a: MaskRle, b: MaskRle): number {
  const inB = decodeRle(b);
  return decodeRle(a).reduce((sum, inside, i) => sum + (inside & (inB[i] ?? 0)), 0);
}

describe('the embedded model, with its real weights', () => {
  it('segments what is clicked', async () => {
    const { mask, score } = await segment(0, {
      points: [{ x: 80, y: 90, label: 1 }],
    });
    expect(rleIou(mask, truth(0))).toBeGreaterThan(0.9);
    expect(score).toBeGreaterThan(0.8);
  });

  it('has readings of a click on a spot: the spot, and wider ones that hold the whole but no ground', async () => {
    const inSpot = (x: number, y: number) => Math.hypot(x - 80, y - discRow) < 12;
    const spotted = paintOverStripes(SIZE, (x, y) =>
      inSpot(x, y) ? [250, 240, 60] : inDisc(0, x, y) ? [220, 60, 40] : undefined,
    );
    const seen = await model.encode(contentOf(spotted));
    const read = async (reading: number) =>
      (await model.segment(seen, { points: [{ x: 80, y: 90, label: 1 }], reading })).mask;
    const narrow = maskWhere(SIZE, inSpot);
    const readings = [await read(0), await read(1), await read(2)];
    expect(Math.max(...readings.map((mask) => rleIou(mask, narrow)))).toBeGreaterThan(0.9);
    for (const reading of [3, 4]) expect(rleIou(await read(reading), truth(0))).toBeGreaterThan(0.95);
  });

  it('finds the disc among all things on the frame, and one mask of each', async () => {
    const found = new Map<number, Proposal>();
    const steps: number[] = [];
    const options = { ...EVERYTHING, side: 8 };
    const { signal } = new AbortController();
    const size = SIZE;
    const candidatesAt = (point: VideoPoint) => features.use(0, (seen) => model.candidates(seen, point));
    for await (const event of findEverything(candidatesAt, size, signal, options)) {
      steps.push(event.donePoints);
      event.removed.forEach((id) => found.delete(id));
      event.added.forEach((proposal) => found.set(proposal.id, proposal));
    }
    expect(steps).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
    const masks = [...found.values()].map(({ mask }) => mask);
    expect(Math.max(...masks.map((mask) => rleIou(mask, truth(0))))).toBeGreaterThan(0.9);
    masks.forEach((a, i) => masks.slice(0, i).forEach((b) => expect(rleIou(a, b)).toBeLessThan(0.7)));
  });

  it('segments what is boxed', async () => {
    const { mask } = await segment(1, {
      points: [],
      box: { x0: 72, y0: 62, x1: 128, y1: 118 },
    });
    expect(rleIou(mask, truth(1))).toBeGreaterThan(0.9);
  });

  it('corrects a tracked mask by one click that takes away', async () => {
    // The prior holds the disc and as large a piece of ground to its right.
    const inBoth = (x: number, y: number) =>
      inDisc(0, x, y) || (x > 80 && x < 160 && Math.abs(y - discRow) < RADIUS);
    const prior = maskWhere(SIZE, inBoth);
    const { mask } = await segment(0, { points: [{ x: 145, y: 90, label: 0 }], prior });
    expect(rleIou(mask, truth(0))).toBeGreaterThan(0.8);
    expect(rleArea(subtractRle(mask, [prior]))).toBe(0);
  });

  it('makes a rough mask finer', async () => {
    const rough = maskWhere(SIZE, (x, y) => inDisc(0, x, y) && x + y < 184);
    const { mask, present } = await features.use(0, (seen) => model.refine(seen, rough));
    expect(present).toBe(true);
    expect(rleIou(mask, truth(0))).toBeGreaterThan(rleIou(rough, truth(0)) + 0.02);
  });

  it('refuses to segment without prompts', async () => {
    await expect(segment(0, { points: [] })).rejects.toThrow(RangeError);
  });

  it('follows an object forward and backward from the prompted frame, all objects with one encoder pass a frame', async () => {
    const click = new Map([[1, { points: [{ x: 100, y: 90, label: 1 as const }] }]]);
    const before = totalRuns(runtime.stats);
    const results = await run([
      { objectId: 1, prompts: click },
      { objectId: 2, prompts: click },
      { objectId: 3, prompts: new Map() },
    ]);
    for (const frame of [0, 1, 2]) expect(results.get(`1@${frame}`)!.iou).toBeGreaterThan(0.85);
    expect(results.get('1@1')!.status).toBe('prompted');
    expect(results.get('1@2')!.status).toBe('tracked');
    expect([...results.keys()].some((key) => key.startsWith('3@'))).toBe(false);
    // Frames 0 and 1 are in the cache, 4 are encoded; 2 decodes a prompt; memory and decoder for each object on 5 frames; on one
    // memory says as well that there is nothing like them.
    expect(totalRuns(runtime.stats) - before).toBeLessThanOrEqual(4 + 2 * 2 + 2 * 2 * 5 + 2);
  });

  it('gives each pixel to one object, unless overlap is allowed', async () => {
    // Three objects that all claim the disc; two of them are followed back over frames that another has passed. Each is prompted on
    // a frame of its own: two masks that are prompted on each other are meant to overlap.
    const click = (frame: number, x: number) =>
      new Map([[frame, { points: [{ x, y: discRow, label: 1 as const }] }]]);
    const objects = [
      { objectId: 1, prompts: click(0, 80) },
      { objectId: 2, prompts: click(1, 100) },
      { objectId: 3, prompts: click(2, 120) },
    ];
    const pairs = [
      ['1@0', '2@0'],
      ['1@1', '3@1'],
      ['1@0', '3@0'],
    ] as const;
    const shared = await run(objects);
    const apart = await run(objects, { allowOverlap: false });
    for (const [a, b] of pairs) {
      expect(sharedPixels(shared.get(a)!.mask, shared.get(b)!.mask)).toBeGreaterThan(100);
      expect(sharedPixels(apart.get(a)!.mask, apart.get(b)!.mask)).toBe(0);
    }
    expect(apart.get('3@4')!.iou).toBeGreaterThan(0.8);
  });

  it('closes every frame that it was given, also when the run is cancelled', async () => {
    const abort = new AbortController();
    const click = new Map([[0, { points: [{ x: 80, y: 90, label: 1 as const }] }]]);
    const events = propagate(
      clip,
      model,
      (i, work, frame) => features.use(i, work, frame),
      [{ objectId: 1, prompts: click }],
      abort.signal,
    );
    await events.next();
    abort.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'aborted' });
    expect(clip.open).toBe(0);
  });
});
