import { PaintedClip, maskWhere, paintOverStripes } from '../../workers/tracker/testing/paintedClip.ts';
import type { MaskRle } from '../../src/core/rle.ts';

/** A short clip with an object in it whose mask is known on every frame. */
export interface GateClip {
  readonly name: string;
  readonly clip: PaintedClip;
  /** What can be seen of the object. @param frame from 0 */
  readonly truth: (frame: number) => MaskRle;
}

type Colour = readonly [number, number, number];

/** A thing of a clip, in pixels of the frame. */
interface Thing {
  readonly isIn: (x: number, y: number, frame: number) => boolean;
  readonly colour: (x: number, y: number, frame: number) => Colour;
}

const SIZE = { width: 320, height: 180 };

/** A clip of things over a striped ground: those further up in the list hide those below, and the object is the one named. */
function clipOf(name: string, frames: number, things: readonly Thing[], object: Thing): GateClip {
  const topmost = (x: number, y: number, frame: number) => things.find(({ isIn }) => isIn(x, y, frame));
  return {
    name,
    clip: new PaintedClip(SIZE, frames, (frame) =>
      paintOverStripes(SIZE, (x, y) => topmost(x, y, frame)?.colour(x, y, frame)),
    ),
    truth: (frame) => maskWhere(SIZE, (x, y) => topmost(x, y, frame) === object),
  };
}

/** A ball with a white band and a darker rim, whose middle is where `at` says. */
function ball(at: (frame: number) => { readonly x: number; readonly y: number }, radius = 26): Thing {
  return {
    isIn: (x, y, frame) => Math.hypot(x - at(frame).x, y - at(frame).y) < radius,
    colour: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      const shade = 1 - 0.5 * (Math.hypot(x - cx, y - cy) / radius) ** 2;
      return Math.abs(y - cy) < 6
        ? [235 * shade, 230 * shade, 220 * shade]
        : [220 * shade, 60 * shade, 40 * shade];
    },
  };
}

/** A plain upright plate. */
function plate(x0: (frame: number) => number, width: number, colour: Colour): Thing {
  return {
    isIn: (x, _y, frame) => x >= x0(frame) && x < x0(frame) + width,
    colour: () => colour,
  };
}

/** A figure with a body and two legs that swing, which walks to the right. */
function walker(at: (frame: number) => { readonly x: number; readonly y: number }): Thing {
  const legs = (frame: number) => [-1, 1].map((side) => side * 14 * Math.sin(frame * 0.9));
  return {
    isIn: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      const [dx, dy] = [x - cx, y - cy];
      if (Math.hypot(dx / 20, (dy + 18) / 28) < 1 || Math.hypot(dx, dy + 56) < 12) return true;
      const down = (dy - 4) / 46;
      return down > 0 && down < 1 && legs(frame).some((swing) => Math.abs(dx - swing * down) < 7);
    },
    colour: (_x, y, frame) => (y - at(frame).y > 4 ? [40, 50, 110] : [225, 190, 60]),
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

/** What the quality gate tracks; all of it is painted here. */
export const GATE_CLIPS: readonly GateClip[] = [growing(), walking(), hidden(), passed(), pole()];
