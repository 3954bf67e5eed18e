import { expect, it } from 'vitest';
import type { RunState } from '../run/propagation.ts';
import { openFollower } from '../testing/embeddedWeights.ts';
import { maskWhere, PaintedClip, paintOverStripes } from '../testing/paintedClip.ts';
import type { EmbeddedMemory } from './memory.ts';

const SIZE = { width: 320, height: 180 };
const RADIUS = 26;

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
const truth = (frame: number, passing: Passing) =>
  maskWhere(SIZE, (x, y) => isIn(ballOn(frame), x, y) && !isIn(twinOn(frame, passing), x, y));

/** Red balls with a white band. */
function paint(frame: number, passing: Passing) {
  return paintOverStripes(SIZE, (x, y) => {
    const ball = [twinOn(frame, passing), ballOn(frame)].find((centre) => isIn(centre, x, y));
    if (!ball) return undefined;
    const shade = 1 - 0.5 * (Math.hypot(x - ball.x, y - ball.y) / RADIUS) ** 2;
    const band = Math.abs(y - ball.y) < 6;
    return band ? [235 * shade, 230 * shade, 220 * shade] : [220 * shade, 60 * shade, 40 * shade];
  });
}

/** Follows the ball with the real weights: from the beginning, and once more from the state after `resumed`. */
async function followBall(passing: Passing, resumed: number) {
  const clip = new PaintedClip(SIZE, PASSING[passing].length, (frame) => paint(frame, passing));
  const { follow, dispose } = await openFollower(clip, (frame) => truth(frame, passing));
  const states: RunState<EmbeddedMemory>[] = [];
  // As they are saved and read again.
  const whole = await follow({ onState: (state) => states.push(structuredClone(state)) });
  const rest = await follow({ resumeFrom: states[resumed] });
  await dispose();
  return { whole, rest };
}

it('does not follow a look-alike that passes in front of the object, with the real weights', async () => {
  const { whole, rest } = await followBall('fromTheBeginning', 3);
  // Half of the object is hidden on frame 4; a tracker that knows no look-alikes takes the other ball's half for it.
  expect(whole[4]).toBeGreaterThan(0.9);
  expect(whole.at(-1)).toBeGreaterThan(0.9);
  // A run that goes on where another ended knows the look-alike as well.
  expect(rest.slice(4)).toEqual(whole.slice(4));
}, 240_000);

it('nor one that comes into the frame later', async () => {
  const { whole, rest } = await followBall('later', 8);
  // Half of the object is hidden on frame 8, and more on the next: the ball before it is not taken for it.
  expect(Math.min(...whole.slice(0, 9))).toBeGreaterThan(0.9);
  expect(whole[9]).toBe(0);
  expect(whole[10]).toBeGreaterThan(0.9);
  // A run that goes on while the object is hidden knows the look-alike as well.
  expect(rest.slice(9)).toEqual(whole.slice(9));
}, 240_000);
