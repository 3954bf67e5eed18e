import { describe, expect, it } from 'vitest';
import {
  clampView,
  FIT,
  fitInto,
  maxZoom,
  panBy,
  placeFrame,
  reveal,
  visiblePart,
  zoomAbout,
} from './viewport.ts';

const viewport = { room: { width: 1000, height: 900 }, video: { width: 1280, height: 720 } };

/** The share of the frame that lies at a point of the room. */
function shareAt(view: typeof FIT, x: number, y: number) {
  const { left, top, width, height } = placeFrame(view, viewport);
  return { x: (x - left) / width, y: (y - top) / height };
}

describe('a view of the frame', () => {
  it('fits the largest size of the frame’s aspect into the room', () => {
    expect(fitInto(viewport.video, viewport.room)).toEqual({ width: 1000, height: 562 });
    expect(fitInto({ width: 300, height: 600 }, viewport.room)).toEqual({ width: 450, height: 900 });
    expect(placeFrame(FIT, viewport)).toEqual({ left: 0, top: 169, width: 1000, height: 562 });
  });

  it('zooms about a point: what is there stays there', () => {
    const before = shareAt(FIT, 300, 400);
    const zoomed = zoomAbout(FIT, 4, { x: 300, y: 400 }, viewport);
    expect(zoomed.zoom).toBe(4);
    const after = shareAt(zoomed, 300, 400);
    expect(after.x).toBeCloseTo(before.x, 3);
    expect(after.y).toBeCloseTo(before.y, 3);
    const further = zoomAbout(zoomed, 9, { x: 700, y: 500 }, viewport);
    expect(shareAt(further, 700, 500).x).toBeCloseTo(shareAt(zoomed, 700, 500).x, 3);
  });

  it('goes from the whole frame to pixels that can be counted', () => {
    expect(zoomAbout(FIT, 0.1, { x: 0, y: 0 }, viewport)).toEqual(FIT);
    const closest = zoomAbout(FIT, 1e6, { x: 500, y: 450 }, viewport);
    expect(placeFrame(closest, viewport).width / viewport.video.width).toBeCloseTo(32);
    expect(maxZoom({ ...viewport, video: { width: 20, height: 20 } })).toBe(4);
  });

  it('follows the hand, and stops at the frame’s edges', () => {
    const zoomed = zoomAbout(FIT, 4, { x: 500, y: 450 }, viewport);
    const from = placeFrame(zoomed, viewport);
    const panned = placeFrame(panBy(zoomed, { x: 120, y: -80 }, viewport), viewport);
    expect([panned.left - from.left, panned.top - from.top]).toEqual([120, -80]);
    const corner = placeFrame(panBy(zoomed, { x: 1e5, y: 1e5 }, viewport), viewport);
    expect([corner.left, corner.top]).toEqual([0, 0]);
    expect(panBy(FIT, { x: 120, y: -80 }, viewport)).toEqual(FIT);
  });

  it('keeps in the middle what is smaller than the room', () => {
    const wide = clampView({ zoom: 1.2, x: 0.9, y: 0.9 }, viewport);
    expect(wide.y).toBe(0.5);
    expect(wide.x).toBeCloseTo(1 - 1 / 2.4);
  });

  it('brings a point into the room, and moves no further', () => {
    const zoomed = zoomAbout(FIT, 4, { x: 500, y: 450 }, viewport);
    expect(reveal(zoomed, { x: 640, y: 360 }, 30, viewport)).toBe(zoomed);
    const right = placeFrame(reveal(zoomed, { x: 960, y: 360 }, 30, viewport), viewport);
    expect(right.left + (960 / 1280) * right.width).toBeCloseTo(970, 0);
    expect(right.top).toBe(placeFrame(zoomed, viewport).top);
    const corner = placeFrame(reveal(zoomed, { x: 0, y: 0 }, 30, viewport), viewport);
    expect([corner.left, corner.top]).toEqual([0, 0]);
  });

  it('knows which part of the frame shows', () => {
    expect(visiblePart(placeFrame(FIT, viewport), viewport.room)).toEqual({
      ...{ left: 0, top: 0, width: 1000, height: 562 },
    });
    const corner = panBy(zoomAbout(FIT, 4, { x: 0, y: 0 }, viewport), { x: -1e5, y: -1e5 }, viewport);
    expect(visiblePart(placeFrame(corner, viewport), viewport.room)).toEqual({
      ...{ left: 3000, top: 4 * 562 - 900, width: 1000, height: 900 },
    });
  });
});
