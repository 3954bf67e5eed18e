import { PLAIN_EDGE, type EdgeSettings } from '../../src/core/edges/edgeSettings.ts';
import type { RgbaImage } from '../../src/core/frames.ts';
import type { Size } from '../../src/core/geometry.ts';
import type { Neighbours } from '../../src/core/edges/steady.ts';
import { decodeRle, emptyRle, encodeColumns, type MaskRle } from '../../src/core/rle.ts';
import { paintEdge, type EdgeKind } from '../../tools/edges/paintedEdges.ts';
import { randomFrom } from '../../tools/hostile/random.ts';
import { checkEdges } from '../../workers/stage/edges/checkEdges.ts';
import { compareEdges, type EdgeDifference } from '../../workers/stage/edges/compareEdges.ts';
import { openSharedDevice } from './devices.ts';

/** A painted picture, and the edges of the objects on it. */
export interface EdgeTask extends Size {
  /** `gray` is noise of one colour, of which a guided filter's matrices are nearly singular; `black` has no colours at all. */
  readonly picture: EdgeKind | 'gray' | 'black';
  /** Of the object in the middle, of one at the border of the frame that lies on it, and of a small one; hard where there is none. */
  readonly edges: readonly (Partial<EdgeSettings> | undefined)[];
  /** Whether none of the objects is on the frame. */
  readonly isEmpty?: boolean;
}

/** For each task, how far the GPU's soft edges are from the CPU's. One maker serves all, as on the stage. */
export async function softEdges(tasks: readonly EdgeTask[]): Promise<EdgeDifference[]> {
  const device = await openSharedDevice();
  const { makers, problem } = await checkEdges(device);
  if (!makers) throw new Error(`The GPU fails its own check: ${problem}`);
  const found: EdgeDifference[] = [];
  for (const task of tasks) {
    const { mask, picture } = paint(task);
    const masks = [mask, ...otherMasks(task)];
    const given = task.edges.map((edge, at) => {
      const seen = task.isEmpty ? emptyRle(task) : (masks[at] ?? mask);
      return {
        mask: seen,
        edge: edge && { ...PLAIN_EDGE, ...edge },
        neighbours: neighboursOf(seen, at),
      };
    });
    device.pushErrorScope('validation');
    found.push(await compareEdges(device, makers, picture, given));
    const error = await device.popErrorScope();
    if (error) throw new Error(`${JSON.stringify(task)}: ${error.message}`);
  }
  return found;
}

/** A mask as it may be on the frames beside: with other bumps, and farther on. */
function neighboursOf(mask: MaskRle, at: number): Neighbours {
  const random = randomFrom(11 + at);
  const pixels = decodeRle(mask);
  const beside = (shift: number) =>
    encodeColumns(mask, (x, column) => {
      for (let y = 0; y < mask.height; y++) {
        const from = x - shift;
        const value = from < 0 || from >= mask.width ? 0 : (pixels[y * mask.width + from] ?? 0);
        column[y] = random() < 0.03 ? 1 - value : value;
      }
    });
  return { before: beside(-1), after: beside(2) };
}

function paint(task: EdgeTask): { readonly mask: MaskRle; readonly picture: RgbaImage } {
  if (task.picture !== 'gray' && task.picture !== 'black') return paintEdge(task.picture, 3, task);
  return { mask: paintEdge('fur', 3, task).mask, picture: plain(task) };
}

function plain({ width, height, picture }: EdgeTask): RgbaImage {
  const random = randomFrom(5);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < data.length; at += 4) {
    const value = picture === 'black' ? 0 : 255 * random();
    data.set([value, value, value, 255], at);
  }
  return { width, height, data };
}

function otherMasks(size: Size): MaskRle[] {
  const { width, height } = size;
  const box = (x0: number, x1: number, y0: number, y1: number) =>
    encodeColumns(size, (x, column) => {
      column.fill(0);
      if (x >= x0 && x < x1) column.fill(1, Math.round(y0), Math.round(y1));
    });
  return [
    box(0.6 * width, width, 0.4 * height, height),
    box(0.1 * width, 0.1 * width + 3, 0.2 * height, 0.2 * height + 3),
  ];
}
