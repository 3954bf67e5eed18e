/** `npm run parity`: the TypeScript tracker against the reference, on a model and a clip made from any seed. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { SAM2_FAMILIES, type Sam2Family } from '../workers/models/sam2Manifest.ts';
import type { FixtureRun, ParityFixture } from '../workers/tracker/sam2/testing/fixture.ts';
import { compareRun, readParityFixture } from '../workers/tracker/sam2/testing/parityFixture.ts';
import { TOLERANCE } from '../workers/tracker/sam2/testing/replay.ts';
import { inBenchPage } from './bench/chromium.ts';
import { formatTable } from './eval/table.ts';
import { checkPrecision } from './node/models.ts';
import { isParityFixture } from './node/modelFolder.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { UsageError, wholeNumber } from './node/usage.ts';
import { inChromium, type Compared } from '../parity/inChromium.ts';
import { playOnCpu } from '../parity/keptRuns.ts';
import type { GpuRun } from '../parity/page/playOnGpu.ts';
import type { RealComparison, RealTask } from '../parity/realTask.ts';
import { KEPT_RUNS, type RunTask } from '../parity/runs.ts';
import { fromCocoRle } from '../src/core/cocoRle.ts';
import { rleIou } from '../src/core/rle.ts';

/** What random weights are drawn for: EdgeTAM's published configuration has no pointer positions, so both are compared. */
const KINDS: Readonly<Record<Sam2Family, readonly string[]>> = {
  sam2: ['sam2'],
  'sam2.1': ['sam2.1'],
  edgetam: ['edgetam', 'edgetam-published'],
};

/** How masklet_export.parity ends where its own tracker differs from the reference. */
const DIFFERENT = 3;

/** Of a mask on the GPU and that on the CPU. */
const LEAST_IOU = 0.98;

const HELP = `Holds the tracker of SAM 2 to the reference, on random weights.

  npm run parity -- --seed N [options]     a new tiny model and clip: run by the reference, then by this tracker
  npm run parity -- --fixture DIR          what an earlier run kept, or fixtures/models
  npm run parity -- --official --seed N    the same against the paper's own code, the package sam2, which is
                                           installed from PyPI where it is missing (tools/export/README.md)
  npm run parity:full -- --seed N          the same with a model of full size, with --wasm (minutes, and 2 GB)

  npm run parity -- --embedded             the embedded model with its weights, on the GPU beside the CPU, in Chromium: masks of a
                                           run on the sample, and features. On an emulated GPU a frame takes ten minutes to encode

  npm run parity -- --long                 500 frames of graphs without weights, on the GPU beside the CPU, in Chromium: masks, and what
                                           the GPU holds once its memory is full

  --family NAME    ${SAM2_FAMILIES.join(', ')}; sam2.1 where left out
  --wasm           in Chromium on WASM as well as in Node
  --out DIR        keeps model, clip and reference there
  --precision NAME with --embedded: fp32 or fp16, the encoder's on the GPU; fp32 where left out
  --frames N       with --embedded: frames of the run; 3 where left out
  --encoded N      with --embedded: frames that the GPU encodes, 1 where left out; the others' features are sent there
  --python FILE    the Python that tools/export is set up for (its README); python3 where left out

Exit codes: 0 all within ${TOLERANCE}, or with --embedded and --long masks of an IoU of at least ${LEAST_IOU}; 1 not; 2 the command line makes no sense.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      fixture: { type: 'string' },
      family: { type: 'string', default: 'sam2.1' },
      out: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      embedded: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      precision: { type: 'string', default: 'fp32' },
      frames: { type: 'string', default: '3' },
      encoded: { type: 'string', default: '1' },
      full: { type: 'boolean', default: false },
      official: { type: 'boolean', default: false },
      wasm: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  if (values.embedded) return compareEmbedded(values.precision, values.frames, values.encoded);
  if (values.long) return compareLong();
  if (values.fixture !== undefined) return compareAll(resolve(values.fixture), values.wasm);
  if (values.seed === undefined) throw new UsageError('--seed or --fixture is missing.');
  const seed = wholeNumber('--seed', values.seed, 0);
  const family = SAM2_FAMILIES.find((name) => name === values.family);
  if (!family)
    throw new UsageError(`--family is one of ${SAM2_FAMILIES.join(', ')}, not “${values.family}”.`);
  const folder = resolve(values.out ?? (await mkdtemp(join(tmpdir(), 'masklet-parity-'))));
  try {
    if (values.official) {
      const args = ['-m', 'masklet_export.official', '--seed', String(seed), '--out', folder];
      await runPython(values.python, args);
      return await compareAll(folder, values.wasm);
    }
    for (const kind of KINDS[family]) {
      const args = ['-m', 'masklet_export.parity', '--seed', String(seed), '--family', kind, '--out', folder];
      // Its own verdict is not ours: it holds another tracker to the reference.
      await runPython(values.python, [
        ...args,
        ...(values.full ? ['--full'] : family === 'sam2.1' ? ['--five'] : []),
      ]);
    }
    return await compareAll(folder, values.wasm);
  } finally {
    if (values.out === undefined) await rm(folder, { recursive: true });
  }
}

async function compareEmbedded(precision: string, frames: string, encoded: string): Promise<number> {
  const task: RealTask = {
    precision: checkPrecision(precision),
    frames: wholeNumber('--frames', frames, 1),
    encoded: wholeNumber('--encoded', encoded, 0),
    objects: 2,
  };
  let found: RealComparison | undefined;
  await inBenchPage(async (page) => {
    found = await page.evaluate(
      (given) =>
        (window as unknown as { compareReal(task: RealTask): Promise<RealComparison> }).compareReal(given),
      task,
    );
  });
  if (!found) throw new Error('The page gave no answer.');
  console.log(`On ${found.device}, in ${precision}.\n`);
  if (found.errors.length > 0)
    console.log(
      formatTable(
        ['frame', 'features', 'relative error'],
        found.errors.map(({ frame, name, error }) => [frame, name, error.toExponential(1)]),
      ),
    );
  console.log(
    formatTable(
      ['frame', 'IoU of the masks', 'score on the CPU', 'on the GPU'],
      found.masks.map(({ frame, iou, scores }) => [
        frame,
        ...[iou, ...scores].map((value) => value.toFixed(4)),
      ]),
    ),
  );
  const isAlike = found.left === 0 && found.masks.every(({ iou }) => iou >= LEAST_IOU);
  return isAlike ? EXIT.ok : EXIT.failed;
}

const LONG_RUN: RunTask = { ...KEPT_RUNS['graphs without weights'], frames: 500 };

async function compareLong(): Promise<number> {
  let onGpu: GpuRun | undefined;
  await inBenchPage(async (page) => {
    onGpu = await page.evaluate(
      (task) => (window as unknown as { playOnGpu(task: RunTask): Promise<GpuRun> }).playOnGpu(task),
      LONG_RUN,
    );
  });
  if (!onGpu) throw new Error('The page gave no answer.');
  const onCpu = await playOnCpu(LONG_RUN);
  const { masks, bytes, left } = onGpu;
  const ious = onCpu.map(({ mask }, i) =>
    masks[i] ? rleIou(fromCocoRle(mask), fromCocoRle(masks[i].mask)) : 0,
  );
  const [first, last] = [bytes.slice(16, 32), bytes.slice(32)].map((held) => Math.max(...held));
  console.log(
    `${ious.length} masks, of an IoU of at least ${Math.min(...ious).toFixed(4)} with those of the CPU. ` +
      `At most ${first} bytes on the GPU on frames 16 to 31, ${last} afterwards, ${left} buffers left.`,
  );
  const isFlat = first !== undefined && last !== undefined && last <= first && left === 0;
  return isFlat && Math.min(...ious) >= LEAST_IOU ? EXIT.ok : EXIT.failed;
}

type Play = (fixture: ParityFixture, model: string, run: FixtureRun) => Promise<Compared>;

const inNode: Play = (fixture, _, run) => compareRun(fixture, run, createNodeRuntime());

/** Plays all runs of all models in a folder of fixtures, in Node and, if asked for, in Chromium on WASM. */
async function compareAll(folder: string, wasm: boolean): Promise<number> {
  const rows = await compareOn('Node', folder, inNode);
  if (wasm)
    rows.push(
      ...(await inChromium(folder, (play) =>
        compareOn('WASM', folder, (_, model, run) => play(model, run.name)),
      )),
    );
  console.log(
    formatTable(
      ['run', 'on', 'logits', 'pointer', 'score', 'changed pixels', 'present', 'occluded'],
      rows.map(({ run, on, found: { present, records, changedPixels, pixels, ...off } }) => [
        run,
        on,
        ...[off.logits, off.pointer, off.objectScore].map((value) => value.toExponential(1)),
        `${changedPixels} of ${pixels}`,
        present,
        records - present,
      ]),
    ),
  );
  console.log(
    formatTable(
      ['run', 'on', 'graph', 'runs', 'ms a run'],
      rows.flatMap(({ run, on, found }) =>
        Object.entries(found.graphs)
          .filter(([, { runs }]) => runs > 0)
          .map(([graph, { runs, milliseconds }]) => [run, on, graph, runs, Math.round(milliseconds / runs)]),
      ),
    ),
  );
  return rows.every(({ found }) => found.logits <= TOLERANCE) ? EXIT.ok : EXIT.failed;
}

async function compareOn(
  on: string,
  folder: string,
  play: Play,
): Promise<{ run: string; on: string; found: Compared }[]> {
  const names = (await readdir(folder)).filter((name) => isParityFixture(join(folder, name))).sort();
  if (names.length === 0) throw new UsageError(`There is no model with a reference in ${folder}.`);
  const rows: { run: string; on: string; found: Compared }[] = [];
  for (const name of names) {
    const fixture = await readParityFixture(name, (path) => readFile(join(folder, path)));
    for (const run of fixture.reference.runs)
      rows.push({ run: `${name}, ${run.name}`, on, found: await play(fixture, name, run) });
  }
  return rows;
}

async function runPython(python: string, args: readonly string[]): Promise<void> {
  const cwd = fileURLToPath(new URL('export', import.meta.url));
  const child = spawn(python, args, { cwd, stdio: 'inherit' });
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  }).catch((cause: unknown) => {
    throw new UsageError(`${python} cannot be run; --python names the one that tools/export is set up for.`, {
      cause,
    });
  });
  if (code !== 0 && code !== DIFFERENT)
    throw new UsageError(`${python} ended with ${code}: is tools/export set up for it? See its README.`);
}

await runCommand(main);
