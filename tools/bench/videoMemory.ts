import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { runFfmpeg } from '../node/ffmpeg.ts';
import { onBuiltPage } from './builtPage.ts';
import { LONG_CLIP, SQUARE, SWING, type VideoOrderOfBench, type VideoProgress } from './longClip.ts';
import { memoryOfRenderer } from './rendererMemory.ts';

/** How often the process is measured, in milliseconds. */
const INTERVAL = 500;

/** What an export took. */
export interface VideoCosts {
  readonly seconds: number;
  /** Of the file. */
  readonly bytes: number;
  /** The most that the page's process took in each quarter of the clip, in bytes. */
  readonly quarters: readonly number[];
}

interface ExportWindow {
  scanned(): number;
  startVideo(order: VideoOrderOfBench): void;
  videoProgress(): VideoProgress;
}

/**
 * Exports a clip of an hour as a video in the browser, once for each order.
 *
 * @throws Error where an export fails
 */
export async function measureVideos(orders: readonly VideoOrderOfBench[]): Promise<VideoCosts[]> {
  const folder = await mkdtemp(join(tmpdir(), 'masklet-bench-'));
  try {
    const clip = await makeClip(folder);
    const found: VideoCosts[] = [];
    for (const [at, order] of orders.entries()) {
      const profile = join(folder, `profile-${at}`);
      found.push(
        await onBuiltPage('exportPage', [], (page) => measureVideo(page, clip, order, profile), profile),
      );
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One swing, as often as it takes. */
async function makeClip(folder: string): Promise<string> {
  const { width, height, rate, minutes } = LONG_CLIP;
  const { side, left, top, swing } = SQUARE;
  const [once, whole] = [join(folder, 'once.mp4'), join(folder, 'clip.mp4')];
  const sources = [
    `testsrc2=s=${width}x${height}:r=${rate}:d=${SWING}`,
    `color=c=white:s=${side}x${side}:r=${rate}:d=${SWING}`,
  ].flatMap((source) => ['-f', 'lavfi', '-i', source]);
  const overlay = `[0][1]overlay=x='${left}+${swing}*sin(2*PI*t/${SWING})':y=${top}:shortest=1`;
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await runFfmpeg(
    'ffmpeg',
    ['-v', 'error', ...sources, '-filter_complex', overlay, ...codec, '-y', once],
    once,
  );
  const more = String((60 * minutes) / SWING - 1);
  await runFfmpeg('ffmpeg', ['-v', 'error', '-stream_loop', more, '-i', once, '-c', 'copy', whole], whole);
  return whole;
}

async function measureVideo(
  page: Page,
  clip: string,
  order: VideoOrderOfBench,
  profile: string,
): Promise<VideoCosts> {
  await page.goto('./');
  await page.getByLabel('Clip').setInputFiles(clip);
  await page.waitForFunction(() => (window as unknown as ExportWindow).scanned() === 1);
  const begun = performance.now();
  await page.evaluate((given) => (window as unknown as ExportWindow).startVideo(given), order);
  const quarters = [0, 0, 0, 0];
  for (;;) {
    const { phase, done, total, bytes } = await page.evaluate(() =>
      (window as unknown as ExportWindow).videoProgress(),
    );
    if (phase === 'done') return { seconds: (performance.now() - begun) / 1000, bytes, quarters };
    if (phase === 'failed') throw new Error(`The export failed after ${done} of ${total} frames.`);
    const quarter = Math.min(3, Math.floor((4 * done) / Math.max(1, total)));
    const isFirst = quarters[quarter] === 0;
    quarters[quarter] = Math.max(quarters[quarter] ?? 0, await memoryOfRenderer(profile));
    if (isFirst) console.error(`${order.look}: ${done} of ${total} frames`);
    await page.waitForTimeout(INTERVAL);
  }
}
