import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openVideo } from './openVideo.ts';

/** Of every kind: B-frames, open groups, frames that are not shown, an edit list, a variable rate, rotation, odd pixels, sound, fragments. */
const CLIPS = [
  'tiny.mp4',
  'tiny.mov',
  'tiny.mkv',
  'tiny.webm',
  'av1.mp4',
  'fragmented.mp4',
  'alt-ref.webm',
  'open-gop.mp4',
  'trimmed.mp4',
  'variable-rate.mp4',
  'rotated.mp4',
  'anamorphic.mp4',
  'sound.mp4',
];

const fixture = (name: string) => fileURLToPath(new URL(`../../e2e/fixtures/${name}`, import.meta.url));
const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0;

/** When ffprobe shows each frame that it decodes, in ticks from the first, and how many ticks a second has. */
function shownAt(path: string): { readonly ticks: readonly number[]; readonly ticksPerSecond: number } {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'stream=time_base:frame=best_effort_timestamp'];
  const json = execFileSync('ffprobe', ['-v', 'error', ...entries, '-of', 'json', path], {
    encoding: 'utf8',
  });
  const { frames, streams } = JSON.parse(json) as {
    frames: { best_effort_timestamp: number }[];
    streams: { time_base: string }[];
  };
  const stamps = frames.map((frame) => frame.best_effort_timestamp);
  return {
    ticks: stamps.map((stamp) => stamp - (stamps[0] ?? 0)),
    ticksPerSecond: Number(streams[0]?.time_base.replace('1/', '')),
  };
}

// Node has no decoder, and nothing is decoded.
beforeAll(() => {
  vi.stubGlobal('VideoDecoder', { isConfigSupported: () => Promise.resolve({ supported: true }) });
});
afterAll(() => void vi.unstubAllGlobals());

it.skipIf(!hasFfprobe).each(CLIPS)('%s has the frames that ffprobe finds, at its ticks', async (name) => {
  const clip = await openVideo(new Blob([readFileSync(fixture(name))]));
  const { timestamps, frameCount, ticksPerSecond = NaN } = clip.info;
  clip.dispose();
  const shown = shownAt(fixture(name));
  expect(frameCount).toBe(shown.ticks.length);
  expect(ticksPerSecond).toBe(shown.ticksPerSecond);
  expect(Array.from(timestamps, (time) => Math.round(time * ticksPerSecond))).toEqual(shown.ticks);
});
