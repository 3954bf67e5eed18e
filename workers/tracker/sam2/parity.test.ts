import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { stretch } from '../../../src/core/geometry.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import { parseSam2Manifest, SAM2_GRAPHS, type Sam2Graph, type Sam2Manifest } from '../../models/sam2Manifest.ts';
import { toEncoderInput } from '../resize.ts';
import { StageTimer } from '../stageTimer.ts';
import { Sam2Model } from './sam2Model.ts';
import { frameOf, type FixtureClip, type Reference } from './testing/fixture.ts';
import { replay } from './testing/replay.ts';

const FIXTURES = new URL(process.env['PARITY_FIXTURES'] ?? '../../../fixtures/models/', import.meta.url);
const MODELS = ['sam2.1-tiny-random'];

const json = async (path: string) => JSON.parse((await readFile(new URL(path, FIXTURES))).toString()) as unknown;
const clip = (await json('clip/clip.json')) as FixtureClip;
const rgb = await readFile(new URL('clip/clip.rgb', FIXTURES));

async function load(folder: string, change: (manifest: Sam2Manifest) => Sam2Manifest = (same) => same) {
  const manifest = change(parseSam2Manifest(await json(`${folder}/manifest.json`)));
  const read = (path: string) => readFile(new URL(`${folder}/${path}`, FIXTURES));
  const graphs: Partial<Record<Sam2Graph, Uint8Array>> = {};
  for (const name of SAM2_GRAPHS) graphs[name] = await read(manifest.graphs[name].path);
  const weights = { graphs: graphs as Record<Sam2Graph, Uint8Array>, constants: await read(manifest.constants.path) };
  const model = await Sam2Model.load(createNodeRuntime({ threads: 1 }), manifest, weights, new StageTimer());
  return { model, manifest };
}

describe.each(MODELS)('%s', async (folder) => {
  const reference = (await json(`${folder}/reference.json`)) as Reference;
  const bytes = await readFile(new URL(`${folder}/${reference.file}`, FIXTURES));
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

  it.each(reference.runs.map((run) => [run.name, run] as const))(
    'tracks as the reference does: %s',
    async (_, run) => {
      const { model, manifest } = await load(folder, (known) => ({
        ...known,
        rules: { ...known.rules, conditioningFrames: run.max_cond_frames },
      }));
      const { binarize } = manifest.rules;
      const difference = await replay(model, clip, rgb, reference, values, run, binarize, manifest.imageSize);
      await model.dispose();
      expect(difference.firstAt).toBeUndefined();
      expect(difference.records).toBe(run.records.length);
      expect(difference.changedPixels).toBe(0);
      if (process.env['PARITY_PRINT']) console.log(folder, run.name, difference);
    },
  );

  it('prepares frames as the reference does', () => {
    const { shape, offset, frame } = reference.input;
    const side = shape[1] ?? 0;
    const input = toEncoderInput(frameOf(clip, rgb, frame), stretch(clip, side), {
      mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
      deviation: [0.229 * 255, 0.224 * 255, 0.225 * 255],
    });
    const off = input.reduce((most, value, i) => Math.max(most, Math.abs(value - (values[offset / 4 + i] ?? NaN))), 0);
    expect(off).toBeLessThan(1e-4);
  });
});
