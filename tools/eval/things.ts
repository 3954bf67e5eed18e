import type { Size } from '../../src/core/geometry.ts';
import type { MaskRle } from '../../src/core/rle.ts';
import { maskWhere, PaintedClip, paintOverStripes } from '../../workers/tracker/testing/paintedClip.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** In pixels of the frame. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A thing of a painted clip, in pixels of the frame. */
export interface Thing {
  readonly isIn: (x: number, y: number, frame: number) => boolean;
  readonly colour: (x: number, y: number, frame: number) => Colour;
}

/** The things of a frame: those further up in the list hide those below. */
export type Stack = (frame: number) => readonly Thing[];

/** A clip of things over a striped ground. */
export function paintThings(size: Size, frameCount: number, things: Stack): PaintedClip {
  return new PaintedClip(size, frameCount, (frame) => {
    const stack = things(frame);
    return paintOverStripes(size, (x, y) => topmost(stack, x, y, frame)?.colour(x, y, frame));
  });
}

/** What can be seen of a thing. */
export function visiblePart(size: Size, things: Stack, thing: Thing, frame: number): MaskRle {
  const stack = things(frame);
  return maskWhere(size, (x, y) => topmost(stack, x, y, frame) === thing);
}

/** A thing as if nothing hid it. */
export function wholeThing(size: Size, { isIn }: Thing, frame: number): MaskRle {
  return maskWhere(size, (x, y) => isIn(x, y, frame));
}

function topmost(stack: readonly Thing[], x: number, y: number, frame: number): Thing | undefined {
  return stack.find(({ isIn }) => isIn(x, y, frame));
}

/** Keeps the last frame's answer: a picture asks for it once a pixel. */
function onceAFrame<Answer>(of: (frame: number) => Answer): (frame: number) => Answer {
  let last: { readonly frame: number; readonly answer: Answer } | undefined;
  return (frame) => {
    if (last?.frame !== frame) last = { frame, answer: of(frame) };
    return last.answer;
  };
}

/** A ball with a white band and a darker rim. @param place its middle */
export function ball(place: (frame: number) => Place, radius = 26, tint: Colour = [220, 60, 40]): Thing {
  const at = onceAFrame(place);
  return {
    isIn: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      // Most pixels are beside it, and a root takes long.
      return Math.abs(y - cy) < radius && Math.abs(x - cx) < radius && Math.hypot(x - cx, y - cy) < radius;
    },
    colour: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      const shade = 1 - 0.5 * (Math.hypot(x - cx, y - cy) / radius) ** 2;
      const [red, green, blue] = Math.abs(y - cy) < 6 ? ([235, 230, 220] as const) : tint;
      return [red * shade, green * shade, blue * shade];
    },
  };
}

/** A plain upright plate. */
export function plate(x0: (frame: number) => number, width: number, colour: Colour): Thing {
  return {
    isIn: (x, _y, frame) => x >= x0(frame) && x < x0(frame) + width,
    colour: () => colour,
  };
}

/** A figure with a body and two legs that swing. @param place the middle of its hips */
export function walker(
  place: (frame: number) => Place,
  shirt: Colour = [225, 190, 60],
  trousers: Colour = [40, 50, 110],
): Thing {
  const at = onceAFrame(place);
  const legs = onceAFrame((frame) => [-1, 1].map((side) => side * 14 * Math.sin(frame * 0.9)));
  return {
    isIn: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      const [dx, dy] = [x - cx, y - cy];
      // Most pixels are beside it, and a root takes long.
      if (Math.abs(dx) > 21 || dy < -68 || dy > 50) return false;
      if (Math.hypot(dx / 20, (dy + 18) / 28) < 1 || Math.hypot(dx, dy + 56) < 12) return true;
      const down = (dy - 4) / 46;
      return down > 0 && down < 1 && legs(frame).some((swing) => Math.abs(dx - swing * down) < 7);
    },
    colour: (_x, y, frame) => (y - at(frame).y > 4 ? trousers : shirt),
  };
}

/** A cup that stands on its mouth, with a rim below and light from the left. @param place its middle */
export function cup(place: (frame: number) => Place, height: number, tint: Colour): Thing {
  const at = onceAFrame(place);
  const half = (dy: number) => height * (0.32 + 0.14 * (dy / height + 0.5));
  return {
    isIn: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      const dy = y - cy;
      return Math.abs(dy) < height / 2 && Math.abs(x - cx) < half(dy);
    },
    colour: (x, y, frame) => {
      const { x: cx, y: cy } = at(frame);
      const across = (x - cx) / half(y - cy);
      const shade = (y - cy > 0.38 * height ? 0.75 : 1) * (0.95 - 0.35 * across * across - 0.2 * across);
      return [tint[0] * shade, tint[1] * shade, tint[2] * shade];
    },
  };
}
