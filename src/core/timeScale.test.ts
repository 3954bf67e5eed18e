import { describe, expect, it } from 'vitest';
import {
  clampTimeScale,
  framesInSight,
  frameToX,
  frameWidth,
  revealFrame,
  TIMELINE_INSET,
  wholeScale,
  xToFrame,
  zoomTimeScale,
} from './timeScale.ts';

const whole = wholeScale(36_000, 1000);

describe('a time scale', () => {
  it('has the first and last frame half a handle from its ends', () => {
    expect(frameToX(0, whole)).toBe(TIMELINE_INSET);
    expect(frameToX(35_999, whole)).toBeCloseTo(1000 - TIMELINE_INSET);
  });

  it('finds the frame under the pointer, also where it is zoomed and scrolled', () => {
    const zoomed = zoomTimeScale(whole, 300, 400);
    for (const scale of [wholeScale(100, 500), zoomed]) {
      const { first, last } = framesInSight(scale);
      for (const frame of [first, first + 1, last - 1, last])
        expect(xToFrame(frameToX(frame, scale), scale)).toBe(frame);
    }
    expect(xToFrame(-20, whole)).toBe(0);
    expect(xToFrame(2000, whole)).toBe(35_999);
  });

  it('zooms about a place, until a frame is wide', () => {
    const frame = xToFrame(400, whole);
    const zoomed = zoomTimeScale(whole, 1e9, 400);
    expect(Math.abs(frameToX(frame, zoomed) - 400)).toBeLessThanOrEqual(frameWidth(zoomed));
    expect(frameWidth(zoomed)).toBeCloseTo(24);
    expect(zoomTimeScale(zoomed, 1e-9, 400)).toEqual(whole);
  });

  it('never shows what lies beyond the ends', () => {
    const zoomed = zoomTimeScale(whole, 10, 0);
    expect(zoomed.scroll).toBe(0);
    const end = clampTimeScale({ ...zoomed, scroll: 1e9 });
    expect(Math.abs(frameToX(35_999, end) - (1000 - TIMELINE_INSET))).toBeLessThan(1);
  });

  it('scrolls to a frame that is out of sight, and not to one that is in it', () => {
    const zoomed = zoomTimeScale(whole, 100, 0);
    const { last } = framesInSight(zoomed);
    expect(revealFrame(zoomed, last - 1)).toBe(zoomed);
    expect(frameToX(last + 2, revealFrame(zoomed, last + 2))).toBeCloseTo(100, -1);
    const middle = revealFrame(zoomed, 20_000);
    expect(frameToX(20_000, middle)).toBeCloseTo(500, -1);
    const { first } = framesInSight(middle);
    expect(frameToX(first - 2, revealFrame(middle, first - 2))).toBeCloseTo(900, -1);
  });
});
