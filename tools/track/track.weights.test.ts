import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeRle, rleIou } from '../../src/core/rle.ts';
import { readPng } from '../../src/core/testing/readPng.ts';
import { discCentre, hasFfmpeg, DISC_CLIP, discMask, writeDiscClip } from '../testing/discClip.ts';
import { runTrack } from './testing/runTrack.ts';

const FRAMES = 4;

const root = await mkdtemp(join(tmpdir(), 'masklet-cli-'));
afterAll(() => rm(root, { recursive: true }));
const frames = join(root, 'frames');
await writeDiscClip(frames, FRAMES);
const prompts = join(root, 'prompts.json');
const disc = { id: 5, name: 'disc', prompts: [{ frame: 1, points: [{ ...discCentre(1), label: 1 }] }] };
await writeFile(prompts, JSON.stringify({ version: 1, objects: [disc] }));

describe.skipIf(!hasFfmpeg)('npm run track', () => {
  const whole = join(root, 'whole');
  const stopped = join(root, 'stopped');
  const pngs = ['00000.png', '00001.png', '00002.png', '00003.png'];

  it('writes an ID map for each frame, object masks, and scores', { timeout: 240_000 }, async () => {
    const { code, said } = await runTrack([frames, '--prompts', prompts, '--out', whole, '--binary']);
    expect(said).toContain('4 frames are in');
    expect(code).toBe(0);
    expect((await readdir(whole)).sort()).toEqual([...pngs, 'binary', 'run.json', 'scores.json']);
    for (const [frame, name] of pngs.entries()) {
      const map = readPng(await readFile(join(whole, name)));
      expect(map).toMatchObject({ kind: 'indexed', ...DISC_CLIP });
      const mask = map.pixels.map((id) => (id === 5 ? 1 : 0));
      expect(map.pixels.every((id) => id === 0 || id === 5)).toBe(true);
      expect(rleIou(encodeRle(mask, DISC_CLIP), discMask(frame))).toBeGreaterThan(0.8);
      const binary = readPng(await readFile(join(whole, 'binary/5-disc', name)));
      expect(Array.from(binary.pixels)).toEqual(Array.from(mask, (inside) => inside * 255));
    }
    const scores = JSON.parse(await readFile(join(whole, 'scores.json'), 'utf8')) as {
      frames: { frame: number; name: string; objects: { id: number; score: number; status: string }[] }[];
    };
    expect(scores.frames.map(({ frame, name }) => [frame, name])).toEqual(
      pngs.map((name, frame) => [frame, name.slice(0, 5)]),
    );
    expect(scores.frames.map(({ objects }) => objects[0]!.status)).toEqual([
      ...['tracked', 'prompted', 'tracked', 'tracked'],
    ]);
  });

  it('keeps what is done on Ctrl-C, and goes on to the same masks', { timeout: 240_000 }, async () => {
    const args = [frames, '--prompts', prompts, '--out', stopped, '--binary'];
    const interrupted = await runTrack(args, 'frame 2 of');
    expect(interrupted.said).toContain('--resume goes on');
    expect(interrupted.code).toBe(130);
    const kept = (await readdir(stopped)).filter((name) => name.endsWith('.png'));
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect(kept.length).toBeLessThan(FRAMES);
    expect((await runTrack([...args, '--resume'])).code).toBe(0);
    for (const name of [...pngs, 'scores.json', 'run.json', join('binary/5-disc', pngs[0]!)]) {
      expect(await readFile(join(stopped, name))).toEqual(await readFile(join(whole, name)));
    }
    const other = await runTrack([...args, '--resume', '--range', '0-2']);
    expect(other).toMatchObject({ code: 2 });
    expect(other.said).toContain('holds another run: the range is not');
  });

  it.each([
    ['no input', [], 'INPUT is missing'],
    ['an unknown option', [frames, '--swift'], '--swift'],
    [
      'an unknown model',
      [frames, '--prompts', prompts, '--out', whole, '--model', 'sam3'],
      'it is embedded, or a folder',
    ],
    [
      'an unknown precision',
      [frames, '--prompts', prompts, '--out', whole, '--precision', 'int4'],
      '--precision is fp32 or fp16,',
    ],
    [
      'frames that are not there',
      [frames, '--prompts', prompts, '--out', whole, '--range', '2-9'],
      'last frame of',
    ],
    [
      'prompts outside the range',
      [frames, '--prompts', prompts, '--out', whole, '--range', '2-3'],
      'prompts[0].frame is 1',
    ],
    ['a folder that is not empty', [frames, '--prompts', prompts, '--out', whole], 'is not empty'],
  ])('ends with code 2 for %s', async (_, args, message) => {
    const { code, said } = await runTrack(args);
    expect(said).toContain(message);
    expect(code).toBe(2);
  });
});
