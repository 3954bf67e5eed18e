import { describe, expect, it } from 'vitest';
import { checkFrames, frameAtTime, type ClipInfo } from './clip.ts';

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

describe('checkFrames', () => {
  const info: ClipInfo = {
    ...{ kind: 'video', codec: 'vp8', width: 16, height: 16 },
    ...{ frameCount: 3, timestamps: Float64Array.of(0, 1, 2), duration: 3 },
  };

  it('lets the frames of a clip pass', () => {
    expect(() => checkFrames(info, 0, 2)).not.toThrow();
  });

  it.each([-1, 3, 0.5, NaN])('refuses frame %d of three', (frame) => {
    expect(() => checkFrames(info, 0, frame)).toThrow(RangeError);
  });
});
