import { expect, it } from 'vitest';
import { clampTimeScale, wholeScale, zoomTimeScale } from '../../core/timeScale.ts';
import { filmCells } from './filmCells.ts';

it('covers what is in sight without a gap, whatever the shape of the frames', () => {
  const whole = wholeScale(1000, 700);
  const zoomed = clampTimeScale({ ...zoomTimeScale(whole, 20, 300), scroll: 4321 });
  for (const scale of [whole, zoomed])
    for (const picture of [18, 57, 300]) {
      const cells = filmCells(scale, picture);
      expect(cells[0]!.left).toBeLessThanOrEqual(scale === whole ? 7 : 0);
      for (const [i, { left, width }] of cells.entries())
        expect(left + width).toBeCloseTo(cells[i + 1]?.left ?? left + width);
      const { left, width } = cells.at(-1)!;
      expect(left + width).toBeGreaterThanOrEqual(scale === whole ? 692.9 : 700);
    }
});

it('keeps its frames where it is scrolled', () => {
  const scale = clampTimeScale({ ...zoomTimeScale(wholeScale(1000, 700), 10, 0), scroll: 500 });
  const frames = filmCells(scale, 57).map(({ frame }) => frame);
  const later = filmCells({ ...scale, scroll: 700 }, 57).map(({ frame }) => frame);
  expect(frames.filter((frame) => later.includes(frame)).length).toBeGreaterThan(5);
});
