import { connectedComponents } from './shape.ts';

/** Cells of the largest hole that is filled, and the logit that fills it. Source: `fill_hole_area` of the SAM 2 paper's code. */
const MOST_CELLS = 8;
const FILLING = 0.1;

/**
 * Mask logits with small holes filled: 8-connected background of up to 8 cells that does not touch the border, where it may go
 * on outside. The very logits if there is none.
 *
 * @param logits a square grid, row-major
 */
export function fillHoles(logits: Float32Array): Float32Array {
  const side = Math.sqrt(logits.length);
  const background = Uint8Array.from(logits, (logit) => (logit > 0 ? 0 : 1));
  const { labels, count } = connectedComponents({ width: side, height: side, data: background });
  const cells = new Uint32Array(count + 1);
  labels.forEach((label, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    const isBorder = x === 0 || y === 0 || x === side - 1 || y === side - 1;
    cells[label] = (cells[label] ?? 0) + (isBorder ? MOST_CELLS + 1 : 1);
  });
  const isHole = (label: number) => label > 0 && (cells[label] ?? 0) <= MOST_CELLS;
  if (!labels.some(isHole)) return logits;
  return logits.map((logit, at) => (isHole(labels[at] ?? 0) ? FILLING : logit));
}
