import { countsOfCocoString, toCocoString } from './cocoString.ts';
import type { Size } from './geometry.ts';
import { rememberingFacts, type MaskRle } from './rle.ts';

/** What run lengths that were worked out of compressed ones may take in each half of their cache, in bytes. */
const CACHE_HALF = 32 << 20;

/** Where a mask carries its compressed run lengths. What is sent to a worker carries them no more. */
const BYTES = Symbol('compressed run lengths');

interface CompressedRle extends MaskRle {
  readonly [BYTES]?: Uint8Array;
}

/**
 * Run lengths that were asked for of late. Once the younger half is full it becomes the older one, whose masks go unless they are
 * asked for again.
 */
class Cache {
  #young = new Map<Uint8Array, Uint32Array>();
  #old = new Map<Uint8Array, Uint32Array>();
  #youngBytes = 0;

  get(bytes: Uint8Array): Uint32Array | undefined {
    const young = this.#young.get(bytes);
    if (young) return young;
    const old = this.#old.get(bytes);
    if (old) this.set(bytes, old);
    return old;
  }

  set(bytes: Uint8Array, counts: Uint32Array): void {
    if (this.#youngBytes + counts.byteLength > CACHE_HALF) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(bytes, counts);
    this.#youngBytes += counts.byteLength;
  }
}

const cache = new Cache();

/**
 * A mask that is kept as compressed run lengths, which are a quarter as long. `counts` are worked out when they are asked for, and
 * forgotten when others were asked for since. The bytes are kept, not copied.
 *
 * @throws FormatError when `counts` are asked for, if they are damaged or do not add up to the mask's pixels
 */
export function compressedRle(bytes: Uint8Array, { width, height }: Size): MaskRle {
  const mask: MaskRle = {
    width,
    height,
    // An own property: what is sent to a worker has it too.
    get counts() {
      const known = cache.get(bytes);
      if (known) return known;
      const counts = countsOfCocoString(bytes, { width, height });
      cache.set(bytes, counts);
      return counts;
    },
  };
  return rememberingFacts(Object.defineProperty(mask, BYTES, { value: bytes }));
}

/** The same mask, kept as compressed run lengths. */
export function compressed(mask: MaskRle): MaskRle {
  if ((mask as CompressedRle)[BYTES]) return mask;
  const bytes = toCocoString(mask);
  cache.set(bytes, mask.counts);
  return compressedRle(bytes, mask);
}

/** The compressed run lengths of a mask, as COCO's tools read them. Not to be changed. */
export function compressedBytes(mask: MaskRle): Uint8Array {
  return (mask as CompressedRle)[BYTES] ?? toCocoString(mask);
}

/** How many bytes a mask takes. */
export function rleBytes(mask: MaskRle): number {
  return (mask as CompressedRle)[BYTES]?.byteLength ?? mask.counts.byteLength;
}
