import type { Size } from '../../src/core/geometry.ts';
import type { MaskRle } from '../../src/core/rle.ts';
import type { PaintedClip } from '../../workers/tracker/testing/paintedClip.ts';
import { ball, paintThings, plate, visiblePart, walker, type Thing } from '../eval/things.ts';

/** A short clip with an object in it whose mask is known on every frame. */
export interface GateClip {
  readonly name: string;
  readonly clip: PaintedClip;
  /** What can be seen of the object. @param frame from 0 */
  readonly truth: (frame: number) => MaskRle;
}

const WIDE: Size = { width: 320, height: 180 };

/** A clip of things over a striped ground: those further up in the list hide those below, and the object is the one named. */
function clipOf(
  name: string,
  frames: number,
  things: readonly Thing[],
  object: Thing,
  size: Size = WIDE,
): GateClip {
  return {
    name,
    clip: paintThings(size, frames, () => things),
    truth: (frame) => visiblePart(size, () => things, object, frame),
  };
}

const still = (x: number, y: number) => () => ({ x, y });

/** A ball that moves and comes nearer. */
function growing(): GateClip {
  const thing: Thing = {
    isIn: (x, y, frame) => Math.hypot(x - 80 - 14 * frame, (y - 95) * 1.3) < 18 + 3 * frame,
    colour: (x, y) => (Math.floor(x / 8) % 2 === Math.floor(y / 8) % 2 ? [230, 210, 60] : [150, 60, 160]),
  };
  return clipOf('growing', 8, [thing], thing);
}

/** A figure whose legs swing. */
function walking(): GateClip {
  const figure = walker((frame) => ({ x: 70 + 16 * frame, y: 100 }));
  return clipOf('walking', 8, [figure], figure);
}

/** A ball that goes behind a wide plate and comes out on its other side. */
function hidden(): GateClip {
  const object = ball((frame) => ({ x: 60 + 26 * frame, y: 100 }));
  return clipOf('hidden', 9, [plate(() => 130, 60, [70, 90, 60]), object], object);
}

/** A ball before which another like it passes. */
function passed(): GateClip {
  const object = ball(still(150, 90));
  const twin = ball((frame) => ({ x: 268 - 34 * frame, y: 92 }));
  return clipOf('passed', 8, [twin, object], object);
}

/** A ball before which a thin pole passes. */
function pole(): GateClip {
  const object = ball((frame) => ({ x: 170 - 2 * frame, y: 95 }), 34);
  return clipOf('pole', 8, [plate((frame) => 215 - 14 * frame, 14, [60, 60, 70]), object], object);
}

/** In a portrait frame, a figure whose legs swing; it comes down to the lower edge behind a plate. */
function portrait(): GateClip {
  const figure = walker((frame) => ({ x: 60 + 8 * frame, y: 90 + 22 * frame }));
  const cover = plate((frame) => 150 - 6 * frame, 16, [70, 90, 60]);
  return clipOf('portrait', 8, [cover, figure], figure, { width: 180, height: 320 });
}

/** In a frame of 4:3, a figure that walks behind a pole. */
function fourByThree(): GateClip {
  const figure = walker((frame) => ({ x: 60 + 14 * frame, y: 110 }));
  const pole = plate(() => 128, 12, [60, 60, 70]);
  return clipOf('fourByThree', 8, [pole, figure], figure, { width: 240, height: 180 });
}

/** What the quality gate tracks; all of it is painted here. */
export const GATE_CLIPS: readonly GateClip[] = [
  ...[growing(), walking(), hidden(), passed(), pole()],
  ...[portrait(), fourByThree()],
];
