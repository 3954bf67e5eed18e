/**
 * Colours of objects, in the order in which they are given out. Chosen by a greedy search for the largest smallest
 * distance in OKLab, in normal vision and in simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009).
 */
export const OBJECT_COLORS = [
  '#3aa0ff',
  '#ff9f1c',
  '#b82851',
  '#16f6ed',
  '#6b4ec7',
  '#e5d994',
  '#fd2e1c',
  '#ab78a6',
  '#87c293',
  '#8f4d89',
] as const;

/** The first colour that the fewest objects have. */
export function nextObjectColor(used: readonly string[]): string {
  let best: string = OBJECT_COLORS[0];
  let fewest = Infinity;
  for (const color of OBJECT_COLORS) {
    const count = used.filter((other) => other === color).length;
    if (count < fewest) {
      best = color;
      fewest = count;
    }
  }
  return best;
}

/** The colour that a proposal is drawn in before it is an object; `id` counts from 1. */
export function proposalColor(id: number): string {
  return OBJECT_COLORS[(id - 1) % OBJECT_COLORS.length] ?? OBJECT_COLORS[0];
}

/** Red, green and blue, 0 to 255, of `#rrggbb`. */
export function parseColor(hex: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
