/** `npm run bench`: what a tracked frame takes, by model, device and number of objects. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Precision } from '../workers/models/manifestParts.ts';
import type { BenchDevice, BenchRun, BenchTask } from './bench/benchRun.ts';
import { benchChromium } from './bench/chromium.ts';
import { STAGES } from './bench/measure.ts';
import { benchNode } from './bench/nodeProcess.ts';
import { formatTable } from './eval/table.ts';
import { checkPrecision } from './node/models.ts';
import { runCommand, EXIT } from './node/runCommand.ts';
import { UsageError, wholeNumber } from './node/usage.ts';

const HELP = `What a tracked frame takes: the tiny SAM 2 of fixtures/models, in both contracts, on WebGPU (emulated by SwiftShader: counts are exact, times
mean nothing), the embedded model on WASM and in Node. docs/performance.md says how to read it.

  npm run bench -- [options]

  --quick             one frame, 1 and 8 objects, Masklet's own contract: under a minute
  --only DEVICE       webgpu, wasm or node
  --objects N,…       1,2,4,8 where left out
  --frames N          frames to measure; 8 where left out
  --precision NAME,…  of the embedded model: fp32, fp16, int8
  --json FILE         writes what was measured

Machines are noisy: compare within one run, and quote ratios.
`;

const DEVICES: readonly BenchDevice[] = ['webgpu', 'wasm', 'node'];
/** Tiny models in Masklet's own contract, and in that of the five hosted graphs. */
const MASKLET = 'sam2.1-tiny-random';
const FIVE = 'sam2.1-tiny-random-five';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      objects: { type: 'string' },
      frames: { type: 'string' },
      precision: { type: 'string', default: 'fp32' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const { quick } = values;
  const only = DEVICES.filter((device) => values.only === undefined || values.only === device);
  if (only.length === 0) throw new UsageError(`--only is ${DEVICES.join(', ')}, not “${values.only}”.`);
  const frames = wholeNumber('--frames', values.frames ?? (quick ? '1' : '8'), 1);
  const objects = (values.objects ?? (quick ? '1,8' : '1,2,4,8'))
    .split(',')
    .map((count) => wholeNumber('--objects', count, 1));
  const precisions = values.precision.split(',').map(checkPrecision);

  const tasks = only
    .flatMap((device) => tasksOf(device, precisions, quick ? [MASKLET] : [MASKLET, FIVE]))
    .map((task) => ({ ...task, objects, frames }));
  const runs = await benchChromium(tasks.filter(({ device }) => device !== 'node'));
  for (const task of tasks) if (task.device === 'node') runs.push(...(await benchNode(task)));
  print(runs);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ runs }, null, 2)}\n`);
  return EXIT.ok;
}

function tasksOf(
  device: BenchDevice,
  precisions: readonly Precision[],
  fixtures: readonly string[],
): Pick<BenchTask, 'device' | 'model' | 'precision'>[] {
  if (device === 'webgpu') return fixtures.map((model) => ({ device, model, precision: 'fp32' }));
  return precisions.map((precision) => ({ device, model: 'embedded', precision }));
}

function print(runs: readonly BenchRun[]): void {
  const name = ({ device, model, precision, objects }: BenchRun) => [device, model, precision, objects];
  const head = ['device', 'model', 'precision', 'objects'];
  console.log('What a tracked frame takes; bytes to and from the GPU\n');
  console.log(
    formatTable(
      [...head, 'encoder runs', 'ORT runs', 'bytes up', 'bytes down', 'live bytes', 'ms', 'overhead'],
      runs.map((run) => [
        ...name(run),
        ...[run.encoderRunsPerFrame, run.ortRunsPerFrame],
        ...[run.bytesUpPerFrame, run.bytesDownPerFrame, run.liveBytes].map(Math.round),
        run.msPerFrame.toFixed(1),
        `${(100 * run.overheadShare).toFixed(1)} %`,
      ]),
    ),
  );
  console.log('\nMilliseconds by stage\n');
  console.log(
    formatTable(
      [...head, ...STAGES],
      runs.map((run) => [...name(run), ...STAGES.map((stage) => run.stageMs[stage].toFixed(1))]),
    ),
  );
  const find = (device: BenchDevice) =>
    runs.find((run) => run.device === device && run.precision === 'fp32' && run.objects === 1);
  const [wasm, node] = [find('wasm'), find('node')];
  if (wasm && node) {
    const ratio = wasm.stageMs.encoder / node.stageMs.encoder;
    console.log(`\nThe encoder on WASM takes ${ratio.toFixed(2)} times as long as in Node.`);
  }
}

await runCommand(main);
