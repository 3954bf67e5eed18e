import type { Area } from '../../../src/core/edges/patch.ts';
import type { Size } from '../../../src/core/geometry.ts';

/** `Area` of area.wgsl. */
const AREA_BYTES = 56;
/** Rows that one invocation does, where a kernel's sum goes along a column: ROWS of area.wgsl. */
const ROWS = 16;

export interface AreaOptions {
  readonly frame: Size;
  readonly mask?: number;
  readonly reach?: number;
  /** 0 to 1. */
  readonly strength?: number;
  readonly radius?: number;
  /** Whether alpha is that of the whole frame. */
  readonly isOfFrame?: boolean;
  readonly lastCell?: number;
}

/** `Area` of area.wgsl. */
export function areaBytes(
  { x, y, width, height }: Area,
  { frame, mask = 0, reach = 0, strength = 0, radius = 0, isOfFrame = false, lastCell = 0 }: AreaOptions,
): ArrayBuffer {
  const buffer = new ArrayBuffer(AREA_BYTES);
  new Uint32Array(buffer).set([
    ...[x, y, width, height, frame.width, frame.height],
    ...(isOfFrame ? [x, y, frame.width] : [0, 0, width]),
    ...[mask, radius, lastCell],
  ]);
  new Float32Array(buffer).set([reach, strength], 12);
  return buffer;
}

/** The invocations of a kernel whose sum goes along columns. */
export function columnsOf({ width, height }: Size): Size {
  return { width, height: Math.ceil(height / ROWS) };
}
