import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  pause,
  play,
  playbackStore,
  resetPlayback,
  setFrame,
  setMarks,
  setSpeed,
  toggleLoop,
} from './playbackStore.ts';
import { videoStore } from './videoStore.ts';

const FRAMES = 100;

/** What waits for the screen to be drawn. */
let waiting: ((now: number) => void)[];

function drawScreen(now: number): void {
  for (const draw of waiting.splice(0)) draw(now);
}

beforeEach(() => {
  waiting = [];
  vi.stubGlobal('requestAnimationFrame', (draw: (now: number) => void) => waiting.push(draw));
  const timestamps = Float64Array.from({ length: FRAMES }, (_, frame) => frame / 10);
  const info = {
    ...{ kind: 'video' as const, codec: 'none', width: 8, height: 8 },
    ...{ frameCount: FRAMES, timestamps, duration: FRAMES / 10 },
  };
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info } });
  resetPlayback();
});

afterEach(() => vi.unstubAllGlobals());

it('goes on from where the playhead was put, also where it played until just now', () => {
  play();
  drawScreen(0);
  drawScreen(2000);
  expect(playbackStore.getState().frame).toBe(20);
  pause();
  setFrame(70);
  play();
  const frames: number[] = [];
  const end = playbackStore.subscribe(({ frame }) => frames.push(frame));
  drawScreen(2010);
  drawScreen(2510);
  end();
  expect(new Set(frames)).toEqual(new Set([75]));
});

it('plays faster and slower, also where that changes on the way', () => {
  setSpeed(4);
  play();
  drawScreen(0);
  drawScreen(500);
  expect(playbackStore.getState().frame).toBe(20);
  setSpeed(0.25);
  drawScreen(2500);
  expect(playbackStore.getState().frame).toBe(25);
  setSpeed(1);
});

it('stays between the marks in a loop, and stops at the end without one', () => {
  setMarks({ first: 30, last: 39 });
  toggleLoop();
  play();
  drawScreen(0);
  expect(playbackStore.getState().frame).toBe(30);
  drawScreen(910);
  expect(playbackStore.getState().frame).toBe(39);
  drawScreen(1010);
  expect(playbackStore.getState()).toMatchObject({ frame: 30, playing: true });
  toggleLoop();
  drawScreen(9000);
  expect(playbackStore.getState()).toMatchObject({ frame: FRAMES - 1, playing: false });
});
