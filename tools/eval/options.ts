import { parseArgs } from 'node:util';
import type { TrackSettings } from '../../src/core/protocol/segmenter.ts';
import type { Size } from '../../src/core/geometry.ts';
import { RULES, type Rule } from '../../workers/tracker/embedded/tuned.ts';
import {
  checkModelId,
  checkPrecision,
  DEFAULT_MODEL,
  DEFAULT_PRECISION,
  type NodePrecision,
} from '../node/models.ts';
import { SETTING_OPTIONS, SETTINGS_HELP, trackSettings } from '../node/settings.ts';
import { UsageError, wholeNumber } from '../node/usage.ts';
import { FOLDS, type Fold } from './clips.ts';
import { INTERACTIVE, type Interactive } from './interactive.ts';
import { NEXT_RULES, type NextRule } from './nextRule.ts';
import { PAIR_SETS, type PairSet } from './pairs.ts';
import { PLANTED, TWINS, type Planted } from './planted.ts';
import { STARTS, type Beginning } from './starts.ts';

export const HELP = `Measures the tracker on clips with true masks: DIR/CLIP/frames and DIR/CLIP/masks.

  npm run eval -- --data DIR [options]
  npm run eval -- --pairs tuning|held|three [--alone] [options]

  --init HOW       how the object is shown on the first frame: mask (the default), click, choice or box
  --backward       the object is shown on the last frame and followed back to the first
  --shown N        the object is shown on frame N, counted from 0, or on the middle one, followed to the last, and then from
                   there back to the first
  --planted TRIAL  plants a trial into each clip: cover, pole, cut, twin, cross or overtake; with --init
  --marked         the twin is marked as well, with --planted twin, cross or overtake
  --pairs SET      painted pairs of objects that look alike, both marked, instead of --data: tuning to choose rules on, held
                   to report on, three for clips with three of them
  --alone          with --pairs, each of them is marked in a run of its own, and the others are not
  --interactive HOW  offline or online: clicks where masks are wrong, as in the SAM 2 paper, instead of --init
  --next RULE      which frame is clicked next, with --interactive offline: worst (the default: it knows the truth),
                   doubtful (the next doubtful frame) or gain (the app's own choice)
  --corrections    three clicks on every tenth tracked mask, each mask by itself
  --everything     things that are found by themselves, instead of prompts: whether the object is one of them
  --like           copies of the object, painted into its frame and into those of other clips: whether they are found
  --cost           the time of a frame with 1, 2, 4 and 8 objects instead of quality
  --clips a,b      only these clips
  --fold a|b       only one half of the clips, every other one by name: choose on one half, report on the other
  --crop W:H       only a part of each frame with these proportions, round the object's place on the first frame
  --frames N       only the first N frames of each clip
  --without a,b    the embedded tracker without these of its rules:
${ruleLines()}
  --cache DIR      keeps the encoder's features in DIR and reads them from there: 7 MB a frame
${SETTINGS_HELP}
  --doubt T        frames with a score below T count as flagged (0.776)
  --model NAME     embedded (the default), or a folder of SAM 2, SAM 2.1 or EdgeTAM that tools/export wrote
  --precision P    of the graphs: fp32 (the default) or fp16
  --threads N      threads for the model; all cores where left out
  --json FILE      writes all figures, frame by frame
  --help           this text

Exit codes: 0 done; 1 failed; 2 the command line makes no sense. More: docs/quality.md
`;

/** The names of all rules, a few to a line. */
function ruleLines(): string {
  const lines = [''];
  for (const rule of Object.keys(RULES)) {
    if ((lines.at(-1) ?? '').length + rule.length > 100) lines.push('');
    lines.push(`${lines.pop() ?? ''} ${rule}`);
  }
  return lines.map((line) => `                  ${line}`).join('\n');
}

export interface EvalOptions extends Beginning {
  /** Empty where painted pairs take its place. */
  readonly data: string;
  readonly mode: 'quality' | 'interactive' | 'corrections' | 'cost' | 'everything' | 'like' | 'marked';
  readonly pairs: PairSet | undefined;
  /** Whether each object of a pair is marked in a run of its own. */
  readonly alone: boolean;
  readonly planted: Planted | undefined;
  readonly interactive: Interactive;
  readonly next: NextRule;
  readonly clips: string | undefined;
  readonly fold: Fold | undefined;
  readonly frames: number | undefined;
  /** The proportions that frames are cut to. */
  readonly crop: Size | undefined;
  /** Rules of the embedded tracker that are switched off. */
  readonly without: readonly Rule[];
  readonly cache: string | undefined;
  readonly settings: TrackSettings;
  readonly doubt: number;
  readonly model: string;
  readonly precision: NodePrecision;
  readonly threads: number;
  readonly json: string | undefined;
}

/** @returns `undefined` if help is asked for. @throws UsageError if the command line makes no sense. */
export function parseEvalOptions(args: string[]): EvalOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      init: { type: 'string' },
      backward: { type: 'boolean', default: false },
      shown: { type: 'string' },
      planted: { type: 'string' },
      marked: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      pairs: { type: 'string' },
      interactive: { type: 'string' },
      next: { type: 'string' },
      corrections: { type: 'boolean', default: false },
      cost: { type: 'boolean', default: false },
      everything: { type: 'boolean', default: false },
      like: { type: 'boolean', default: false },
      clips: { type: 'string' },
      fold: { type: 'string' },
      frames: { type: 'string' },
      crop: { type: 'string' },
      without: { type: 'string' },
      cache: { type: 'string' },
      ...SETTING_OPTIONS,
      doubt: { type: 'string', default: '0.776' },
      model: { type: 'string', default: DEFAULT_MODEL },
      precision: { type: 'string', default: DEFAULT_PRECISION },
      threads: { type: 'string', default: '0' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (values.data === undefined && values.pairs === undefined) {
    throw new UsageError('--data is missing: the folder that holds the clips.');
  }
  const modes: [EvalOptions['mode'], boolean][] = [
    ['quality', values.init !== undefined],
    ['interactive', values.interactive !== undefined],
    ['corrections', values.corrections],
    ['cost', values.cost],
    ['everything', values.everything],
    ['like', values.like],
    ['marked', values.marked || values.pairs !== undefined],
  ];
  const [mode = 'quality', ...others] = modes.flatMap(([name, asked]) => (asked ? [name] : []));
  if (others.length > 0) {
    throw new UsageError(
      '--init, --interactive, --corrections, --cost, --everything, --like, --marked and --pairs are evaluations of their own: choose one.',
    );
  }
  if (values.backward && mode !== 'quality') {
    throw new UsageError('--backward goes with --init, not with another evaluation.');
  }
  if (values.shown !== undefined && (mode !== 'quality' || values.backward || values.planted !== undefined)) {
    throw new UsageError(
      '--shown goes with --init, not with --backward, --planted, --interactive or --cost.',
    );
  }
  if (values.planted !== undefined && mode !== 'quality' && !values.marked) {
    throw new UsageError('--planted goes with --init or --marked, not with another evaluation.');
  }
  if (values.marked && !TWINS.some((trial) => trial === values.planted)) {
    throw new UsageError(`--marked goes with --planted ${TWINS.join(', ')}: there is no twin to mark.`);
  }
  if (
    values.pairs !== undefined &&
    (values.data ?? values.crop ?? values.frames ?? values.fold) !== undefined
  ) {
    throw new UsageError(
      '--pairs are clips of their own: no --data, --crop, --frames or --fold goes with them.',
    );
  }
  if (values.alone && values.pairs === undefined) {
    throw new UsageError('--alone goes with --pairs: it marks one of the two.');
  }
  if (values.next !== undefined && values.interactive !== 'offline') {
    throw new UsageError('--next goes with --interactive offline.');
  }
  if (values.clips !== undefined && values.fold !== undefined) {
    throw new UsageError('--clips and --fold both say which clips: choose one.');
  }
  if (values.cost && values.cache !== undefined) {
    throw new UsageError('--cost times the encoder too, which --cache would skip.');
  }
  if (values.without !== undefined && values.model !== DEFAULT_MODEL) {
    throw new UsageError('--without goes with the embedded model: another one has no such rules.');
  }
  const doubt = Number(values.doubt);
  if (!(doubt >= 0 && doubt <= 1)) throw new UsageError(`--doubt is from 0 to 1, not “${values.doubt}”.`);
  return {
    data: values.data ?? '',
    mode,
    init: oneOf('--init', values.init ?? 'mask', STARTS),
    backward: values.backward,
    shown: frameShown(values.shown),
    planted: values.planted === undefined ? undefined : oneOf('--planted', values.planted, PLANTED),
    interactive: oneOf('--interactive', values.interactive ?? 'offline', INTERACTIVE),
    pairs: values.pairs === undefined ? undefined : oneOf('--pairs', values.pairs, PAIR_SETS),
    alone: values.alone,
    next: oneOf('--next', values.next ?? 'worst', NEXT_RULES),
    clips: values.clips,
    fold: values.fold === undefined ? undefined : oneOf('--fold', values.fold, FOLDS),
    frames: values.frames === undefined ? undefined : wholeNumber('--frames', values.frames, 3),
    crop: values.crop === undefined ? undefined : proportions(values.crop),
    without: (values.without?.split(',') ?? []).map(ruleNamed),
    cache: values.cache,
    settings: trackSettings(values),
    doubt,
    model: checkModelId(values.model),
    precision: checkPrecision(values.precision),
    threads: wholeNumber('--threads', values.threads, 0, 256),
    json: values.json,
  };
}

function frameShown(text: string | undefined): EvalOptions['shown'] {
  return text === undefined || text === 'middle' ? text : wholeNumber('--shown', text, 0);
}

function ruleNamed(text: string): Rule {
  const names = Object.keys(RULES) as Rule[];
  return oneOf('--without', text, names);
}

function proportions(text: string): Size {
  const [, width, height] = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(text) ?? [];
  if (width === undefined || height === undefined)
    throw new UsageError(`--crop is columns to rows, such as 3:4, not “${text}”.`);
  return { width: Number(width), height: Number(height) };
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${option} is ${names.join(', ')}, not “${text}”.`);
  return found;
}
