import { parseArgs } from 'node:util';
import {
  checkModelId,
  checkPrecision,
  DEFAULT_MODEL,
  DEFAULT_PRECISION,
  type NodePrecision,
} from '../../node/models.ts';
import { UsageError, wholeNumber } from '../../node/usage.ts';

export const PROJECT_HELP = `Tracks the objects of a project, and writes their masks into it.

  npm run track -- PROJECT.masklet [options]

  PROJECT.masklet  a project that the app saved as a file. Tracked are the frames that have no mask or a stale one
  --video FILE     the project's video; the file of its name beside the project where left out
  --out FILE       writes to this file, and leaves PROJECT as it is
  --model NAME     embedded (the default), or a folder of SAM 2, SAM 2.1 or EdgeTAM: docs/model-files.md
  --precision P    of the graphs: fp32 (the default) or fp16
  --threads N      threads for the model; all cores where left out
  --help           this text

Exit codes: 0 all done; 1 failed; 2 the command line or the project makes no sense; 130 stopped by Ctrl-C.
Ctrl-C keeps what is done, and the same command goes on. More: docs/track.md
`;

export interface ProjectOptions {
  readonly project: string;
  readonly video: string | undefined;
  readonly out: string;
  readonly model: string;
  readonly precision: NodePrecision;
  readonly threads: number;
}

/** Options of `npm run track` that take a value. */
const VALUED = ['video', 'out', 'model', 'precision', 'threads', 'prompts', 'range', 'every'];

/** Whether a command line is about a project: what it names, beside the values of options, is one. */
export function isAboutProject(args: readonly string[]): boolean {
  const options = Object.fromEntries(VALUED.map((name) => [name, { type: 'string' as const }]));
  const { positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false });
  return positionals.some((name) => /\.masklet$/i.test(name));
}

/** @returns `undefined` if help is asked for. @throws UsageError if the command line makes no sense. */
export function parseProjectOptions(args: string[]): ProjectOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      video: { type: 'string' },
      out: { type: 'string' },
      model: { type: 'string', default: DEFAULT_MODEL },
      precision: { type: 'string', default: DEFAULT_PRECISION },
      threads: { type: 'string', default: '0' },
      // A project goes on by itself.
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [project, ...more] = positionals;
  if (project === undefined) throw new UsageError('PROJECT.masklet is missing.');
  if (more.length > 0) throw new UsageError(`There is one PROJECT; “${more.join(' ')}” is too many.`);
  return {
    project,
    video: values.video,
    out: values.out ?? project,
    model: checkModelId(values.model),
    precision: checkPrecision(values.precision),
    threads: wholeNumber('--threads', values.threads, 0, 256),
  };
}
