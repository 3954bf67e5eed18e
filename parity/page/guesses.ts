import type { Size } from '../../src/core/geometry.ts';
import type { Kept } from '../../workers/tracker/embedded/guess.ts';
import type { CellBox, Grid } from '../../workers/tracker/masks/grid.ts';

/** A guess to make prompts of. */
export interface GuessCase {
  readonly name: string;
  readonly probability: Grid;
  /** All cells outside are 0. */
  readonly asked: CellBox;
}

/** Where it does not matter what is kept of a guess. */
export const ALL_KEPT = { componentShare: 0, around: undefined } satisfies Kept;

/** Numbers from 0 to 1 that are the same every time. */
export function randomNumbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) / 2 ** 23;
  };
}

/** Guesses that are hard to make prompts of, on a grid of at least 36 by 36 cells. */
export function guessesOn(grid: Size): GuessCase[] {
  const { width, height } = grid;
  const whole = { x0: 0, y0: 0, x1: width, y1: height };
  const of = (
    name: string,
    probabilityAt: (x: number, y: number) => number,
    asked: CellBox = whole,
  ): GuessCase => {
    const data = Float32Array.from({ length: width * height }, (_, cell) => {
      const [x, y] = [cell % width, Math.floor(cell / width)];
      const isAsked = x >= asked.x0 && x < asked.x1 && y >= asked.y0 && y < asked.y1;
      return isAsked ? probabilityAt(x, y) : 0;
    });
    return { name: `${name} on ${width}×${height}`, probability: { ...grid, data }, asked };
  };
  const within = (x: number, y: number, x0: number, y0: number, x1: number, y1: number) =>
    x >= x0 && x < x1 && y >= y0 && y < y1;
  const noise = randomNumbers(width + height);
  const [middleX, middleY] = [width / 2 - 0.5, height / 2 - 0.5];
  /** How far a place lies outside one of two spirals round the middle, in turns of a spiral's width. */
  const spiral = (x: number, y: number) => {
    const [dx, dy] = [x - middleX, y - middleY];
    return (Math.hypot(dx, dy) / 6 - Math.atan2(dy, dx) / (2 * Math.PI) + 10) % 1;
  };
  return [
    of('nothing', () => 0),
    of('nothing likely', () => 0.2),
    of('everything', () => 1),
    of('one cell', (x, y) => (x === 20 && y === 20 ? 0.97 : 0)),
    of('a corner', (x, y) => (within(x, y, 0, 0, 7, 5) ? 0.95 : 0.01)),
    of('a frame’s far edge', (x, y) => (within(x, y, width - 9, height - 6, width, height) ? 0.95 : 0)),
    of('a thing and its islands', (x, y) =>
      within(x, y, 4, 4, 16, 14)
        ? 0.92 + 0.003 * x + 0.001 * y
        : within(x, y, 24, 20, 28, 24)
          ? 0.9
          : (x * 7 + y * 5) % 61 === 0
            ? 0.6
            : 0.02,
    ),
    of('a thing at the end and others at the start and beside it', (x, y) =>
      within(x, y, width - 7, height - 7, width, height)
        ? 0.85 + 0.001 * x + 0.0005 * y
        : within(x, y, 0, 0, 5, 5) || within(x, y, width - 14, height - 6, width - 9, height)
          ? 0.8 + 0.001 * x
          : 0.01,
    ),
    of('a thing at the start and another at the end', (x, y) =>
      within(x, y, 0, 0, 7, 6)
        ? 0.92 + 0.003 * x + 0.001 * y
        : within(x, y, width - 5, height - 5, width, height)
          ? 0.8
          : 0.01,
    ),
    of('two things just alike', (x, y) =>
      within(x, y, 4, 6, 12, 14) || within(x, y, 20, 6, 28, 14) ? 0.95 : 0.01,
    ),
    of('diagonals', (x, y) => ((x + y) % 9 === 0 ? 0.97 : 0.01)),
    of('a spiral', (x, y) => (spiral(x, y) < 0.35 ? 0.95 : 0.01)),
    of('two spirals, one of them weak', (x, y) => {
      const turn = spiral(x, y);
      return turn < 0.3 ? 0.97 : turn > 0.5 && turn < 0.8 ? 0.45 : 0.01;
    }),
    of('noise', () => noise()),
    of('a sure ground with noise', () => 1 - noise() ** 3),
    of('a blob in a window', (x, y) => Math.exp(-((x - 15) ** 2 + (y - 17) ** 2) / 40), {
      x0: 6,
      y0: 9,
      x1: 27,
      y1: 25,
    }),
    of('noise in a window at the edge', () => noise(), { x0: width - 14, y0: 0, x1: width, y1: 19 }),
  ];
}
