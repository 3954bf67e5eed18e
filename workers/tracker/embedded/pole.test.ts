import { expect, it } from 'vitest';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { encodeRle, rleIou, type MaskRle } from '../../../src/core/rle.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { FeatureCache } from '../featureCache.ts';
import { propagate } from '../propagation.ts';
import { StageTimer } from '../stageTimer.ts';
import { loadEmbedded } from '../testing/embeddedWeights.ts';
import { PaintedClip } from '../testing/paintedClip.ts';
import type { EmbeddedFeatures } from './features.ts';

const SIZE = { width: 320, height: 180 };
/** A bus that stands still. */
const BUS = { x0: 30, y0: 60, x1: 290, y1: 120 };
const POLE = 70;
/** Where a pole before it is on each frame: its left edge. */
const POLES = [292, 264, 238, 213, 188, 163, 138];

const isBus = (x: number, y: number) => x >= BUS.x0 && x < BUS.x1 && y >= BUS.y0 && y < BUS.y1;
const isPole = (frame: number, x: number) => x >= (POLES[frame] ?? 0) && x < (POLES[frame] ?? 0) + POLE;

/** What can be seen of the bus. */
function truth(frame: number): MaskRle {
  const mask = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    return isBus(x, y) && !isPole(frame, x) ? 1 : 0;
  });
  return encodeRle(mask, SIZE);
}

/** A red bus with dark windows over a striped ground, and a grey pole. */
function paint(frame: number): RgbaImage {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  for (let y = 0, at = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++, at += 4) {
      const ground = 90 + 30 * Math.sin(x / 9) + 20 * Math.cos(y / 7);
      const window = y >= 70 && y < 90 && (x - BUS.x0) % 34 > 8;
      if (isPole(frame, x)) data.set([150, 150, 155, 255], at);
      else if (!isBus(x, y)) data.set([ground * 0.6, ground, ground * 0.8, 255], at);
      else data.set(window ? [50, 55, 70, 255] : [200, 60, 40, 255], at);
    }
  }
  return { ...SIZE, data };
}

it('finds on the far side of a pole what the pole cuts in two, with the real weights', async () => {
  const timer = new StageTimer();
  const model = await loadEmbedded(createNodeRuntime(), timer);
  const clip = new PaintedClip(SIZE, POLES.length, paint);
  const features = new FeatureCache<EmbeddedFeatures>(clip, model, timer, 1e9);
  const prompts = new Map([[0, { points: [], mask: truth(0) }]]);
  const run = propagate(
    clip,
    model,
    (index, work, frame) => features.use(index, work, frame),
    [{ objectId: 1, prompts }],
    new AbortController().signal,
  );
  const ious: number[] = [];
  for await (const { frame, objects } of run)
    for (const { mask } of objects) ious[frame] = rleIou(mask, truth(frame));
  await features.dispose();
  await model.dispose();
  for (const iou of ious) expect(iou).toBeGreaterThan(0.85);
}, 60_000);
