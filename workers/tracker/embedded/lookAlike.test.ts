import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { encodeRle, rleIou, type MaskRle } from '../../../src/core/rle.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { FeatureCache } from '../featureCache.ts';
import { propagate, type RunState } from '../propagation.ts';
import { StageTimer } from '../stageTimer.ts';
import { PaintedClip } from '../testing/paintedClip.ts';
import { EmbeddedModel } from './embeddedModel.ts';
import type { EmbeddedFeatures } from './features.ts';
import type { EmbeddedMemory } from './memory.ts';

const WEIGHTS = new URL('../../../node_modules/.cache/masklet/', import.meta.url);
const [WIDTH, HEIGHT, RADIUS] = [320, 180, 26];

/** A ball that stands nearly still, and one like it that passes in front of it. */
const BALL = [150, 151, 152, 153, 154, 155, 156, 157].map((x) => ({ x, y: 84 }));
const TWIN = [245, 227, 209, 191, 173, 155, 137, 119].map((x) => ({ x, y: 88 }));

const isIn = (centre: { x: number; y: number } | undefined, x: number, y: number) =>
  centre !== undefined && Math.hypot(x - centre.x, y - centre.y) < RADIUS;

/** What can be seen of the ball. */
function truth(frame: number): MaskRle {
  const mask = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return isIn(BALL[frame], x, y) && !isIn(TWIN[frame], x, y) ? 1 : 0;
  });
  return encodeRle(mask, { width: WIDTH, height: HEIGHT });
}

/** Red balls with a white band over a striped ground. */
function paint(frame: number): RgbaImage {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 4) {
      const ground = 90 + 30 * Math.sin(x / 9) + 20 * Math.cos(y / 7);
      const ball = [TWIN[frame], BALL[frame]].find((centre) => isIn(centre, x, y));
      const edge = ball && Math.hypot(x - ball.x, y - ball.y) / RADIUS;
      const shade = edge === undefined ? 1 : 1 - 0.5 * edge ** 2;
      if (!ball) data.set([ground * 0.6, ground, ground * 0.8, 255], at);
      else if (Math.abs(y - ball.y) < 6) data.set([235 * shade, 230 * shade, 220 * shade, 255], at);
      else data.set([220 * shade, 60 * shade, 40 * shade, 255], at);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

it('does not follow a look-alike that passes in front of the object, with the real weights', async () => {
  const timer = new StageTimer();
  const model = await EmbeddedModel.load(
    createNodeRuntime(),
    {
      encoder: await readFile(new URL('encoder.fp32.onnx', WEIGHTS)),
      decoder: await readFile(new URL('decoder.onnx', WEIGHTS)),
    },
    timer,
  );
  const clip = new PaintedClip({ width: WIDTH, height: HEIGHT }, BALL.length, paint);
  const features = new FeatureCache<EmbeddedFeatures>(clip, model, timer, 1e9);
  const prompts = new Map([[0, { points: [], mask: truth(0) }]]);
  const states: RunState<EmbeddedMemory>[] = [];
  /** IoU by frame, from the beginning or from a state on. */
  const follow = async (resumeFrom?: RunState<EmbeddedMemory>) => {
    const ious: number[] = [];
    const run = propagate(
      clip,
      model,
      (index, work, frame) => features.use(index, work, frame),
      [{ objectId: 1, prompts }],
      new AbortController().signal,
      // As they are saved and read again.
      { resumeFrom, onState: (state) => states.push(structuredClone(state)) },
    );
    for await (const { frame, objects } of run)
      for (const { mask } of objects) ious[frame] = rleIou(mask, truth(frame));
    return ious;
  };
  const ious = await follow();
  const resumed = await follow(states[3]);
  await features.dispose();
  await model.dispose();
  // Half of the object is hidden on frame 4; a tracker that knows no look-alikes takes the other ball's half for it.
  expect(ious[4]).toBeGreaterThan(0.9);
  expect(ious.at(-1)).toBeGreaterThan(0.9);
  // A run that goes on where another ended knows the look-alike as well.
  expect(resumed.slice(4)).toEqual(ious.slice(4));
}, 60_000);
