import { describe, expect, it } from 'vitest';
import {
  boxFromCorners,
  letterbox,
  stageToVideoPoint,
  videoToModelBox,
  videoToModelPoint,
  videoToStagePoint,
} from './geometry.ts';

describe('letterbox', () => {
  it('scales the longest side to the model’s, whichever it is', () => {
    expect(letterbox({ width: 1280, height: 720 }, 1024)).toEqual({
      side: 1024,
      scale: { x: 0.8, y: 0.8 },
      content: { width: 1024, height: 576 },
      input: { width: 1024, height: 1024 },
    });
    expect(letterbox({ width: 720, height: 1280 }, 1024).content).toEqual({ width: 576, height: 1024 });
  });

  it('enlarges a small frame', () => {
    expect(letterbox({ width: 64, height: 32 }, 1024)).toMatchObject({
      scale: { x: 16, y: 16 },
      content: { height: 512 },
    });
  });

  it('rounds to whole pixels, at least one', () => {
    expect(letterbox({ width: 854, height: 480 }, 1024).content).toEqual({ width: 1024, height: 576 });
    expect(letterbox({ width: 8192, height: 1 }, 1024).content).toEqual({ width: 1024, height: 1 });
  });
});

describe('video to model', () => {
  const box = letterbox({ width: 640, height: 272 }, 1024);

  it('scales both axes alike, from the top left corner', () => {
    expect(videoToModelPoint({ x: 100, y: 50 }, box)).toEqual({ x: 160, y: 80 });
    expect(videoToModelPoint({ x: 640, y: 270 }, box)).toEqual({ x: 1024, y: 432 });
  });

  it('scales boxes', () => {
    expect(videoToModelBox({ x0: 10, y0: 20, x1: 30, y1: 40 }, box)).toEqual({
      x0: 16,
      y0: 32,
      x1: 48,
      y1: 64,
    });
  });
});

describe('stage and video', () => {
  const stage = { width: 960, height: 408 };
  const video = { width: 640, height: 272 };

  it('maps the stage’s corners to the frame’s', () => {
    expect(stageToVideoPoint({ x: 0, y: 0 }, stage, video)).toEqual({ x: 0, y: 0 });
    expect(stageToVideoPoint({ x: 960, y: 408 }, stage, video)).toEqual({ x: 640, y: 272 });
    expect(stageToVideoPoint({ x: 480, y: 102 }, stage, video)).toEqual({ x: 320, y: 68 });
  });

  it('clamps a drag that leaves the stage to the frame', () => {
    expect(stageToVideoPoint({ x: -20, y: 500 }, stage, video)).toEqual({ x: 0, y: 272 });
  });

  it('comes back to the same place', () => {
    const point = { x: 123, y: 45 };
    const back = videoToStagePoint(stageToVideoPoint(point, stage, video), stage, video);
    expect(back.x).toBeCloseTo(123);
    expect(back.y).toBeCloseTo(45);
  });
});

describe('boxFromCorners', () => {
  it('is the same from any two opposite corners', () => {
    const box = { x0: 1, y0: 2, x1: 5, y1: 9 };
    expect(boxFromCorners({ x: 1, y: 2 }, { x: 5, y: 9 })).toEqual(box);
    expect(boxFromCorners({ x: 5, y: 2 }, { x: 1, y: 9 })).toEqual(box);
  });
});
