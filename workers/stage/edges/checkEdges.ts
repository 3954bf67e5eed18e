import { PLAIN_EDGE } from '../../../src/core/edges/edgeSettings.ts';
import type { RgbaImage } from '../../../src/core/frames.ts';
import type { EdgeCheck } from '../../../src/core/protocol/stage.ts';
import { encodeColumns } from '../../../src/core/rle.ts';
import { compareEdges, type EdgeMakers, type MaskToCompare } from './compareEdges.ts';
import { MaskShapes } from './maskShapes.ts';
import { SoftEdges } from './softEdges.ts';

const SIZE = { width: 96, height: 64 };
/** Steps of 8 bits by which alpha, and colours, may be apart. */
const TOLERANCE = { alpha: 1, colors: 2 };

/**
 * Has a device make the edges of a small picture, and compares them with the CPU's.
 * @returns what makes edges, with what it can do; nothing can where it fails, or makes others than the CPU
 */
export async function checkEdges(device: GPUDevice): Promise<EdgeCheck & { readonly makers?: EdgeMakers }> {
  for (const filter of ['validation', 'internal', 'out-of-memory'] as const) device.pushErrorScope(filter);
  let found: EdgeCheck & { readonly makers?: EdgeMakers };
  try {
    const makers = { shapes: new MaskShapes(device), soft: new SoftEdges(device) };
    const { picture, masks } = paintedPicture();
    const off = await compareEdges(device, makers, picture, masks);
    const isSame = off.alpha <= TOLERANCE.alpha && off.colors <= TOLERANCE.colors;
    found = isSame
      ? { makers, mostPixels: SoftEdges.mostPixels(device) }
      : {
          mostPixels: 0,
          problem: `alpha is off by ${off.alpha} of 255, colours by ${off.colors.toFixed(1)}`,
        };
  } catch (thrown) {
    found = { mostPixels: 0, problem: String(thrown) };
  }
  const errors = await Promise.all(Array.from({ length: 3 }, () => device.popErrorScope()));
  const error = errors.find((each) => each !== null);
  return error ? { mostPixels: 0, problem: error.message } : found;
}

/** Objects with all kinds of edges: one follows the colours, one is grown, smoothed and steadied, one shrunk, and all but that are blurred. */
function paintedPicture(): { readonly picture: RgbaImage; readonly masks: readonly MaskToCompare[] } {
  const { width, height } = SIZE;
  const isDisc = (x: number, y: number) => (x - 40) ** 2 + (y - 32) ** 2 < 400 + 120 * Math.sin(x + 2 * y);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      const grain = (7 * x + 13 * y + x * y) % 17;
      data.set(isDisc(x, y) ? [190 + grain, 90, 60 - y / 4, 255] : [60 + x / 3, 110 + grain, 140, 255], at);
    }
  const maskWhere = (isObject: (x: number, y: number) => boolean) =>
    encodeColumns(SIZE, (x, column) => {
      for (let y = 0; y < height; y++) column[y] = Number(isObject(x, y));
    });
  const ragged = (frame: number) =>
    maskWhere(
      (x, y) => x > 8 && x < 40 + ((5 * y + 3 * frame) % 4) && y > 6 && y < 24 && (x + 2 * y) % 13 > 0,
    );
  return {
    picture: { width, height, data },
    masks: [
      {
        mask: maskWhere((x, y) => (x - 41) ** 2 + (y - 32) ** 2 < 400),
        edge: { ...PLAIN_EDGE, detail: 7, strength: 80, feather: 2 },
      },
      { mask: maskWhere((x, y) => x > 70 && y < 30), edge: { ...PLAIN_EDGE, feather: 5 } },
      {
        mask: ragged(1),
        edge: { ...PLAIN_EDGE, steady: 3, grow: 2, smooth: 4, feather: 3 },
        neighbours: { before: ragged(0), after: ragged(2) },
      },
      { mask: maskWhere((x, y) => x + y < 30), edge: { ...PLAIN_EDGE, grow: -4 } },
    ],
  };
}
