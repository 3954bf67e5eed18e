import { describe, expect, it } from 'vitest';
import { frameAtTime } from './clip.ts';

describe('frameAtTime', () => {
  // Uneven, as from a phone.
  const timestamps = Float64Array.of(0, 0.033, 0.1, 0.133, 0.5);

  it.each([
    [0, 0],
    [0.032, 0],
    [0.033, 1],
    [0.09, 1],
    [0.1, 2],
    [0.499, 3],
    [0.5, 4],
    [9, 4],
    [-1, 0],
  ])('at %d s shows frame %i', (time, frame) => {
    expect(frameAtTime(timestamps, time)).toBe(frame);
  });

  it('shows the one frame of an image at any time', () => {
    expect(frameAtTime(Float64Array.of(0), 3)).toBe(0);
  });
});
