/**
 * `npm run soak`: opens a clip of an hour in the app, tracks an object through it for some minutes, looks about meanwhile, and prints what
 * the page holds. See docs/reliability.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expect as assert, type Page } from '@playwright/test';
import { App, usePaintedModel } from '../e2e/app.ts';
import type { Census } from '../src/core/census.ts';
import { heapOf, onProfilePage } from './bench/profilePage.ts';
import { memoryOfRenderer } from './bench/rendererMemory.ts';
import { formatTable } from './eval/table.ts';
import { runFfmpeg } from './node/ffmpeg.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { wholeNumber } from './node/usage.ts';

const expect = assert.configure({ timeout: 600_000 });

const [RATE, HOUR] = [25, 3600];

/** How often the page is measured, in milliseconds. */
const INTERVAL = 20_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, clip: { type: 'string' } },
  });
  const minutes = wholeNumber('--minutes', values.minutes, 1);
  const folder = await mkdtemp(join(tmpdir(), 'masklet-soak-'));
  try {
    const clip = values.clip ?? (await makeClip(join(folder, 'hour.mp4')));
    const profile = join(folder, 'profile');
    await onProfilePage(profile, async (page) => {
      await usePaintedModel(page.context());
      await soak(page, clip, minutes, profile);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return EXIT.ok;
}

/**
 * A white square that swings to and fro on grey, which the painted model follows, with silence: a minute of 1080p, sixty times over, and
 * the square is where it began after each.
 */
async function makeClip(path: string): Promise<string> {
  console.error('Making a clip of an hour…');
  const minute = path.replace('.mp4', '-minute.mp4');
  const sources = [
    `color=c=gray:s=1920x1080:r=${RATE}:d=60`,
    `color=c=white:s=240x240:r=${RATE}:d=60`,
    'anullsrc=r=44100:cl=mono',
  ].flatMap((source) => ['-f', 'lavfi', '-i', source]);
  const swing = `[0][1]overlay=x='840+600*sin(2*PI*t/6)':y=420:shortest=1`;
  const codecs = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '250',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ];
  await runFfmpeg(
    'ffmpeg',
    ['-v', 'error', ...sources, '-filter_complex', swing, ...codecs, '-t', '60', '-y', minute],
    minute,
  );
  const times = String(HOUR / 60 - 1);
  await runFfmpeg(
    'ffmpeg',
    ['-v', 'error', '-stream_loop', times, '-i', minute, '-c', 'copy', '-y', path],
    path,
  );
  return path;
}

async function soak(page: Page, clip: string, minutes: number, profile: string): Promise<void> {
  const app = new App(page);
  await app.goto();
  const start = performance.now();
  await app.openFile(clip);
  await expect(page.getByRole('slider', { name: 'Frame' })).toBeVisible();
  console.log(`opened after ${((performance.now() - start) / 1000).toFixed(1)} s`);
  await app.ready();
  await app.clickAt(0.5, 0.5);
  await app.hasMask(1, 0, 'prompted');
  await app.button('Track').click();
  const rows: string[][] = [];
  const end = Date.now() + minutes * 60_000;
  let isLast = false;
  while (!isLast) {
    isLast = Date.now() > end;
    rows.push(await measure(page, profile));
    console.error(rows.at(-1)?.join('  '));
    // A person looks about: far away in the clip, and back.
    await page.getByRole('slider', { name: 'Frame' }).press(rows.length % 2 === 0 ? 'End' : 'Home');
    await page.waitForTimeout(INTERVAL);
  }
  console.log(
    formatTable(
      ['tracked frames', 'heap, MB', 'process, MB', 'features, MB', 'open frames', 'stored, MB'],
      rows,
    ),
  );
}

interface SoakWindow {
  masklet: { census(): Promise<Census> };
}

async function measure(page: Page, profile: string): Promise<string[]> {
  const heap = await heapOf(page);
  const { census, stored } = await page.evaluate(async () => ({
    census: await (window as unknown as SoakWindow).masklet.census(),
    stored: (await navigator.storage.estimate()).usage ?? 0,
  }));
  return [
    String(census.trackedFrames),
    ...[heap, await memoryOfRenderer(profile), census.bytes].map((bytes) => (bytes / 1e6).toFixed(0)),
    String(census.frames),
    (stored / 1e6).toFixed(0),
  ];
}

await runCommand(main);
