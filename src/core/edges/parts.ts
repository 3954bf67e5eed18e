import type { Size } from '../geometry.ts';

/** A part of a picture: pixels of one value that hang together. */
interface Part {
  readonly label: number;
  readonly pixels: number;
  /** Whether it touches the picture's border. */
  readonly isOpen: boolean;
}

/**
 * Fills holes of a mask and takes specks away, in place. A hole is background that does not touch the border; the largest part of the object is
 * no speck. Object pixels hang together over corners, background pixels do not.
 * @param mask 0 or 1 for each pixel, row by row
 * @param holes, specks the most pixels that one has
 */
export function mendParts(mask: Uint8Array, size: Size, holes: number, specks: number): void {
  if (holes > 0) {
    const { labels, parts } = partsOf(mask, 0, size);
    const small = new Set(parts.filter(({ pixels, isOpen }) => !isOpen && pixels <= holes).map(labelOf));
    if (small.size > 0) mask.forEach((_, at) => small.has(labels[at] ?? 0) && (mask[at] = 1));
  }
  if (specks > 0) {
    const { labels, parts } = partsOf(mask, 1, size);
    const largest = parts.reduce((most, { pixels }) => Math.max(most, pixels), 0);
    const small = new Set(parts.filter(({ pixels }) => pixels <= specks && pixels < largest).map(labelOf));
    if (small.size > 0) mask.forEach((_, at) => small.has(labels[at] ?? 0) && (mask[at] = 0));
  }
}

const labelOf = ({ label }: Part) => label;

/** Labels the pixels of one value, from 1; others have 0. */
function partsOf(mask: Uint8Array, value: number, { width, height }: Size) {
  const labels = new Uint32Array(mask.length);
  const parts: Part[] = [];
  const open: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] !== value || labels[start] !== 0) continue;
    const label = parts.length + 1;
    let pixels = 0;
    let isOpen = false;
    const reach = (at: number) => {
      if (mask[at] !== value || labels[at] !== 0) return;
      labels[at] = label;
      open.push(at);
    };
    reach(start);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      pixels++;
      const [x, y] = [at % width, Math.floor(at / width)];
      const [left, right, top, bottom] = [x > 0, x < width - 1, y > 0, y < height - 1];
      isOpen ||= !left || !right || !top || !bottom;
      if (left) reach(at - 1);
      if (right) reach(at + 1);
      if (top) reach(at - width);
      if (bottom) reach(at + width);
      if (value === 0) continue;
      if (left && top) reach(at - width - 1);
      if (right && top) reach(at - width + 1);
      if (left && bottom) reach(at + width - 1);
      if (right && bottom) reach(at + width + 1);
    }
    parts.push({ label, pixels, isOpen });
  }
  return { labels, parts };
}
