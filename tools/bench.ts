/** `npm run bench`: what a tracked frame takes, by model, device and number of objects, and what our ways gain on others. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { IS_REAL_GPU } from '../e2e/chromiumGpu.ts';
import { PRECISIONS, type Precision } from '../workers/models/manifestParts.ts';
import type { BenchDevice, BenchRun, BenchTask } from './bench/benchRun.ts';
import { benchInPage, inBenchPage } from './bench/chromium.ts';
import { fastPair } from './bench/fastPair.ts';
import { benchNode } from './bench/nodeProcess.ts';
import { encoderPairs, preparationPair } from './bench/pairs.ts';
import { referencePair } from './bench/reference.ts';
import { printPairs, printRuns } from './bench/report.ts';
import type { BenchPair } from './bench/takeTurns.ts';
import { runCommand, EXIT } from './node/runCommand.ts';
import { UsageError, wholeNumber } from './node/usage.ts';

const HELP = `What a tracked frame takes: the tiny SAM 2 of fixtures/models, in both contracts, on WebGPU (emulated by SwiftShader: counts are exact, times
mean nothing), the embedded model on WASM and in Node; then pairs of ways to do the same, taking turns. docs/performance.md says how to read it.

With MASKLET_GPU=real in the environment WebGPU is the machine's own GPU: the embedded model runs there too, and times count.

  npm run bench -- [options]

  --quick             one frame of 1 object, Masklet's own contract, one turn of each pair: for a look
  --only WHAT         webgpu, wasm, node or pairs
  --objects N,…       1,2,4,8 where left out
  --frames N          frames to measure; 8 where left out
  --rounds N          turns of each pair; 5 where left out
  --precision NAME,…  of the embedded model: fp32, lite (in Chromium on the CPU), fp16 (on a GPU); all where left out, and lite, the app's
                      on the CPU, with --quick
  --no-replay         on WebGPU, encoders run as other graphs do: to see what replaying a recorded run gains
  --json FILE         writes what was measured

Machines are noisy: compare within one run, and quote ratios.
`;

const DEVICES: readonly BenchDevice[] = ['webgpu', 'wasm', 'node'];
const PAIRS = 'pairs';
/** In which precisions the embedded model runs where. */
const RUNS_ON: Readonly<Record<BenchDevice, (precision: Precision) => boolean>> = {
  webgpu: (precision) => precision !== 'lite',
  wasm: (precision) => precision !== 'fp16',
  node: (precision) => precision === 'fp32',
};
/** Until JavaScript runs as fast as it will. An emulated GPU's times mean nothing. */
const WARM_UP_FRAMES = 12;
/** Frames of a run that is timed as a whole. */
const FRAMES_OF_RUN = { quick: 4, full: 24 };
/** Turns of what takes milliseconds, for each turn of what takes seconds. */
const SHORT_TURNS = 10;
const NO_REFERENCE = `
SAM 2's reference was left out: python3 has no torch and transformers (tools/export/README.md).`;
/** Tiny models in Masklet's own contract, and in that of the hosted exports. */
const MASKLET = 'sam2.1-tiny-random';
const HOSTED = 'sam2.1-tiny-random-five';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      objects: { type: 'string' },
      frames: { type: 'string' },
      rounds: { type: 'string' },
      precision: { type: 'string' },
      'no-replay': { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const { quick, only } = values;
  const devices = DEVICES.filter((device) => only === undefined || only === device);
  const withPairs = only === undefined || only === PAIRS;
  if (devices.length === 0 && !withPairs)
    throw new UsageError(`--only is ${[...DEVICES, PAIRS].join(', ')}, not “${only}”.`);
  const frames = wholeNumber('--frames', values.frames ?? (quick ? '1' : '8'), 1);
  const rounds = wholeNumber('--rounds', values.rounds ?? (quick ? '1' : '5'), 1);
  const objects = (values.objects ?? (quick ? '1' : '1,2,4,8'))
    .split(',')
    .map((count) => wholeNumber('--objects', count, 1));
  const precisions = (values.precision ?? (quick ? 'lite' : PRECISIONS.join(',')))
    .split(',')
    .map(checkPrecision);

  const tasks = devices
    .flatMap((device) => tasksOf(device, precisions, quick ? [MASKLET] : [MASKLET, HOSTED]))
    .map((task) => ({
      ...task,
      objects,
      frames,
      replay: !values['no-replay'],
      warmUp: quick || (task.device === 'webgpu' && !IS_REAL_GPU) ? 0 : WARM_UP_FRAMES,
    }));
  const runs: BenchRun[] = [];
  const pairs: BenchPair[] = [];
  const inPage = tasks.filter(({ device }) => device !== 'node');
  if (inPage.length > 0 || withPairs)
    await inBenchPage(async (page) => {
      for (const task of inPage) runs.push(...(await benchInPage(page, task)));
      if (!withPairs) return;
      pairs.push(await preparationPair(page, SHORT_TURNS * rounds));
      pairs.push(...(await encoderPairs(page, precisions.filter(RUNS_ON.wasm), rounds)));
    });
  if (withPairs) pairs.push(await fastPair(FRAMES_OF_RUN[quick ? 'quick' : 'full'], rounds));
  for (const task of tasks) if (task.device === 'node') runs.push(...(await benchNode(task)));
  if (runs.length > 0) printRuns(runs);
  if (withPairs) printPairs(pairs);
  // Last: what was measured must not be lost where its Python breaks off.
  const reference = withPairs ? await referencePair(SHORT_TURNS * rounds) : undefined;
  if (reference) printPairs([reference]);
  else if (withPairs) console.log(NO_REFERENCE);
  if (reference) pairs.push(reference);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ runs, pairs }, null, 2)}\n`);
  return EXIT.ok;
}

function tasksOf(
  device: BenchDevice,
  precisions: readonly Precision[],
  fixtures: readonly string[],
): Pick<BenchTask, 'device' | 'model' | 'precision'>[] {
  const embedded = (precision: Precision) => ({ device, model: 'embedded', precision });
  if (device !== 'webgpu') return precisions.filter(RUNS_ON[device]).map(embedded);
  return [
    ...(IS_REAL_GPU ? precisions.filter(RUNS_ON.webgpu).map(embedded) : []),
    ...fixtures.map((model) => ({ device, model, precision: 'fp32' as const })),
  ];
}

function checkPrecision(text: string): Precision {
  const found = PRECISIONS.find((precision) => precision === text);
  if (found !== undefined) return found;
  throw new UsageError(`--precision is ${PRECISIONS.join(', ')}, not “${text}”.`);
}

await runCommand(main);
