import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { discCentre, hasFfmpeg, writeDiscClip } from '../testing/discClip.ts';
import { runTrack } from './testing/runTrack.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/models/', import.meta.url));
const FRAMES = 12;

const root = await mkdtemp(join(tmpdir(), 'masklet-cli-'));
afterAll(() => rm(root, { recursive: true }));
const frames = join(root, 'frames');
await writeDiscClip(frames, FRAMES);
const prompts = join(root, 'prompts.json');
const disc = { id: 5, name: 'disc', prompts: [{ frame: 1, points: [{ ...discCentre(1), label: 1 }] }] };
await writeFile(prompts, JSON.stringify({ version: 1, objects: [disc] }));
const model = join(root, 'model');
await cp(join(FIXTURES, 'sam2.1-tiny-random'), model, { recursive: true });

/** A model without weights that mean anything: the command is what is tested. */
const track = (out: string, more: readonly string[] = [], stopAt?: string, signal?: NodeJS.Signals) =>
  runTrack(
    [frames, '--prompts', prompts, '--out', out, '--model', model, '--threads', '1', ...more],
    stopAt,
    signal,
  );

async function contents(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).sort();
  const read = async (name: string) => (await readFile(join(folder, name))).toString('latin1');
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

describe.skipIf(!hasFfmpeg)('npm run track, as an engine runs it', { timeout: 240_000 }, () => {
  const whole = join(root, 'whole');

  it('writes nothing and ends with code 2 where a file of the model is missing', async () => {
    await cp(model, join(root, 'part'), { recursive: true });
    await rm(join(root, 'part/memory_encoder.onnx'));
    const out = join(root, 'unwritten');
    const { code, said } = await track(out, ['--model', join(root, 'part')]);
    expect(said).toContain('memory_encoder.onnx');
    expect(code).toBe(2);
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  it('goes on in a folder inside INPUT, after a kill that left no time to save', async () => {
    expect(await track(whole)).toMatchObject({ code: 0 });
    const out = join(frames, 'masks');
    expect((await track(out, [], 'frame 5 of', 'SIGKILL')).code).toBe(null);
    expect(await readdir(out)).toContain('run.lock');
    const { code, said } = await track(out, ['--resume']);
    expect(said).toContain(`${FRAMES} frames are in`);
    expect(code).toBe(0);
    expect(await contents(out)).toEqual(await contents(whole));
  });

  it('refuses to go on with another model in the place of the one it began with', async () => {
    await rm(model, { recursive: true });
    await cp(join(FIXTURES, 'edgetam-tiny-random'), model, { recursive: true });
    const { code, said } = await track(whole, ['--resume']);
    expect(said).toContain('holds another run: the model is not');
    expect(code).toBe(2);
  });
});
