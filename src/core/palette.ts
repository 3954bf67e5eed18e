/**
 * The colour of each object id in DAVIS annotations, which is PASCAL VOC's colour map: 256 RGB triples. The bits of an id
 * are dealt out in turn to red, green and blue, from each channel's highest bit down, so that neighbours differ most.
 * Source: PASCAL VOC devkit, `VOClabelcolormap.m`.
 */
export const DAVIS_PALETTE: Uint8Array = davisPalette();

function davisPalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let id = 0; id < 256; id++) {
    for (let bit = 0; bit < 8; bit++) {
      const channel = id * 3 + (bit % 3);
      const value = (id >> bit) & 1;
      palette[channel] = (palette[channel] ?? 0) | (value << (7 - Math.floor(bit / 3)));
    }
  }
  return palette;
}
