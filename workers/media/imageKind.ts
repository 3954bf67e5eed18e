/** An image's format, as its MIME type. */
export type ImageKind = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/avif' | 'image/heic' | 'image/gif';

/** Bytes from the start of a file that `imageKind` needs. */
export const IMAGE_KIND_BYTES = 64;

const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/** The format of an image by its first bytes, or `undefined` if they begin none: names and MIME types may lie. */
export function imageKind(header: Uint8Array): ImageKind | undefined {
  const text = (start: number, end: number) => String.fromCharCode(...header.subarray(start, end));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (header[0] === 0xff && header[1] === 0xd8 && header[2] === 0xff) return 'image/jpeg';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'image/gif';
  if (text(4, 8) === 'ftyp') {
    // ISO 14496-12: major brand, its version, then compatible brands to the end of the box.
    const boxEnd = new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(0);
    const major = text(8, 12);
    const brands = [major, ...(text(16, Math.min(boxEnd, header.length)).match(/[^]{4}/g) ?? [])];
    if (brands.includes('avif') || brands.includes('avis')) return 'image/avif';
    if (HEIF_BRANDS.includes(major)) return 'image/heic';
  }
  return undefined;
}
