import type { MaskRle } from '../../src/core/rle.ts';

/** The run lengths of several masks, as the kernel that unfolds them takes them. */
export interface RunTable {
  /** Where each mask's runs begin in `ends`, and, as the last one, where all end. */
  readonly firsts: Uint32Array<ArrayBuffer>;
  /** For each run the pixels, column by column, before its end. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Joins the masks' run lengths to one table, in their order. */
export function runTable(masks: readonly MaskRle[]): RunTable {
  const firsts = new Uint32Array(masks.length + 1);
  masks.forEach(({ counts }, i) => (firsts[i + 1] = (firsts[i] ?? 0) + counts.length));
  const ends = new Uint32Array(firsts[masks.length] ?? 0);
  let at = 0;
  for (const { counts } of masks) {
    let end = 0;
    for (const count of counts) ends[at++] = end += count;
  }
  return { firsts, ends };
}
