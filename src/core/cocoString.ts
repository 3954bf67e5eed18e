import type { MaskRle } from './rle.ts';
import type { Size } from './geometry.ts';

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

/** The run lengths that compressed ones stand for. @throws RangeError if they do not add up to the mask's pixels. */
export function countsOfCocoString(bytes: Uint8Array, { width, height }: Size): Uint32Array {
  const counts: number[] = [];
  let total = 0;
  for (let at = 0; at < bytes.length;) {
    let value = 0;
    for (let shift = 0, hasMore = true; hasMore; shift += 5) {
      const group = (bytes[at++] ?? 48) - 48;
      value |= (group & 0x1f) << shift;
      hasMore = (group & 0x20) !== 0;
      if (!hasMore && (group & 0x10) !== 0) value |= -1 << (shift + 5);
    }
    const run = counts.length > 2 ? value + (counts[counts.length - 2] ?? 0) : value;
    counts.push(run);
    total += run;
  }
  if (total !== width * height)
    throw new RangeError(
      `Compressed run lengths add up to ${total} pixels, but a mask of ${width}×${height} has ${width * height}.`,
    );
  return Uint32Array.from(counts);
}

/**
 * A mask whose run lengths are worked out when they are first asked for. Until then it costs no more than its compressed bytes.
 * The bytes are kept, not copied.
 */
export function lazyRle(bytes: Uint8Array, { width, height }: Size): MaskRle {
  let counts: Uint32Array | undefined;
  return {
    width,
    height,
    // An own property: what is sent to a worker has it too.
    get counts() {
      return (counts ??= countsOfCocoString(bytes, { width, height }));
    },
  };
}
