import type { ImageKind } from './imageKind.ts';

/** Bytes in which a PNG that is animated says so, unless its metadata is huge. */
const PNG_HEADER_BYTES = 1 << 20;

/** Whether an image file holds several pictures that are shown one after the other. */
export async function isAnimated(file: Blob, kind: ImageKind): Promise<boolean> {
  if (kind === 'image/jpeg' || kind === 'image/heic') return false;
  const part = kind === 'image/gif' ? file : file.slice(0, PNG_HEADER_BYTES);
  return animates(new Uint8Array(await part.arrayBuffer()), kind);
}

/** The same for the bytes of a file: all of a GIF, the first ones of other kinds. */
export function animates(bytes: Uint8Array, kind: ImageKind): boolean {
  if (kind === 'image/gif') return hasSecondGifPicture(bytes);
  if (kind === 'image/png') return hasAnimationChunk(bytes);
  // WebP container: the flags of the chunk VP8X, which comes first, have a bit for animation.
  if (kind === 'image/webp') return textAt(bytes, 12, 4) === 'VP8X' && ((bytes[20] ?? 0) & 2) !== 0;
  if (kind !== 'image/avif') return false;
  // ISO 23000-22: a file with the brand `avis` holds a sequence.
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length);
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12 && textAt(bytes, at, 4) === 'avis') return true;
  return false;
}

/** APNG: the chunk `acTL` comes before the picture's data. */
function hasAnimationChunk(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = textAt(bytes, at + 4, 4);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}

/** GIF89a: walks the blocks, which say how long they are, until a second image begins. */
function hasSecondGifPicture(bytes: Uint8Array): boolean {
  const colorBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  const afterSubBlocks = (start: number) => {
    let at = start;
    while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
    return at + 1;
  };
  let pictures = 0;
  for (let at = 13 + colorBytes(bytes[10] ?? 0); at < bytes.length;) {
    if (bytes[at] === 0x21) {
      at = afterSubBlocks(at + 2);
    } else if (bytes[at] === 0x2c) {
      if (++pictures > 1) return true;
      at = afterSubBlocks(at + 11 + colorBytes(bytes[at + 9] ?? 0));
    } else {
      return false;
    }
  }
  return false;
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
