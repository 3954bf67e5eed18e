import { color, mix, scale, smoothstep, turn, type Vector } from './vector.ts';

/** The colour of a surface at a place. */
export type Texture = (at: Vector) => Vector;

/** 0 to 1, the same for the same whole numbers. */
function hash(x: number, y: number, z: number, seed: number): number {
  let h =
    Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(z, 2147483647) ^ Math.imul(seed, 974634533);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  h = Math.imul(h ^ (h >>> 16), 2246822519);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** Smooth noise from 0 to 1, with about one bump a unit. */
function noise([x, y, z]: Vector, seed: number): number {
  const [xi, yi, zi] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const ease = (t: number) => t * t * (3 - 2 * t);
  const [u, v, w] = [ease(x - xi), ease(y - yi), ease(z - zi)];
  const along = (dy: number, dz: number) => {
    const a = hash(xi, yi + dy, zi + dz, seed);
    return a + (hash(xi + 1, yi + dy, zi + dz, seed) - a) * u;
  };
  const near = along(0, 0) + (along(1, 0) - along(0, 0)) * v;
  const far = along(0, 1) + (along(1, 1) - along(0, 1)) * v;
  return near + (far - near) * w;
}

/** Noise in four sizes, one on top of the other. */
export function cloud(at: Vector, seed: number): number {
  let sum = 0;
  let share = 0.5;
  let place = at;
  for (let octave = 0; octave < 4; octave++) {
    sum += share * noise(place, seed + octave);
    place = scale(place, 2.03);
    share /= 2;
  }
  return sum / 0.9375;
}

/** Boards that lie in rows along x, with grain and dark joints. */
export function boards(seed: number, light: string, dark: string, width: number): Texture {
  const [pale, deep] = [color(light), color(dark)];
  return ([x, , z]) => {
    const row = Math.floor(z / width);
    const shift = hash(row, 0, 0, seed) * 7;
    const board = Math.floor((x + shift) / 3.4);
    const tone = hash(row, board, 1, seed);
    const wave = cloud([x * 0.7 + tone * 40, row * 3, z * 5], seed + 9);
    const rings = 0.5 + 0.5 * Math.sin((z / width) * 9 + wave * 11 + tone * 6);
    const fibre = cloud([x * 3 + tone * 50, 0, z * 70], seed + 20);
    const wood = mix(pale, deep, 0.25 * tone + 0.4 * rings * wave + 0.35 * fibre);
    const across = Math.abs(z / width - row - 0.5) * 2;
    const along = Math.abs((x + shift) / 3.4 - board - 0.5) * 2;
    const joint = Math.max(smoothstep(0.965, 0.99, across), smoothstep(0.994, 0.998, along));
    return scale(wood, 1 - 0.72 * joint);
  };
}

/** Flagstones in rows with sandy joints. */
export function flagstones(seed: number): Texture {
  const [pale, deep, sand] = [color('#b9b1a2'), color('#857c70'), color('#6d6353')];
  return (at) => {
    const [x, , z] = at;
    const row = Math.floor(z / 0.9);
    const shifted = x / 1.3 + (row % 2) * 0.5 + hash(row, 0, 0, seed) * 0.2;
    const stone = Math.floor(shifted);
    const tone = hash(stone, row, 2, seed);
    const grain = cloud(scale(at, 9), seed + 3);
    const patch = cloud([x * 1.5 + tone * 20, 0, z * 1.5], seed + 6);
    const rough = 0.02 * (cloud(scale(at, 6), seed + 11) - 0.5);
    const edge = Math.max(
      Math.abs(shifted - stone - 0.5) * 2 + rough * 3,
      Math.abs(z / 0.9 - row - 0.5) * 2 + rough * 4,
    );
    const face = mix(pale, deep, 0.35 * tone + 0.4 * patch + 0.25 * grain);
    return mix(scale(face, 0.8 + 0.3 * grain), sand, smoothstep(0.93, 0.98, edge));
  };
}

/** Bricks in the plane of x and y, as on a pillar. */
export function bricks(seed: number): Texture {
  const [pale, deep, mortar] = [color('#b4674a'), color('#7c3d2c'), color('#a89e90')];
  return (at) => {
    const [x, y, z] = at;
    const row = Math.floor(y / 0.15);
    const shifted = (x + z) / 0.42 + (row % 2) * 0.5;
    const brick = Math.floor(shifted);
    const tone = hash(brick, row, 4, seed);
    const grain = cloud(scale(at, 16), seed + 2);
    const edge = Math.max(Math.abs(shifted - brick - 0.5) * 2 + 0.12, Math.abs(y / 0.15 - row - 0.5) * 2);
    const face = scale(mix(pale, deep, 0.7 * tone + 0.3 * grain), 0.78 + 0.4 * grain);
    return mix(face, scale(mortar, 0.8 + 0.3 * grain), smoothstep(0.86, 0.95, edge));
  };
}

/** Plaster: one colour with soft stains. */
export function plaster(seed: number, hex: string): Texture {
  const base = color(hex);
  return (at) =>
    scale(base, 0.86 + 0.2 * cloud(scale(at, 0.9), seed) + 0.06 * cloud(scale(at, 14), seed + 5));
}

/** A beach ball: panels in turn round an axis, white caps at its ends. */
export function panels(hexes: readonly string[]): Texture {
  const colors = hexes.map(color);
  const white = color('#f3efe6');
  return (direction) => {
    const [x, y, z] = turn(direction, 0.5, 0.6);
    const share = (Math.atan2(z, x) / (2 * Math.PI) + 1) * colors.length;
    const at = Math.floor(share);
    const seam = smoothstep(0.035, 0.02, Math.min(share - at, at + 1 - share) * Math.sqrt(1 - y * y));
    const panel = colors[at % colors.length] ?? white;
    return mix(scale(panel, 1 - 0.35 * seam), white, smoothstep(0.93, 0.945, Math.abs(y)));
  };
}

/** A ball of one colour with two rings round it. */
export function ringed(ground: string, ring: string): Texture {
  const [base, band] = [color(ground), color(ring)];
  return (direction) => {
    const [, y] = turn(direction, 0.9, 0.4);
    const distance = Math.abs(Math.abs(y) - 0.34);
    return mix(band, base, smoothstep(0.1, 0.125, distance));
  };
}

/** Peel: one colour, paler and darker in places, with pores. */
export function peel(seed: number, ripe: string, unripe: string, pores: number): Texture {
  const [base, other] = [color(ripe), color(unripe)];
  return (direction) => {
    const patch = smoothstep(0.45, 0.75, cloud(scale(direction, 2.2), seed));
    const pore = cloud(scale(direction, 34), seed + 8);
    return scale(mix(base, other, patch), 1 - pores * smoothstep(0.55, 0.75, pore));
  };
}
