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

/** When ffprobe shows each frame that it decodes, in seconds from the first. */
function shownAt(path: string): number[] {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time'];
  const json = execFileSync('ffprobe', ['-v', 'error', ...entries, '-of', 'json', path], {
    encoding: 'utf8',
  });
  const { frames } = JSON.parse(json) as { frames: { best_effort_timestamp_time: string }[] };
  const times = frames.map((frame) => Number(frame.best_effort_timestamp_time));
  return times.map((time) => time - (times[0] ?? 0));
}

// Node has no decoder, and nothing is decoded.
beforeAll(() => {
  vi.stubGlobal('VideoDecoder', { isConfigSupported: () => Promise.resolve({ supported: true }) });
});
afterAll(() => void vi.unstubAllGlobals());

it.skipIf(!hasFfprobe).each(CLIPS)('%s has the frames that ffprobe finds, at its times', async (name) => {
  const clip = await openVideo(new Blob([readFileSync(fixture(name))]));
  const { timestamps, frameCount } = clip.info;
  clip.dispose();
  const times = shownAt(fixture(name));
  expect(frameCount).toBe(times.length);
  // Both round: ffprobe to microseconds, Matroska to milliseconds.
  for (const [frame, time] of times.entries()) expect(timestamps[frame]).toBeCloseTo(time, 5);
});
