/** `npm run bench:gpu`: all that is worth knowing of a real GPU, in ten minutes. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { IS_REAL_GPU } from '../e2e/chromiumGpu.ts';
import { inBenchPage } from './bench/chromium.ts';
import { encoderPath } from './bench/benchRun.ts';
import { filesOf, TINY_GRAPH, writeTinyModels } from './bench/gpu/files.ts';
import { allParts, EXPORTS, ON_A_GPU, type Extent, type Given } from './bench/gpu/parts.ts';
import { describeResults, lineOf, readResults, runParts, writeResults } from './bench/gpu/runParts.ts';
import { clipNames } from './eval/clips.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { UsageError, wholeNumber } from './node/usage.ts';

const HELP = `Frames a second on the machine's own GPU: the embedded model with 1 and 8 objects, in fp16 and fp32, with recorded runs that are replayed and
without; SAM 2.1 at full size; J&F in fp16; and the encoder on LiteRT's WebGPU accelerator beside ONNX Runtime's.

  MASKLET_GPU=real npm run bench:gpu -- [options]
  npm run bench:gpu -- --dry [options]

  --json FILE     where results are kept as they come; test-results/gpu.json where left out. The same command goes on with a file:
                  what is measured is not measured again
  --minutes N     the time that all may take, 10 where left out; what has no time left is skipped, and said
  --data DIR      clips with true masks, DIR/CLIP/frames and DIR/CLIP/masks, for J&F
  --clips a,b     which of them; two of different kinds where left out
  --sam2 DIR      exports of SAM 2.1 by tools/export, in the folders ${EXPORTS.join(', ')} (of --contract five): weights may be random
  --frames N      frames to measure; 30 where left out
  --dry           tiny graphs on any GPU, one that is emulated too: whether the command works, not how fast anything is
  --help          this text

Exit codes: 0 done, also where something was skipped; 1 something failed; 2 the command line makes no sense. More: docs/performance.md
`;

/** One on which the model does well, and one with look-alikes. */
const CLIPS = ['blackswan', 'camel'];
/** Until JavaScript runs as fast as it will. */
const WARM_UP_FRAMES = 12;
/** Cells of a frame of 16:9. */
const WIDE = { width: 64, height: 36 };
const DRY: Omit<Extent, 'frames'> = {
  ...{ objects: [1], warmUp: 0, rounds: 1, clipFrames: 3, cells: { width: 16, height: 12 } },
  // As long as they may: an emulated GPU takes minutes for what another does in seconds.
  seconds: { embedded: 150, sam2: 150, quality: 150, attention: 150, liteRt: 150 },
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string', default: 'test-results/gpu.json' },
      minutes: { type: 'string', default: '10' },
      data: { type: 'string' },
      clips: { type: 'string' },
      sam2: { type: 'string' },
      frames: { type: 'string', default: '30' },
      dry: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const { dry, json, data } = values;
  if (!dry && !IS_REAL_GPU)
    throw new UsageError(
      'Without MASKLET_GPU=real in the environment there is no GPU to measure; --dry tries the command.',
    );
  const deadline = performance.now() + 60_000 * wholeNumber('--minutes', values.minutes, 1);
  const frames = wholeNumber('--frames', values.frames, 1);
  const clips = data === undefined ? [] : await chosenClips(data, values.clips);
  const tiny = dry ? await writeTinyModels() : undefined;
  const exported =
    tiny?.exported ?? (values.sam2 === undefined ? new Map<string, string>() : await exportsIn(values.sam2));
  const extent: Extent = dry
    ? { ...DRY, frames }
    : { frames, objects: [1, 8], warmUp: WARM_UP_FRAMES, rounds: 10, cells: WIDE, seconds: ON_A_GPU };
  let isWhole = true;
  const work = async (first: Page) => {
    const gpu = await describeGpu(first);
    const best = gpu.half ? 'fp16' : 'fp32';
    const graph = dry ? TINY_GRAPH : { liteRt: encoderPath('lite'), onnx: encoderPath(best) };
    const given: Given = { hasHalf: gpu.half, data, clips, exported, graph };
    const results = await readResults(json, { gpu: gpu.name, chromium: gpu.version, frames, dry });
    let page = first;
    const { parts, ...rest } = await runParts(allParts(given, extent), {
      ...{ results, deadline },
      tool: async (anew) => {
        if (anew) page = await another(page);
        return page;
      },
      keep: async (all, last) => {
        await writeResults(json, all);
        console.log(lineOf(last));
      },
    });
    isWhole = parts.every(({ state }) => state !== 'failed');
    console.log(`\n${gpu.name}, Chromium ${gpu.version}\n\n${describeResults({ ...rest, parts })}`);
  };
  await inBenchPage(work, filesOf({ tiny: tiny?.files, data, exported }));
  return isWhole ? EXIT.ok : EXIT.failed;
}

async function chosenClips(data: string, chosen: string | undefined): Promise<string[]> {
  const all = await clipNames(data, chosen);
  if (chosen !== undefined) return all;
  const usual = CLIPS.filter((name) => all.includes(name));
  return usual.length > 0 ? usual : all.slice(0, CLIPS.length);
}

/** The folders of exports that are there, by name. */
async function exportsIn(folder: string): Promise<Map<string, string>> {
  const there = await readdir(folder).catch((cause: unknown) => {
    throw new UsageError(`There is no folder ${folder}.`, { cause });
  });
  return new Map(EXPORTS.filter((name) => there.includes(name)).map((name) => [name, resolve(folder, name)]));
}

interface DescribedGpu {
  readonly name: string;
  readonly half: boolean;
  readonly version: string;
}

async function describeGpu(page: Page): Promise<DescribedGpu> {
  const found = await page.evaluate(() =>
    (window as unknown as { gpu(): Promise<{ name: string; half: boolean }> }).gpu(),
  );
  return { ...found, version: page.context().browser()?.version() ?? '' };
}

/** A page in place of one that may hang. */
async function another(page: Page): Promise<Page> {
  const browser = page.context().browser();
  if (!browser) throw new Error('The browser is gone.');
  const next = await browser.newPage();
  next.setDefaultTimeout(0);
  await next.goto(page.url());
  // One that hangs may not close either.
  void page.close().catch(() => undefined);
  return next;
}

await runCommand(main);
