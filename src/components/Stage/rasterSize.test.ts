import { describe, expect, it } from 'vitest';
import { capRaster } from './rasterSize.ts';

describe('the stage', () => {
  it('draws no more pixels than a screen shows', () => {
    expect(capRaster({ width: 7680, height: 4320 })).toEqual({ width: 1920, height: 1080 });
    expect(capRaster({ width: 640, height: 360 })).toEqual({ width: 640, height: 360 });
  });
});
