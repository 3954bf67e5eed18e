/** `npm run verify-model`: whether a model works on this machine, and what to send with a report. */
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { problemsOf, reportOf } from '../src/core/modelReport.ts';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { StepTimer } from '../workers/tracker/run/stepTimer.ts';
import { checkModel } from '../workers/tracker/selfCheck/selfCheck.ts';
import { checkModelId, checkPrecision, DEFAULT_MODEL, DEFAULT_PRECISION, loadModel } from './node/models.ts';
import { Progress } from './node/progress.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { describeFolder } from './node/modelFolder.ts';
import { UsageError, wholeNumber } from './node/usage.ts';

const HELP = `Checks a model on a painted clip: a click on a disc, ten tracked frames, their IoU with the true masks, and times by graph.

  npm run verify-model -- FOLDER|ID [options]   a folder of tools/export or of a hub, or a model's name: embedded

  --precision NAME  fp32 or fp16; ${DEFAULT_PRECISION} where left out
  --threads N       of the processor; all where left out

Prints a report to send. In the app, Models has the same check; there it compares the graphics card with the processor.

Exit codes: 0 the model works; 1 it does not; 2 the command line makes no sense.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      precision: { type: 'string', default: DEFAULT_PRECISION },
      threads: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const [given, ...rest] = positionals;
  if (given === undefined || rest.length > 0)
    throw new UsageError('One model is named: a folder, or embedded.');
  const id = checkModelId(given);
  const precision = checkPrecision(values.precision);
  const threads = values.threads === undefined ? undefined : wholeNumber('--threads', values.threads, 1);
  const runtime = createNodeRuntime(threads === undefined ? {} : { threads });
  const model = await loadModel({ model: id, precision }, runtime, new StepTimer());
  const { name, family } =
    id === DEFAULT_MODEL ? ({ name: id, family: DEFAULT_MODEL } as const) : await describeFolder(id);
  const limit = threads === undefined ? '' : `, --threads ${threads}`;
  const device = `${cpus()[0]?.model ?? 'CPU'}, ${availableParallelism()} cores${limit}`;
  const about = { id, name, family, precision, device };
  const progress = new Progress(name);
  const check = checkModel(
    { model, stats: runtime.stats, about },
    () => Promise.resolve('Node has no graphics card: check the model in the app as well, under Models.'),
    new AbortController().signal,
  );
  let isFine = false;
  for await (const event of check) {
    if (event.type === 'frame') progress.update(event.done, event.total);
    if (event.type !== 'checked') continue;
    progress.end();
    isFine = problemsOf(event.check).length === 0;
    console.log(reportOf(event.check, `Node ${process.version}, ${platform()} ${arch()}`));
  }
  await model.dispose();
  return isFine ? EXIT.ok : EXIT.failed;
}

await runCommand(main);
