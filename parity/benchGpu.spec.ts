import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { encodeGrayPng } from '../src/core/png.ts';
import type { Results } from '../tools/bench/gpu/runParts.ts';

const SIZE = { width: 96, height: 64 };
const FRAMES = 3;
/** More than a GPU is given: an emulated one on a busy machine takes several times as long. */
const MINUTES = 19;

/** A bright disc that moves, as DIR/disc/frames and DIR/disc/masks. */
async function writeClip(folder: string): Promise<void> {
  const write = async (part: string, dark: number, bright: number) => {
    await mkdir(join(folder, 'disc', part), { recursive: true });
    for (let frame = 0; frame < FRAMES; frame++) {
      const pixels = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => {
        const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
        return Math.hypot(x - 30 - 2 * frame, y - 32) < 14 ? bright : dark;
      });
      await writeFile(join(folder, 'disc', part, `0000${frame}.png`), await encodeGrayPng(pixels, SIZE));
    }
  };
  await write('frames', 40, 220);
  await write('masks', 0, 255);
}

test('the benchmark of a GPU measures all that there is, says what there is not, and goes on with its file', async () => {
  // Two runs of the command on an emulated GPU: minutes, also on a quiet machine.
  test.setTimeout((MINUTES + 1) * 60_000);
  const info = test.info();
  const [data, json] = [info.outputPath('data'), info.outputPath('gpu.json')];
  await writeClip(data);
  const run = async () => {
    const args = ['--import', 'tsx', 'tools/benchGpu.ts', '--dry', '--frames', '1', '--data', data];
    const rest = ['--json', json, '--minutes', String(MINUTES)];
    const { stdout } = await promisify(execFile)(process.execPath, [...args, ...rest]);
    return stdout;
  };
  const first = await run();
  const { parts } = JSON.parse(await readFile(json, 'utf8')) as Results;
  const figures = new Map(parts.map((part) => [part.name, part.state === 'done' ? part.figures : part.why]));
  expect([...figures.keys()].filter((name) => typeof figures.get(name) !== 'string')).toEqual([
    'SAM 2.1 tiny fp32',
    'SAM 2.1 tiny fp32, not replayed',
    'J&F fp32 disc',
    'embedded fp32',
    'embedded fp32, not replayed',
    'memory attention',
    'encoder on LiteRT and ONNX Runtime fp32',
  ]);
  const notes = new Map(parts.map((part) => [part.name, part.state === 'done' ? part.note : undefined]));
  expect(notes.get('SAM 2.1 tiny fp32')).toContain('replayed step');
  expect(notes.get('SAM 2.1 tiny fp32, not replayed')).toBe('nothing replayed');
  expect(figures.get('embedded fp16')).toBe('The GPU offers no float16 (shader-f16).');
  expect(figures.get('J&F fp32 disc')).toMatchObject([{ what: 'J&F', value: expect.any(Number) as unknown }]);
  expect(first).toContain('7 parts measured, 8 skipped, 0 failed.');

  const again = await run();
  expect(again).toContain('7 parts measured, 8 skipped, 0 failed.');
  expect((JSON.parse(await readFile(json, 'utf8')) as Results).parts).toEqual(parts);
});
