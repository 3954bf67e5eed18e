import type { ModelBox, ModelPoint, Size } from '../../../src/core/geometry.ts';
import { boundsAbove, type CellBox, type Grid } from './grid.ts';

/** A wider reading looks in a box this many times as wide and as high as the mask that it starts from… */
const WIDER = 1.5;
/** …and then again in one that is hardly wider than what it has found, until that stays the same. */
const SETTLE = 1.1;
const MOST_SETTLING = 6;

/** How a click is read anew in boxes. The mask that a box comes from is no prompt: something else is asked for. */
export interface BoxReader<Mask extends { readonly logits: Grid }> {
  /** Model pixels along a side of a cell of the masks' grid. */
  readonly cell: number;
  /** What the frame covers of the model's input. */
  readonly content: Size;
  /** The mask of the click in a box. */
  readonly decode: (box: ModelBox) => Promise<Mask>;
}

/** What lies in a wider box round a mask, so many times over: it is taken to be a part. */
export function readWider<Mask extends { readonly logits: Grid }>(
  reader: BoxReader<Mask>,
  part: Mask,
  times: number,
): Promise<Mask> {
  return readInBoxes(reader, part, times, (box) => widenBox(box, WIDER, reader.content));
}

/** What lies in a box drawn in towards the click by as much, so many times over: the mask is taken to be a whole. */
export function readNarrower<Mask extends { readonly logits: Grid }>(
  reader: BoxReader<Mask>,
  whole: Mask,
  times: number,
  click: ModelPoint,
): Promise<Mask> {
  return readInBoxes(reader, whole, times, (box) => ({
    x0: click.x + (box.x0 - click.x) / WIDER,
    y0: click.y + (box.y0 - click.y) / WIDER,
    x1: click.x + (box.x1 - click.x) / WIDER,
    y1: click.y + (box.y1 - click.y) / WIDER,
  }));
}

async function readInBoxes<Mask extends { readonly logits: Grid }>(
  { cell, content, decode }: BoxReader<Mask>,
  start: Mask,
  times: number,
  resize: (box: ModelBox) => ModelBox,
): Promise<Mask> {
  let found = start;
  let before: CellBox | undefined;
  for (let time = 0; time < times + MOST_SETTLING; time++) {
    const bounds = boundsAbove(found.logits, 0);
    if (!bounds || (before && sameBox(before, bounds))) break;
    const isSettling = time >= times;
    const box = scaleBox(bounds, cell);
    found = await decode(isSettling ? widenBox(box, SETTLE, content) : resize(box));
    if (isSettling) before = bounds;
  }
  return found;
}

/** A box of cells in model pixels. @param cell model pixels along a side of one */
export function scaleBox({ x0, y0, x1, y1 }: CellBox, cell: number): ModelBox {
  return { x0: x0 * cell, y0: y0 * cell, x1: x1 * cell, y1: y1 * cell };
}

function sameBox(a: CellBox, b: CellBox): boolean {
  return a.x0 === b.x0 && a.y0 === b.y0 && a.x1 === b.x1 && a.y1 === b.y1;
}

function widenBox({ x0, y0, x1, y1 }: ModelBox, factor: number, content: Size): ModelBox {
  const marginX = ((x1 - x0) * (factor - 1)) / 2;
  const marginY = ((y1 - y0) * (factor - 1)) / 2;
  return {
    x0: Math.max(0, x0 - marginX),
    y0: Math.max(0, y0 - marginY),
    x1: Math.min(content.width, x1 + marginX),
    y1: Math.min(content.height, y1 + marginY),
  };
}
