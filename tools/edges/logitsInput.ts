import { alphaMargin, detailed } from '../../src/core/edges/edges.ts';
import { layAlpha } from '../../src/core/edges/objectsAlpha.ts';
import { areaOf, patchOf } from '../../src/core/edges/patch.ts';
import { contentOf } from '../../src/core/frames.ts';
import { letterbox, type Size } from '../../src/core/geometry.ts';
import { encodeRle, rleBounds, type MaskRle } from '../../src/core/rle.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import type { Grid } from '../../workers/tracker/masks/grid.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { boundaryMeasure } from '../eval/measures.ts';
import { formatTable } from '../eval/table.ts';
import { DEFAULT_MODEL, DEFAULT_PRECISION, loadModel } from '../node/models.ts';
import { EDGE_KINDS, type EdgeKind, type PaintedEdge } from './paintedEdges.ts';

/** What the guided filter is given in place of the mask: a share for each logit. */
const INPUTS: readonly (readonly [name: string, shareOf: (logit: number) => number])[] = [
  ['mask', (logit) => Number(logit > 0)],
  ['sigmoid', (logit) => 1 / (1 + Math.exp(-logit))],
  ['sigmoid, half as steep', (logit) => 1 / (1 + Math.exp(-logit / 2))],
  ['within ±1', (logit) => Math.min(1, Math.max(0, 0.5 + logit / 2))],
  ['within ±4', (logit) => Math.min(1, Math.max(0, 0.5 + logit / 8))],
];
const REACHES = [8, 16];

/**
 * Prints how near soft edges come to painted ones when the guided filter is given, in place of the mask, the logits that the mask was made of: those
 * of the embedded model, prompted with the box round the object.
 */
export async function printLogitsInput(
  paint: (kind: EdgeKind, seed: number) => PaintedEdge,
  seeds: readonly number[],
): Promise<void> {
  const model = await loadModel(
    { model: DEFAULT_MODEL, precision: DEFAULT_PRECISION },
    createNodeRuntime({ threads: 1 }),
    new StepTimer(),
  );
  const rows: string[][] = [];
  for (const kind of EDGE_KINDS) {
    const ways = REACHES.flatMap((reach) => INPUTS.map((input) => ({ reach, input })));
    const measured: (readonly Measured[])[] = [];
    for (const seed of seeds) {
      const painted = paint(kind, seed);
      const predicted = await predict(model, painted);
      measured.push(ways.map(({ reach, input: [, shareOf] }) => measure(painted, predicted, reach, shareOf)));
    }
    ways.forEach(({ reach, input: [name] }, at) => {
      const asMask = ways.findIndex((way) => way.reach === reach);
      const errors = measured.map((row) => row[at]?.error ?? NaN);
      const gains = measured.map((row) => (row[asMask]?.error ?? NaN) - (row[at]?.error ?? NaN));
      const boundary = mean(measured.map((row) => row[at]?.boundary ?? NaN));
      const gain = `${mean(gains).toFixed(3)} ± ${standardError(gains).toFixed(3)}`;
      rows.push([kind, `${reach}`, name, mean(errors).toFixed(3), gain, boundary.toFixed(3)]);
    });
  }
  await model.dispose();
  console.log(
    'Alpha from logits: mean absolute error as above, how much less that is than with the mask, and boundary F where alpha is cut at one half',
  );
  console.log(formatTable(['edge', 'detail', 'input', 'error', 'gain', 'F'], rows));
}

interface Predicted {
  readonly mask: MaskRle;
  /** Of each pixel of the frame, row by row. */
  readonly logits: Float32Array;
}

async function predict(model: AnyVideoModel, { picture, alpha }: PaintedEdge): Promise<Predicted> {
  const box = rleBounds(cutAtHalf(alpha, picture));
  if (box === null) throw new Error('Nothing was painted.');
  const features = await model.encode(contentOf(picture));
  const { mask, logits } = await model.segment(features, { points: [], box });
  model.free(features);
  const grid = { width: logits.dims.at(-1) ?? 0, height: logits.dims.at(-2) ?? 0, data: logits.data };
  return { mask, logits: enlarged(grid, picture) };
}

interface Measured {
  readonly error: number;
  readonly boundary: number;
}

function measure(
  { picture, alpha }: PaintedEdge,
  { mask, logits }: Predicted,
  reach: number,
  shareOf: (logit: number) => number,
): Measured {
  const found = new Uint8Array(alpha.length);
  const area = areaOf(mask, alphaMargin({ detail: reach, feather: 0 }));
  if (area) {
    const covered = new Float32Array(area.width * area.height);
    for (let y = 0, at = 0; y < area.height; y++)
      for (let x = 0; x < area.width; x++, at++)
        covered[at] = shareOf(logits[(area.y + y) * picture.width + area.x + x] ?? 0);
    const soft = detailed(patchOf(mask, area), covered, picture, reach);
    layAlpha(found, picture, { ...area, values: Uint8Array.from(soft, (share) => Math.round(255 * share)) });
  }
  let [sum, mixed] = [0, 0];
  alpha.forEach((share, at) => {
    sum += Math.abs(share - (found[at] ?? 0)) / 255;
    mixed += Number(share > 0 && share < 255);
  });
  const boundary = boundaryMeasure(cutAtHalf(found, picture), cutAtHalf(alpha, picture));
  return { error: sum / mixed, boundary };
}

/** Logits of the pixels of a frame, as `logitsToMask` cuts them at 0: bilinear. */
function enlarged(grid: Grid, video: Size): Float32Array {
  const { scale, content, side } = letterbox(video, grid.width);
  const at = (pixel: number, cells: number) =>
    Math.min(Math.max((pixel + 0.5) * scale.x - 0.5, 0), Math.min(side, cells) - 1);
  const result = new Float32Array(video.width * video.height);
  for (let y = 0, to = 0; y < video.height; y++) {
    const row = at(y, content.height);
    const [top, low] = [Math.floor(row), Math.min(Math.floor(row) + 1, content.height - 1)];
    for (let x = 0; x < video.width; x++, to++) {
      const column = at(x, content.width);
      const [left, right] = [Math.floor(column), Math.min(Math.floor(column) + 1, content.width - 1)];
      const between = (line: number) => {
        const [a = 0, b = 0] = [grid.data[line * side + left], grid.data[line * side + right]];
        return a + (column - left) * (b - a);
      };
      const [above, below] = [between(top), between(low)];
      result[to] = above + (row - top) * (below - above);
    }
  }
  return result;
}

function cutAtHalf(alpha: Uint8Array, size: Size): MaskRle {
  return encodeRle(
    alpha.map((share) => Number(share >= 128)),
    size,
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
}
