import { describe, expect, it } from 'vitest';
import { nextObjectColor, OBJECT_COLORS, parseColor } from './objectColors.ts';

type Rgb = readonly [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/** Linear RGB as seen with each kind of colour vision: Machado et al. 2009, severity 1. */
const VISIONS: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The least distance in OKLab between any two colours, and between any two of the first eight, which most clips never leave. */
const LEAST_DISTANCE = 0.075;
const LEAST_DISTANCE_OF_EIGHT = 0.11;

const dot = (a: Rgb, b: Rgb) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = ([a, b, c]: Matrix, v: Rgb): Rgb => [dot(a, v), dot(b, v), dot(c, v)];

function linear(hex: string): Rgb {
  const channel = (value: number) => ((value / 255 + 0.055) / 1.055) ** 2.4;
  const [red, green, blue] = parseColor(hex);
  return [channel(red), channel(green), channel(blue)];
}

/** OKLab, by Björn Ottosson. */
function oklab(rgb: Rgb): Rgb {
  const clamp = (value: number) => Math.min(Math.max(value, 0), 1);
  const [r, g, b] = rgb.map(clamp) as unknown as Rgb;
  const lms: Rgb = [
    Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
    Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
    Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
  ];
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
}

function leastDistance(colors: readonly Rgb[]): number {
  const distances = colors.flatMap((a, i) =>
    colors.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

describe('OBJECT_COLORS', () => {
  it.each(Object.entries(VISIONS))('stay apart in %s vision', (_, matrix) => {
    const seen = OBJECT_COLORS.map((color) => oklab(times(matrix, linear(color))));
    expect(leastDistance(seen)).toBeGreaterThan(LEAST_DISTANCE);
    expect(leastDistance(seen.slice(0, 8))).toBeGreaterThan(LEAST_DISTANCE_OF_EIGHT);
  });

  it('are given out in order, and again when all are in use', () => {
    const used: string[] = [];
    for (let i = 0; i < OBJECT_COLORS.length; i++) used.push(nextObjectColor(used));
    expect(used).toEqual([...OBJECT_COLORS]);
    expect(nextObjectColor(used.slice(1))).toBe(OBJECT_COLORS[0]);
    expect(nextObjectColor(used)).toBe(OBJECT_COLORS[0]);
  });
});
