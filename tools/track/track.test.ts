import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeGrayPng } from '../../src/core/png.ts';
import { fromCocoRle } from '../../src/core/cocoRle.ts';
import { decodeRle, encodeRle, rleIou } from '../../src/core/rle.ts';
import { readPng } from '../../src/core/testing/readPng.ts';
import { DISC_CLIP, discCentre, discMask, hasFfmpeg, writeDiscClip } from '../testing/discClip.ts';
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

  it('writes the masks in another format once all frames are done, and again where it is asked to', async () => {
    const out = join(root, 'coco');
    const pixels = decodeRle(discMask(1)).map((inside) => inside * 255);
    await writeFile(join(root, 'disc.png'), await encodeGrayPng(pixels, DISC_CLIP));
    const given = join(root, 'given.json');
    const object = { ...disc, prompts: [{ frame: 1, mask: 'disc.png' }] };
    await writeFile(given, JSON.stringify({ version: 1, objects: [object] }));
    const args = ['--prompts', given, '--format', 'coco'];
    expect(await track(out, args)).toMatchObject({ code: 0 });
    const { images, annotations, categories } = JSON.parse(
      await readFile(join(out, 'coco/frames.json'), 'utf8'),
    ) as {
      images: { file_name: string }[];
      annotations: { image_id: number; segmentation: unknown; attributes: object }[];
      categories: object[];
    };
    expect(images.map(({ file_name }) => file_name)).toEqual(
      Array.from({ length: FRAMES }, (_, i) => `${String(i).padStart(5, '0')}.jpg`),
    );
    expect(categories).toMatchObject([{ name: 'disc' }]);
    const first = annotations.find(({ image_id }) => image_id === 2);
    expect(first).toMatchObject({ track_id: 5, score: 1 });
    expect(fromCocoRle(first?.segmentation)).toEqual(discMask(1));
    expect(first?.attributes).toEqual({ origin: 'mask' });
    const made = {
      origin: 'track',
      model: 'sam2.1-tiny-random',
      model_version: expect.stringMatching(/^\w{12}$/) as string,
    };
    for (const { image_id: image, attributes } of annotations)
      if (image !== 2) expect(attributes).toEqual(made);
    const again = await track(out, ['--prompts', given, '--format', 'cutout', '--resume']);
    expect(again.said).toContain('cutout');
    expect(again.code).toBe(0);
    expect(await readdir(join(out, 'cutout/disc'))).toHaveLength(FRAMES);
  });

  it('writes the things that it finds by itself in another format too: their masks are those of the ID maps', async () => {
    const out = join(root, 'things');
    const painted = join(FIXTURES, 'painted');
    const args = ['--everything', '--range', '0-2', '--model', painted, '--threads', '1', '--format', 'coco'];
    expect(await runTrack([frames, '--out', out, ...args])).toMatchObject({ code: 0 });
    const { annotations, categories } = JSON.parse(await readFile(join(out, 'coco/frames.json'), 'utf8')) as {
      annotations: { image_id: number; segmentation: unknown; attributes: { origin: string } }[];
      categories: object[];
    };
    expect(categories).toMatchObject([{ name: 'Object 1' }]);
    expect(annotations.map(({ attributes }) => attributes.origin)).toEqual(['mask', 'track', 'track']);
    for (const [frame, { image_id: image, segmentation }] of annotations.entries()) {
      const mask = fromCocoRle(segmentation);
      expect(image).toBe(frame + 1);
      expect(rleIou(mask, discMask(frame))).toBeGreaterThan(0.9);
      const map = readPng(await readFile(join(out, `0000${frame}.png`)));
      expect(encodeRle(map.pixels, DISC_CLIP)).toEqual(mask);
    }
  });

  it('refuses to go on with another model in the place of the one it began with', async () => {
    await rm(model, { recursive: true });
    await cp(join(FIXTURES, 'edgetam-tiny-random'), model, { recursive: true });
    const { code, said } = await track(whole, ['--resume']);
    expect(said).toContain('holds another run: the model is not');
    expect(code).toBe(2);
  });
});
