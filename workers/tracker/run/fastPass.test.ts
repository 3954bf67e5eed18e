import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/core/frames.ts';
import type { TrackedObject } from '../../../src/core/protocol/segmenter.ts';
import { emptyRle, encodeRle, rleArea, rleIou, type MaskRle } from '../../../src/core/rle.ts';
import { fastPass, type FastState } from './fastPass.ts';

const SIZE = { width: 96, height: 64 };
const FRAMES = 13;

/** Whether a pixel is of the disk that moves by `speed` pixels a frame over ground with a pattern. */
const isDisk = (frame: number, speed: number, x: number, y: number) =>
  Math.hypot(x - 20 - speed * frame, y - 32) < 12;

function trueMask(frame: number, speed: number): MaskRle {
  const at = (_: unknown, i: number) =>
    Number(isDisk(frame, speed, i % SIZE.width, Math.floor(i / SIZE.width)));
  return encodeRle(Uint8Array.from({ length: SIZE.width * SIZE.height }, at), SIZE);
}

class Film {
  readonly speed: number;
  open = 0;

  constructor(speed: number) {
    this.speed = speed;
  }

  frame(index: number): Frame {
    this.open++;
    let isOpen = true;
    const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
    for (let i = 0; i < SIZE.width * SIZE.height; i++) {
      const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
      const from = isDisk(index, this.speed, x, y) ? x - this.speed * index : 2 * x + 3 * y;
      data.fill(128 + 50 * Math.sin(from / 3) + 40 * Math.cos(y / 2), 4 * i, 4 * i + 3);
    }
    return {
      index,
      pixels: () => Promise.resolve({ ...SIZE, data }),
      close: () => {
        if (isOpen) this.open--;
        isOpen = false;
      },
    };
  }

  async *frames(first = 0): AsyncGenerator<Frame> {
    for (let index = first; index < FRAMES; index++) yield await Promise.resolve(this.frame(index));
  }
}

interface Call {
  readonly frame: number;
  readonly isRemembered: boolean;
  readonly apart: number;
}

/** A model that knows the truth, or what `maskOf` says. */
function modelOf(maskOf: (frame: number) => MaskRle) {
  const calls: Call[] = [];
  const work = {
    isAnchor: (index: number) => index === 0 || index === FRAMES - 1,
    follow: ({ index }: Frame, how: Omit<Call, 'frame'>) => {
      calls.push({ frame: index, ...how });
      const mask = maskOf(index);
      const status = rleArea(mask) > 0 ? ('tracked' as const) : ('absent' as const);
      return Promise.resolve({ objects: [{ objectId: 1, mask, score: 0.9, status }] });
    },
  };
  return { work, calls };
}

type Done = { index: number; objects: readonly TrackedObject[]; state?: FastState };

async function runFast(
  film: Film,
  maskOf: (frame: number) => MaskRle,
  signal = new AbortController().signal,
  after?: { frame: number; state: FastState },
) {
  const { work, calls } = modelOf(maskOf);
  const done: Done[] = [];
  const start = after && { frame: film.frame(after.frame), state: after.state };
  for await (const each of fastPass(film.frames(after ? after.frame + 1 : 0), work, signal, start))
    done.push(each);
  const filled = done.flatMap(({ index, objects }) => (objects[0]?.status === 'interpolated' ? [index] : []));
  return { done, calls, filled };
}

describe('a fast pass', () => {
  it('gives the model fewer and fewer frames where all goes well, and fills in the others', async () => {
    const film = new Film(2);
    const { done, calls, filled } = await runFast(film, (frame) => trueMask(frame, 2));
    expect(done.map(({ index }) => index)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
    expect(calls.map(({ frame }) => frame)).toEqual([0, 2, 5, 9, 12]);
    expect(calls.map(({ apart }) => apart)).toEqual([1, 2, 3, 4, 3]);
    expect(filled).toHaveLength(FRAMES - 5);
    for (const { index, objects } of done)
      expect(
        rleIou(objects[0]?.mask ?? emptyRle(SIZE), trueMask(index, 2)),
        `frame ${index}`,
      ).toBeGreaterThan(0.88);
    expect(film.open).toBe(0);
  });

  it('asks the model where the anchor frames disagree, without telling later frames, and then of each frame for a while', async () => {
    // From frame 4 on, the model has something else.
    const other = (frame: number) => trueMask(frame < 4 ? frame : frame + 20, 2);
    const { calls, done } = await runFast(new Film(2), other);
    expect(calls.slice(0, 5)).toEqual([
      { frame: 0, isRemembered: true, apart: 1 },
      { frame: 2, isRemembered: true, apart: 2 },
      { frame: 5, isRemembered: true, apart: 3 },
      { frame: 3, isRemembered: false, apart: 1 },
      { frame: 4, isRemembered: false, apart: 2 },
    ]);
    expect(calls.slice(5, 9).map(({ frame }) => frame)).toEqual([6, 7, 8, 9]);
    expect(done.map(({ index }) => index)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
  });

  it('leaves no frame out while an object is lost', async () => {
    const lost = (frame: number) => (frame >= 2 && frame < 8 ? emptyRle(SIZE) : trueMask(frame, 1));
    const { calls, filled } = await runFast(new Film(1), lost);
    for (let frame = 1; frame <= 8; frame++) expect(calls.map((call) => call.frame)).toContain(frame);
    expect(filled.filter((frame) => frame < 8)).toEqual([]);
  });

  it('goes on behind an anchor frame as if it had never stopped', async () => {
    const maskOf = (frame: number) => trueMask(frame, 2);
    const { done } = await runFast(new Film(2), maskOf);
    const film = new Film(2);
    const { state } = done[5] ?? {};
    if (!state) throw new Error('Frame 5 is an anchor frame.');
    const rest = await runFast(film, maskOf, undefined, { frame: 5, state });
    expect(rest.done).toEqual(done.slice(6));
    expect(film.open).toBe(0);
  });

  it('closes the frames that it holds where it is stopped', async () => {
    const film = new Film(1);
    const controller = new AbortController();
    const { work } = modelOf((frame) => trueMask(frame, 1));
    const run = async () => {
      for await (const { index } of fastPass(film.frames(), work, controller.signal))
        if (index === 3) controller.abort();
    };
    await expect(run()).rejects.toThrow();
    expect(film.open).toBe(0);
  });
});
