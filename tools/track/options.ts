import { parseArgs } from 'node:util';
import type { TrackSettings } from '../../src/core/protocol/segmenter.ts';
import type { FormatId } from '../../src/formats/formatFacts.ts';
import { LOOK_EVERY } from '../../src/document/everything/followEverything.ts';
import { checkFormat } from '../formats/convertOptions.ts';
import {
  checkModelId,
  checkPrecision,
  DEFAULT_MODEL,
  DEFAULT_PRECISION,
  type NodePrecision,
} from '../node/models.ts';
import { SETTING_OPTIONS, SETTINGS_HELP, trackSettings } from '../node/settings.ts';
import { frameRange, UsageError, wholeNumber } from '../node/usage.ts';

export const HELP = `Follows objects through a video and writes their masks.

  npm run track -- INPUT --prompts prompts.json --out DIR [options]
  npm run track -- INPUT --everything --out DIR [options]
  npm run track -- PROJECT.masklet [--help]

  INPUT            a folder of JPEG or PNG frames, in the order of their names, or a video (through ffmpeg)
  --prompts FILE   what to follow: docs/prompts.md
  --everything     follows all things that are found, instead of --prompts
  --every N        looks for new things every N frames, and where a shot begins (${LOOK_EVERY}); with --everything
  --out DIR        an empty or new folder: an indexed PNG for each frame, the pixel value is the object's id,
                   and scores.json
  --binary         also a folder for each object, with black and white masks
  --format F       also the masks in another format, in DIR/F once all frames are done: docs/formats.md; implies --binary
${SETTINGS_HELP}
  --range A-B      only these frames, both included, counted from 0
  --model NAME     embedded (the default), or a folder of SAM 2, SAM 2.1 or EdgeTAM: docs/model-files.md
  --precision P    of the graphs: fp32 (the default) or fp16
  --threads N      threads for the model; all cores where left out
  --resume         goes on with the interrupted run in DIR
  --help           this text

Exit codes: 0 all done; 1 failed; 2 the command line or the prompts make no sense; 130 stopped by Ctrl-C.
Ctrl-C keeps what is done, and --resume goes on. More: docs/track.md
`;

export interface TrackOptions {
  readonly input: string;
  /** The prompt file; nothing where everything is followed. */
  readonly prompts: string | undefined;
  /** Frames from one look for new things to the next. */
  readonly every: number;
  readonly out: string;
  readonly model: string;
  readonly precision: NodePrecision;
  readonly range: { readonly first: number; readonly last: number } | undefined;
  readonly threads: number;
  readonly binary: boolean;
  /** In which format the masks are written besides, once all are there. */
  readonly format: FormatId | undefined;
  readonly settings: TrackSettings;
  readonly resume: boolean;
}

/** @returns `undefined` if help is asked for. @throws UsageError if the command line makes no sense. */
export function parseTrackOptions(args: string[]): TrackOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      prompts: { type: 'string' },
      everything: { type: 'boolean', default: false },
      every: { type: 'string' },
      out: { type: 'string' },
      model: { type: 'string', default: DEFAULT_MODEL },
      precision: { type: 'string', default: DEFAULT_PRECISION },
      range: { type: 'string' },
      threads: { type: 'string', default: '0' },
      binary: { type: 'boolean', default: false },
      format: { type: 'string' },
      ...SETTING_OPTIONS,
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [input, ...more] = positionals;
  if (input === undefined) throw new UsageError('INPUT is missing: a folder of frames or a video.');
  if (more.length > 0) throw new UsageError(`There is one INPUT; “${more.join(' ')}” is too many.`);
  if (values.everything === (values.prompts !== undefined)) {
    throw new UsageError(
      values.everything
        ? '--prompts and --everything both say what to follow: choose one.'
        : '--prompts is missing: the JSON file of prompts. Or follow --everything.',
    );
  }
  if (values.every !== undefined && !values.everything)
    throw new UsageError('--every goes with --everything.');
  if (values.out === undefined) throw new UsageError('--out is missing: the folder for the masks.');
  return {
    input,
    prompts: values.prompts,
    every: values.every === undefined ? LOOK_EVERY : wholeNumber('--every', values.every, 1),
    out: values.out,
    model: checkModelId(values.model),
    precision: checkPrecision(values.precision),
    range: values.range === undefined ? undefined : frameRange(values.range),
    threads: wholeNumber('--threads', values.threads, 0, 256),
    binary: values.binary || values.format !== undefined,
    format: values.format === undefined ? undefined : checkFormat('--format', values.format),
    settings: trackSettings(values),
    resume: values.resume,
  };
}
