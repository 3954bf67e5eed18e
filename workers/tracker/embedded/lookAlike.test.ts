import { expect, it } from 'vitest';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { encodeRle, rleIou, type MaskRle } from '../../../src/core/rle.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { FeatureCache } from '../featureCache.ts';
import { propagate, type RunState } from '../propagation.ts';
import { StageTimer } from '../stageTimer.ts';
import { loadEmbedded } from '../testing/embeddedWeights.ts';
import { PaintedClip } from '../testing/paintedClip.ts';
import type { EmbeddedFeatures } from './features.ts';
import type { EmbeddedMemory } from './memory.ts';

const [WIDTH, HEIGHT, RADIUS] = [320, 180, 26];

/** Where on each frame the middle of a ball is that passes in front of another, which stands nearly still. */
const PASSING = {
  fromTheBeginning: [245, 227, 209, 191, 173, 155, 137, 119],
  later: [-99, -99, -99, -99, 262, 240, 215, 190, 172, 150, 128],
};
type Passing = keyof typeof PASSING;

const ballOn = (frame: number) => ({ x: 150 + frame, y: 84 });
const twinOn = (frame: number, passing: Passing) => ({ x: PASSING[passing][frame] ?? -99, y: 88 });

const isIn = (centre: { x: number; y: number }, x: number, y: number) =>
  Math.hypot(x - centre.x, y - centre.y) < RADIUS;

/** What can be seen of the ball. */
function truth(frame: number, passing: Passing): MaskRle {
  const mask = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return isIn(ballOn(frame), x, y) && !isIn(twinOn(frame, passing), x, y) ? 1 : 0;
  });
  return encodeRle(mask, { width: WIDTH, height: HEIGHT });
}

/** Red balls with a white band over a striped ground. */
function paint(frame: number, passing: Passing): RgbaImage {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 4) {
      const ground = 90 + 30 * Math.sin(x / 9) + 20 * Math.cos(y / 7);
      const ball = [twinOn(frame, passing), ballOn(frame)].find((centre) => isIn(centre, x, y));
      const edge = ball && Math.hypot(x - ball.x, y - ball.y) / RADIUS;
      const shade = edge === undefined ? 1 : 1 - 0.5 * edge ** 2;
      if (!ball) data.set([ground * 0.6, ground, ground * 0.8, 255], at);
      else if (Math.abs(y - ball.y) < 6) data.set([235 * shade, 230 * shade, 220 * shade, 255], at);
      else data.set([220 * shade, 60 * shade, 40 * shade, 255], at);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** Follows the ball with the real weights: from the beginning, and once more from the state after `resumed`. */
async function followBall(passing: Passing, resumed: number) {
  const timer = new StageTimer();
  const model = await loadEmbedded(createNodeRuntime(), timer);
  const size = { width: WIDTH, height: HEIGHT };
  const clip = new PaintedClip(size, PASSING[passing].length, (frame) => paint(frame, passing));
  const features = new FeatureCache<EmbeddedFeatures>(clip, model, timer, 1e9);
  const prompts = new Map([[0, { points: [], mask: truth(0, passing) }]]);
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
      for (const { mask } of objects) ious[frame] = rleIou(mask, truth(frame, passing));
    return ious;
  };
  const whole = await follow();
  const rest = await follow(states[resumed]);
  await features.dispose();
  await model.dispose();
  return { whole, rest };
}

it('does not follow a look-alike that passes in front of the object, with the real weights', async () => {
  const { whole, rest } = await followBall('fromTheBeginning', 3);
  // Half of the object is hidden on frame 4; a tracker that knows no look-alikes takes the other ball's half for it.
  expect(whole[4]).toBeGreaterThan(0.9);
  expect(whole.at(-1)).toBeGreaterThan(0.9);
  // A run that goes on where another ended knows the look-alike as well.
  expect(rest.slice(4)).toEqual(whole.slice(4));
}, 60_000);

it('nor one that comes into the frame later', async () => {
  const { whole, rest } = await followBall('later', 9);
  // The object is followed while a third of it shows. The ball before it is not taken for it, nor the half of it that comes out first.
  expect(whole[7]).toBeGreaterThan(0.9);
  expect(whole[8]).toBeGreaterThan(0.9);
  expect(whole[9]).toBe(0);
  expect(whole[10]).toBeGreaterThan(0.9);
  // A run that goes on while the object is hidden knows the look-alike as well.
  expect(rest.slice(10)).toEqual(whole.slice(10));
}, 90_000);
