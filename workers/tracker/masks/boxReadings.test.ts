import { describe, expect, it } from 'vitest';
import type { ModelBox } from '../../../src/core/geometry.ts';
import { readNarrower, readWider } from './boxReadings.ts';
import type { CellBox, Grid } from './grid.ts';

const SIDE = 16;
const CELL = 4;

/** A mask of one rectangle of cells. */
function rectangle({ x0, y0, x1, y1 }: CellBox): { logits: Grid } {
  const data = new Float32Array(SIDE * SIDE).fill(-1);
  for (let y = y0; y < y1; y++) data.fill(1, y * SIDE + x0, y * SIDE + x1);
  return { logits: { width: SIDE, height: SIDE, data } };
}

/** A decoder that answers with the largest of some things that lies in the box, and what it was asked. */
function readerOf(things: readonly CellBox[]) {
  const asked: ModelBox[] = [];
  const lies = ({ x0, y0, x1, y1 }: CellBox, box: ModelBox) =>
    x0 * CELL >= box.x0 && y0 * CELL >= box.y0 && x1 * CELL <= box.x1 && y1 * CELL <= box.y1;
  const decode = (box: ModelBox) => {
    asked.push(box);
    const found = things.findLast((thing) => lies(thing, box)) ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
    return Promise.resolve(rectangle(found));
  };
  return { asked, reader: { cell: CELL, content: { width: 64, height: 48 }, decode } };
}

const part = { x0: 6, y0: 5, x1: 8, y1: 7 };
const thing = { x0: 6, y0: 5, x1: 9, y1: 7 };
const whole = { x0: 5, y0: 4, x1: 11, y1: 10 };

describe('a wider reading', () => {
  it('is what a box half as wide again holds, and stays when the box is hardly wider than that', async () => {
    const { asked, reader } = readerOf([part]);
    expect(await readWider(reader, rectangle(part), 1)).toEqual(rectangle(part));
    expect(asked[0]).toEqual({ x0: 22, y0: 18, x1: 34, y1: 30 });
    expect(asked).toHaveLength(2);
    expect(asked[1]!.x1 - asked[1]!.x0).toBeCloseTo(8 * 1.1);
  });

  it('goes further the second time, never out of the frame', async () => {
    const found = { x0: 1, y0: 1, x1: 15, y1: 11 };
    const { asked, reader } = readerOf([found]);
    const frame = { x0: 0, y0: 0, x1: 64, y1: 48 };
    expect(await readWider(reader, rectangle({ x0: 2, y0: 2, x1: 14, y1: 10 }), 2)).toEqual(rectangle(found));
    expect(asked.slice(0, 2)).toEqual([frame, frame]);
    expect(asked[2]).not.toEqual(frame);
  });

  it('is nothing where nothing is found, and that is the end', async () => {
    const { asked, reader } = readerOf([]);
    expect(await readWider(reader, rectangle(part), 2)).toEqual(rectangle({ x0: 0, y0: 0, x1: 0, y1: 0 }));
    expect(asked).toHaveLength(1);
  });
});

describe('a narrower reading', () => {
  it('is what lies in a box drawn in towards the click', async () => {
    const { asked, reader } = readerOf([thing]);
    const click = { x: 26, y: 22 };
    expect(await readNarrower(reader, rectangle(whole), 1, click)).toEqual(rectangle(thing));
    const [first] = asked;
    expect(first!.x1 - first!.x0).toBeCloseTo(24 / 1.5);
    expect(first!.x0).toBeCloseTo(26 - 6 / 1.5);
    expect(first!.y1).toBeCloseTo(22 + 18 / 1.5);
  });
});
