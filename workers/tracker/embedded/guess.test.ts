import { describe, expect, it } from 'vitest';
import { keptOf, promptsFromGuess } from './guess.ts';

const GRID = { width: 64, height: 36 };
const CONTENT = { width: 256, height: 144 };

/** A guess of `p` within boxes of cells, 0 elsewhere. */
function guess(p: number, ...boxes: [x0: number, y0: number, x1: number, y1: number][]) {
  const data = new Float32Array(GRID.width * GRID.height);
  for (const [x0, y0, x1, y1] of boxes) {
    for (let y = y0; y < y1; y++) data.fill(p, y * GRID.width + x0, y * GRID.width + x1);
  }
  return { ...GRID, data };
}

/** Whether a place is likely the object's, by the mask prompt; in model pixels. */
function likelyAt(mask: Float32Array, x: number, y: number): boolean {
  return (mask[Math.floor(y / 4) * 256 + Math.floor(x / 4)] ?? 0) > 0;
}

describe('promptsFromGuess', () => {
  it('puts a slightly larger box round the guess, and points within it, in model pixels', () => {
    const prompts = promptsFromGuess(guess(0.95, [10, 8, 30, 18]), CONTENT);
    const box = prompts!.box!;
    expect(Math.abs(box.x0 - 160)).toBeLessThan(24);
    expect(Math.abs(box.x1 - 480)).toBeLessThan(24);
    expect(Math.abs(box.y0 - 128)).toBeLessThan(24);
    expect(Math.abs(box.y1 - 288)).toBeLessThan(24);
    expect(prompts!.points.length).toBeGreaterThan(1);
    for (const { x, y, label } of prompts!.points) {
      expect(label).toBe(1);
      expect(x > 160 && x < 480 && y > 128 && y < 288).toBe(true);
    }
  });

  it.each([
    ['top left', [0, 0, 12, 9]],
    ['top right', [52, 0, 64, 9]],
    ['bottom right', [52, 27, 64, 36]],
  ] as const)('finds an object in the corner at the %s, up to the frame’s edges', (_, [x0, y0, x1, y1]) => {
    const { box, points, mask } = promptsFromGuess(guess(0.95, [x0, y0, x1, y1]), CONTENT)!;
    const [left, top, right, bottom] = [16 * x0, 16 * y0, 16 * x1, 16 * y1];
    expect(
      Math.max(...[box!.x0 - left, box!.y0 - top, box!.x1 - right, box!.y1 - bottom].map(Math.abs)),
    ).toBeLessThan(24);
    expect([box!.x0, box!.y0].every((edge) => edge >= 0) && box!.x1 <= 1024 && box!.y1 <= 576).toBe(true);
    for (const { x, y } of points) expect(x > left && x < right && y > top && y < bottom).toBe(true);
    expect(likelyAt(mask, (left + right) / 2, (top + bottom) / 2)).toBe(true);
    const area = mask.reduce((sum, logit) => sum + Number(logit > 0), 0);
    expect(area).toBeLessThan(1.3 * 16 * (x1 - x0) * (y1 - y0));
  });

  it('claims nothing far from the cells that were asked', () => {
    const { mask } = promptsFromGuess(guess(0.95, [10, 8, 30, 18]), CONTENT)!;
    expect(new Set([mask[0], mask[200], mask[100 * 256 + 60]])).toEqual(new Set([-8]));
  });

  it('keeps to one point where the guess is unsure', () => {
    expect(promptsFromGuess(guess(0.6, [10, 8, 30, 18]), CONTENT)!.points).toHaveLength(1);
  });

  it('keeps the heaviest part only of one of a pair', () => {
    const halves = guess(0.95, [10, 8, 20, 18], [40, 8, 49, 18]);
    expect(promptsFromGuess(halves, CONTENT)!.box!.x1).toBeGreaterThan(700);
    const ofPair = keptOf({ beside: 1, lost: false });
    const { box, points } = promptsFromGuess(halves, CONTENT, ofPair)!;
    expect(box!.x1).toBeLessThan(350);
    for (const { x } of points) expect(x).toBeLessThan(350);
  });

  it('keeps of a lost object only what lies near the heaviest part', () => {
    const parts = guess(0.95, [2, 8, 12, 18], [16, 8, 21, 18], [40, 8, 49, 18]);
    expect(promptsFromGuess(parts, CONTENT)!.box!.x1).toBeGreaterThan(700);
    const { box, mask } = promptsFromGuess(parts, CONTENT, keptOf({ beside: undefined, lost: true }))!;
    expect(box!.x1).toBeGreaterThan(300);
    expect(box!.x1).toBeLessThan(400);
    expect(likelyAt(mask, 720, 200)).toBe(false);
  });

  it('leaves out small islands', () => {
    const { box, mask } = promptsFromGuess(guess(0.95, [10, 8, 30, 18], [60, 30, 61, 31]), CONTENT)!;
    expect(box!.x1).toBeLessThan(520);
    expect(likelyAt(mask, 968, 488)).toBe(true);
  });

  it('is null where nothing is likely', () => {
    expect(promptsFromGuess(guess(0.05, [10, 8, 30, 18]), CONTENT)).toBeNull();
    expect(promptsFromGuess(guess(0), CONTENT)).toBeNull();
  });

  it('never claims the padding below the frame', () => {
    const { box, mask } = promptsFromGuess(guess(0.95, [10, 26, 30, 36]), CONTENT)!;
    expect(box!.y1).toBeLessThanOrEqual(576);
    expect(Math.max(...mask.subarray(144 * 256))).toBeLessThan(0);
  });
});
