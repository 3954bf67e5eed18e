import type { Size } from '../../src/core/geometry.ts';
import { hashOf } from '../node/contentHash.ts';
import { randomFrom, type Random } from '../hostile/random.ts';
import type { MarkedClip } from './marked.ts';
import {
  ball,
  cup,
  paintThings,
  visiblePart,
  walker,
  wholeThing,
  type Colour,
  type Place,
  type Stack,
  type Thing,
} from './things.ts';

/**
 * Painted objects that look alike: pairs to choose rules on, pairs to report on, which nobody looks at meanwhile, and three of which all are marked.
 */
export const PAIR_SETS = ['tuning', 'held', 'three'] as const;
export type PairSet = (typeof PAIR_SETS)[number];

const PAIRS = ['shuffle', 'cross', 'past', 'beside', 'turn'];
/** The kinds of clips in a set, and the seeds of each kind. */
const CLIPS: Readonly<
  Record<PairSet, { readonly kinds: readonly string[]; readonly seeds: readonly number[] }>
> = {
  tuning: { kinds: PAIRS, seeds: [1, 2] },
  held: { kinds: PAIRS, seeds: [101, 102] },
  three: { kinds: ['three'], seeds: [1, 2, 3, 4, 5, 6] },
};

const SIZE: Size = { width: 480, height: 270 };
const FRAMES = 18;

/** A clip's things, and those of them that are marked. */
interface Scene {
  readonly things: Stack;
  readonly marked: readonly Thing[];
}

/** The names of the clips of a set. */
export function pairNames(set: PairSet): string[] {
  const { kinds, seeds } = CLIPS[set];
  return kinds.flatMap((kind) => seeds.map((seed) => `${kind}-${seed}`));
}

/** A clip of a set, the same every time. @param name of `pairNames` */
export async function paintPair(name: string): Promise<MarkedClip> {
  const [kind = '', seed = ''] = name.split('-');
  const paint = SCENES[kind];
  if (!paint) throw new RangeError(`There is no painted pair ${name}.`);
  const { things, marked } = paint(randomFrom(Number(seed)));
  const source = paintThings(SIZE, FRAMES, things);
  const frames = Array.from({ length: FRAMES }, (_, frame) => frame);
  const pixels: Uint8Array[] = [];
  for (const frame of frames) {
    const { data } = await (await source.frame(frame)).pixels();
    pixels.push(new Uint8Array(data.buffer));
  }
  return {
    name,
    content: hashOf(...pixels),
    source,
    objects: marked.map((thing) => ({
      truth: frames.map((frame) => visiblePart(SIZE, things, thing, frame)),
      whole: frames.map((frame) => wholeThing(SIZE, thing, frame)),
    })),
  };
}

const SCENES: Readonly<Record<string, (random: Random) => Scene>> = {
  /** Three cups, of which two are marked. */
  shuffle: shuffled(2),
  three: shuffled(3),

  /** Two figures that walk past each other. */
  cross: (random) => {
    const shirt = tintFrom(random);
    const [left, right] = [between(random, 80, 130), between(random, 350, 400)];
    const y = between(random, 130, 150);
    const at = (from: number, to: number, row: number) => (frame: number) => ({
      x: from + ((to - from) * frame) / (FRAMES - 1),
      y: row,
    });
    const front = walker(at(left, right, y + between(random, 4, 14)), shirt);
    const back = walker(at(right, left, y), shifted(shirt, random));
    return { things: () => [front, back], marked: random() < 0.5 ? [front, back] : [back, front] };
  },

  /** A ball that rolls past another one, in front of it or behind it, and comes to rest on its other side. */
  past: (random) => {
    const [tint, radius] = [tintFrom(random), between(random, 26, 38)];
    const y = between(random, 120, 150);
    const side = random() < 0.5 ? 1 : -1;
    const rolling = ball(
      (frame) => ({ x: 240 - side * 150 * (1 - 1.6 * ease(frame / 13)), y: y + 6 }),
      radius,
      tint,
    );
    const resting = ball(() => ({ x: 240, y }), radius * between(random, 0.92, 1.08), shifted(tint, random));
    const things = random() < 0.5 ? [rolling, resting] : [resting, rolling];
    return { things: () => things, marked: [rolling, resting] };
  },

  /** Two figures that walk beside each other, nearer and farther. */
  beside: (random) => {
    const shirt = tintFrom(random);
    const [y, speed, apart] = [between(random, 130, 150), between(random, 9, 13), between(random, 38, 46)];
    const first = walker((frame) => ({ x: 90 + speed * frame, y }), shirt);
    const second = walker(
      (frame) => ({ x: 90 + speed * frame + apart + 14 * Math.cos(0.7 * frame), y: y + 8 }),
      shifted(shirt, random),
    );
    return { things: () => [second, first], marked: [first, second] };
  },

  /** Two balls that go round each other, half a turn and more: the lower one is in front. */
  turn: (random) => {
    const [tint, radius] = [tintFrom(random), between(random, 24, 34)];
    const [start, speed] = [between(random, -0.4, 0.4), between(random, 0.2, 0.27)];
    const angle = (frame: number) => start + speed * frame;
    const place = (sign: number) => (frame: number) => ({
      x: 240 + sign * 75 * Math.cos(angle(frame)),
      y: 135 + sign * 24 * Math.sin(angle(frame)),
    });
    const [one, two] = [ball(place(1), radius, tint), ball(place(-1), radius, shifted(tint, random))];
    const things: Stack = (frame) => (Math.sin(angle(frame)) >= 0 ? [one, two] : [two, one]);
    return { things, marked: [one, two] };
  },
};

/** Three cups, the first ones marked. */
function shuffled(marked: number): (random: Random) => Scene {
  return (random) => {
    const cups = shuffledCups(random);
    const [front, back, other] = cups;
    return { things: () => [other, front, back], marked: cups.slice(0, marked) };
  };
}

/** Three cups: two change places, the first in front of the second, and then the first and the third. */
function shuffledCups(random: Random): readonly [front: Thing, back: Thing, other: Thing] {
  const [tint, height] = [tintFrom(random), between(random, 62, 84)];
  const places = [110, 240, 370];
  const y = between(random, 140, 160);
  const first = random() < 0.5 ? [0, 1] : [1, 2];
  const [a = 0, b = 1] = random() < 0.5 ? first : first.toReversed();
  const third = 3 - a - b;
  const path = (from: number, then: number, last: number, sides: readonly [number, number]) => {
    const [x0 = 0, x1 = 0, x2 = 0] = [from, then, last].map((place) => places[place]);
    return (frame: number): Place => {
      const [one, two] = [ease((frame - 1) / 7), ease((frame - 9) / 7)];
      return {
        x: x0 + (x1 - x0) * one + (x2 - x1) * two,
        y: y + 26 * (sides[0] * Math.sin(Math.PI * one) + sides[1] * Math.sin(Math.PI * two)),
      };
    };
  };
  const front = cup(path(a, b, third, [1, -1]), height, tint);
  const back = cup(path(b, a, a, [-1, 0]), height, shifted(tint, random));
  const other = cup(path(third, third, b, [0, 1]), height, shifted(tint, random));
  return [front, back, other];
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

function tintFrom(random: Random): Colour {
  return [between(random, 120, 230), between(random, 40, 200), between(random, 40, 200)];
}

/** Nearly the same colour: things of one kind that are not quite alike. */
function shifted([red, green, blue]: Colour, random: Random): Colour {
  const off = () => between(random, -12, 12);
  return [red + off(), green + off(), blue + off()];
}

/** From 0 to 1, slow at both ends. @param time from 0 to 1, and held beyond */
function ease(time: number): number {
  const held = Math.min(1, Math.max(0, time));
  return held * held * (3 - 2 * held);
}
