import { FormatError } from './formatError.ts';
import type { Size } from './geometry.ts';
import { maskOfRuns } from './maskRuns.ts';
import type { MaskRle } from './rle.ts';

/**
 * The compressed run lengths of the COCO tools as ASCII bytes: each run but the first three as its difference from the run two before,
 * in groups of five bits. `pycocotools` reads them as `counts`. Source: pycocotools, `common/maskApi.c`.
 */
export function toCocoString({ counts }: MaskRle): Uint8Array<ArrayBuffer> {
  // A difference of 32 bits takes seven groups at most.
  const bytes = new Uint8Array(counts.length * 7);
  let end = 0;
  for (let i = 0; i < counts.length; i++) {
    let rest = (counts[i] ?? 0) - (i > 2 ? (counts[i - 2] ?? 0) : 0);
    for (let hasMore = true; hasMore;) {
      const group = rest & 0x1f;
      rest >>= 5;
      hasMore = (group & 0x10) !== 0 ? rest !== -1 : rest !== 0;
      bytes[end++] = (hasMore ? group | 0x20 : group) + 48;
    }
  }
  return bytes.slice(0, end);
}

/** Five-bit groups of a number at most: enough for 32 bits. */
const MOST_GROUPS = 7;

/**
 * The run lengths that compressed ones stand for.
 * @throws FormatError if they are cut off, hold what is no run, or do not add up to the mask's pixels.
 */
export function countsOfCocoString(bytes: Uint8Array, size: Size): Uint32Array {
  const runs: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let value = 0;
    let groups = 0;
    for (let hasMore = true; hasMore; groups++) {
      const group = (bytes[at++] ?? -1) - 48;
      if (group < 0 || group > 0x3f || groups === MOST_GROUPS) {
        throw new FormatError('The compressed run lengths of a mask are damaged or cut off.');
      }
      // A factor instead of a shift, which would wrap around at 32 bits.
      value += (group & 0x1f) * 32 ** groups;
      hasMore = (group & 0x20) !== 0;
      if (!hasMore && (group & 0x10) !== 0) value -= 32 ** (groups + 1);
    }
    runs.push(runs.length > 2 ? value + (runs[runs.length - 2] ?? 0) : value);
  }
  return maskOfRuns(runs, size).counts;
}

/** A text as bytes, a character each; one beyond ASCII becomes 0, which no compressed run length has. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => (char.charCodeAt(0) < 128 ? char.charCodeAt(0) : 0));
}
