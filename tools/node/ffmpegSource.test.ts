import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/core/frames.ts';
import { encodeGrayPng } from '../../src/core/png.ts';
import { hasFfmpeg, DISC_CLIP, discPixels, writeDiscClip } from '../testing/discClip.ts';
import { FfmpegSource } from './ffmpegSource.ts';

const FRAMES = 9;
const root = await mkdtemp(join(tmpdir(), 'masklet-source-'));
afterAll(() => rm(root, { recursive: true }));
const frames = join(root, 'frames');
await writeDiscClip(frames, FRAMES);
const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);

/** Which painted frame this is, by its pixels. */
async function paintedIndex(frame: Frame): Promise<number> {
  const { data } = await frame.pixels();
  frame.close();
  return Array.from({ length: FRAMES }, (_, i) => discPixels(i)).findIndex((pixels) =>
    pixels.every((value, at) => data[at * 4] === value),
  );
}

async function read(source: FfmpegSource, first: number, last: number): Promise<number[][]> {
  const seen: number[][] = [];
  for await (const frame of source.frames(first, last)) seen.push([frame.index, await paintedIndex(frame)]);
  return seen;
}

const steps = (...indices: number[]) => indices.map((index) => [index, index]);

describe.skipIf(!hasFfmpeg)('frames through ffmpeg', () => {
  const video = join(root, 'clip.mkv');
  if (hasFfmpeg) ffmpeg('-i', join(frames, '%05d.png'), '-c:v', 'ffv1', '-g', '4', video);

  it.each([
    ['a folder', frames],
    ['a video', video],
  ])('%s: every frame by its number, forward and backward', async (_, path) => {
    const source = await FfmpegSource.open(path);
    expect(source.info).toMatchObject({ ...DISC_CLIP, frameCount: FRAMES });
    expect(source.names.slice(0, 2)).toEqual(['00000', '00001']);
    expect(Array.from(source.info.timestamps.slice(0, 3))).toEqual([0, 0.04, 0.08]);
    expect(await read(source, 0, FRAMES - 1)).toEqual(steps(0, 1, 2, 3, 4, 5, 6, 7, 8));
    expect(await read(source, 7, 5)).toEqual(steps(7, 6, 5));
    expect(await paintedIndex(await source.frame(6))).toBe(6);
    await expect(source.frame(FRAMES)).rejects.toThrow(RangeError);
    expect(source.info.ticksPerSecond).toBe(path === video ? 1000 : undefined);
  });

  it('stops when the reader has enough, or the signal fires', async () => {
    const source = await FfmpegSource.open(frames);
    for await (const frame of source.frames(0, 8)) if (frame.index === 1) break;
    const stop = new AbortController();
    stop.abort();
    await expect(source.frame(0, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('shows pixels that are not square as wide as they are', async () => {
    const wide = join(root, 'wide.mp4');
    ffmpeg('-i', join(frames, '%05d.png'), '-vf', 'setsar=4/3', '-c:v', 'mpeg4', wide);
    expect((await FfmpegSource.open(wide)).info).toMatchObject({ width: 213, height: 90 });
  });

  it('names a frame of another size or kind', async () => {
    const odd = join(root, 'odd');
    await mkdir(odd);
    await copyFile(join(frames, '00000.png'), join(odd, 'a.png'));
    await writeFile(join(odd, 'b.png'), await encodeGrayPng(new Uint8Array(6), { width: 3, height: 2 }));
    await expect(FfmpegSource.open(odd)).rejects.toThrow('a.png is 160×90, b.png is 3×2');
    ffmpeg('-i', join(frames, '00000.png'), join(odd, 'b.jpg'));
    await rm(join(odd, 'b.png'));
    await expect(FfmpegSource.open(odd)).rejects.toThrow('of two kinds: a.png and b.jpg');
    await rm(join(odd, 'b.jpg'));
    await copyFile(join(odd, 'a.png'), join(odd, 'a.PNG'));
    await expect(FfmpegSource.open(odd)).rejects.toThrow('a.PNG and a.png in');
  });

  it('says which frame is damaged, and gives those before it', async () => {
    const broken = join(root, 'broken');
    await writeDiscClip(broken, 5);
    const png = await encodeGrayPng(discPixels(3), DISC_CLIP);
    png.fill(0, 60, 90);
    await writeFile(join(broken, '00003.png'), png);
    const source = await FfmpegSource.open(broken);
    const seen: number[] = [];
    const all = async () => {
      for await (const frame of source.frames(0, 4)) seen.push(await paintedIndex(frame));
    };
    await expect(all()).rejects.toMatchObject({ code: 'frame-undecodable' });
    expect(seen).toEqual([0, 1, 2, 3].slice(0, seen.length));
    expect(seen.length).toBeLessThanOrEqual(3);
  });

  it('says that there is nothing to read', async () => {
    await mkdir(join(root, 'empty'));
    await writeFile(join(root, 'text.mp4'), 'no video');
    for (const name of ['empty', 'text.mp4', 'nowhere']) {
      await expect(FfmpegSource.open(join(root, name))).rejects.toMatchObject({ code: 'file-not-media' });
    }
  });
});

describe('without ffmpeg', () => {
  it('says that ffmpeg is needed', async () => {
    const path = process.env.PATH;
    process.env.PATH = root;
    try {
      const source = await FfmpegSource.open(frames);
      await expect(source.frame(0)).rejects.toMatchObject({ code: 'not-ready' });
      await expect(FfmpegSource.open(join(root, 'text.mp4'))).rejects.toThrow(
        /ffprobe.*Install ffmpeg|no file/,
      );
    } finally {
      process.env.PATH = path;
    }
  });
});
