/** A place, a direction or a colour. x points right, y up, z away from the camera; colours are linear, 0 to 1. */
export type Vector = readonly [number, number, number];

/** The sum of two. */
export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
/** The first less the second. */
export const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** One made longer by a factor. */
export const scale = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
/** The product, axis by axis: a colour in a coloured light. */
export const multiply = (a: Vector, b: Vector): Vector => [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
/** How far one reaches along the other. */
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** Between two: 0 gives the first, 1 the second. */
export const mix = (a: Vector, b: Vector, share: number): Vector => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];
/** At right angles to both. */
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The same direction with a length of 1. */
export function normalize(a: Vector): Vector {
  return scale(a, 1 / Math.sqrt(dot(a, a)));
}

/** A direction, turned about the z axis (the first angle, in radians) and then about the y axis. */
export function turn([x, y, z]: Vector, aboutZ: number, aboutY: number): Vector {
  const [cz, sz, cy, sy] = [Math.cos(aboutZ), Math.sin(aboutZ), Math.cos(aboutY), Math.sin(aboutY)];
  const [tx, ty] = [x * cz - y * sz, x * sz + y * cz];
  return [tx * cy + z * sy, ty, z * cy - tx * sy];
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = Math.min(Math.max((value - from) / (to - from), 0), 1);
  return share * share * (3 - 2 * share);
}

/** A colour as on screen, `#rrggbb`, in linear light. */
export function color(hex: string): Vector {
  const channel = (at: number) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2;
  return [channel(1), channel(3), channel(5)];
}
