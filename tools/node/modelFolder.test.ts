import { copyFile, cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import { isModelFolder, isParityFixture, loadModelFolder } from './modelFolder.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/models/', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masklet-model-'));
  await cp(join(FIXTURES, 'sam2.1-tiny-random-five'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

/** The sessions that are open once the model in the folder is loaded. */
async function load(precision: 'fp32' | 'fp16' = 'fp32', from = folder): Promise<number> {
  const runtime = createNodeRuntime({ threads: 1 });
  const model = await loadModelFolder(from, runtime, new StepTimer(), precision);
  const { sessions } = runtime.stats;
  await model.dispose();
  return sessions;
}

describe('loadModelFolder', () => {
  it('takes both contracts', async () => {
    expect(await load()).toBe(5);
    expect(await load('fp32', join(FIXTURES, 'edgetam-tiny-random'))).toBe(4);
  });

  it('takes a hosted export without a description, as they come from a hub', async () => {
    await rm(join(folder, 'manifest.json'));
    expect(isModelFolder(folder)).toBe(true);
    expect(await load()).toBe(5);
    await expect(load('fp16')).rejects.toThrow(`The model in ${folder} has no graphs in fp16`);
    await copyFile(join(folder, 'onnx/mask_decoder.onnx'), join(folder, 'onnx/pointer_tpos.onnx'));
    await expect(load()).rejects.toThrow(
      'The graph “pointer_tpos” does not fit the model “sam2.1-tiny-random-five”',
    );
  });

  it('takes the fp16 twins where they are asked for', async () => {
    await rm(join(folder, 'manifest.json'));
    for (const name of [
      ...['vision_encoder', 'mask_decoder', 'memory_encoder', 'memory_attention', 'pointer_tpos'],
    ])
      await rename(join(folder, `onnx/${name}.onnx`), join(folder, `onnx/${name}_fp16.onnx`));
    expect(await load('fp16')).toBe(5);
  });

  it('says what is missing or altered', async () => {
    await writeFile(join(folder, 'constants.json'), '{}');
    await expect(load()).rejects.toThrow('constants.json is not the file that manifest.json describes');
    await rm(join(folder, 'manifest.json'));
    await expect(load()).rejects.toThrow('constants.json: image_size');
    await writeFile(join(folder, 'constants.json'), 'no');
    await expect(load()).rejects.toThrow('(constants.json)');
    await rm(join(folder, 'constants.json'));
    expect(isModelFolder(folder)).toBe(false);
  });
});

it('a model without a reference is no fixture of parity', async () => {
  const names = (await readdir(FIXTURES)).filter((name) => isParityFixture(join(FIXTURES, name)));
  expect(names.sort()).toEqual([
    ...['edgetam-published-tiny-random', 'edgetam-tiny-random'],
    ...['sam2.1-tiny-random', 'sam2.1-tiny-random-five'],
  ]);
  expect(isModelFolder(join(FIXTURES, 'painted'))).toBe(true);
});
