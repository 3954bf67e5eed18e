import { expect, it } from 'vitest';
import { openFollower } from '../testing/embeddedWeights.ts';
import { maskWhere, PaintedClip, paintOverStripes } from '../testing/paintedClip.ts';

const SIZE = { width: 320, height: 180 };
/** A bus that stands still. */
const BUS = { x0: 30, y0: 60, x1: 290, y1: 120 };
const POLE = 70;
/** Where a pole before it is on each frame: its left edge. */
const POLES = [292, 264, 238, 213, 188, 163, 138];

const isBus = (x: number, y: number) => x >= BUS.x0 && x < BUS.x1 && y >= BUS.y0 && y < BUS.y1;
const isPole = (frame: number, x: number) => x >= (POLES[frame] ?? 0) && x < (POLES[frame] ?? 0) + POLE;

/** What can be seen of the bus. */
const truth = (frame: number) => maskWhere(SIZE, (x, y) => isBus(x, y) && !isPole(frame, x));

/** A red bus with dark windows, and a grey pole. */
function paint(frame: number) {
  return paintOverStripes(SIZE, (x, y) => {
    if (isPole(frame, x)) return [150, 150, 155];
    if (!isBus(x, y)) return undefined;
    const window = y >= 70 && y < 90 && (x - BUS.x0) % 34 > 8;
    return window ? [50, 55, 70] : [200, 60, 40];
  });
}

it('finds on the far side of a pole what the pole cuts in two, with the real weights', async () => {
  const { follow, dispose } = await openFollower(new PaintedClip(SIZE, POLES.length, paint), truth);
  const ious = await follow();
  await dispose();
  for (const iou of ious) expect(iou).toBeGreaterThan(0.85);
}, 60_000);
