import { readFile } from 'node:fs/promises';
import type { PromptedObject } from '../../src/core/promptFile.ts';
import { hashClip, hashModel, hashOf, hashSources } from '../node/contentHash.ts';
import { runFfmpeg } from '../node/ffmpeg.ts';
import { SETTING_OPTIONS } from '../node/settings.ts';
import type { TrackOptions } from './options.ts';

/**
 * What makes a run the run that it is: with the same of all these, every frame's masks are the same. Files count by their
 * content, not by their names.
 */
export interface RunIdentity {
  readonly input: string;
  readonly prompts: string;
  readonly model: string;
  readonly precision: string;
  readonly program: string;
  readonly versions: string;
  readonly range: string;
  readonly binary: string;
  readonly settings: string;
}

const SETTINGS = Object.keys(SETTING_OPTIONS).map((name) => `--${name}`);

/** What each part is called in a sentence. */
const PART_NAMES: Readonly<Record<keyof RunIdentity, string>> = {
  input: 'the input is not',
  prompts: 'the prompts are not',
  model: 'the model is not',
  precision: '--precision is not',
  program: 'the program is not',
  versions: 'the version of ffmpeg or ONNX Runtime is not',
  range: 'the range is not',
  binary: '--binary is not',
  settings: `the settings (${SETTINGS.join(', ')}) are not`,
};

/** The parts of an identity. */
export const IDENTITY_PARTS = Object.keys(PART_NAMES) as readonly (keyof RunIdentity)[];

/** The tracker's sources, and those that decode frames: a state that one version saved means nothing to another. */
const SOURCES = [
  'src/core/',
  'src/document/',
  'workers/models/',
  'workers/tracker/',
  'tools/node/',
  'tools/track/',
];

/** The first part of the identity that differs, as the start of a sentence; `undefined` if none does. */
export function firstDifference(a: RunIdentity, b: RunIdentity): string | undefined {
  const key = IDENTITY_PARTS.find((part) => a[part] !== b[part]);
  return key && PART_NAMES[key];
}

/**
 * The identity of the run that a command line asks for.
 * @throws UsageError or MaskletError if the model or the input cannot be read
 */
export async function identify(
  options: Pick<TrackOptions, 'input' | 'prompts' | 'every' | 'model' | 'precision' | 'binary' | 'settings'>,
  objects: readonly PromptedObject[],
  range: { readonly first: number; readonly last: number },
): Promise<RunIdentity> {
  return {
    input: await hashClip(options.input),
    prompts: options.prompts === undefined ? `everything, every ${options.every}` : hashPrompts(objects),
    model: await hashModel(options.model, options.precision),
    precision: options.precision,
    program: await hashSources(SOURCES),
    versions: await versions(),
    range: `${range.first}-${range.last}`,
    binary: String(options.binary),
    settings: JSON.stringify(options.settings),
  };
}

/** The prompts by what they say; their names and the order of fields do not matter, that of objects does. */
export function hashPrompts(objects: readonly PromptedObject[]): string {
  const parts: string[] = [];
  for (const { objectId, name, prompts } of objects) {
    parts.push(JSON.stringify([objectId, name]));
    for (const [frame, { points, box, mask, reading }] of [...prompts].sort(([a], [b]) => a - b)) {
      const flat = points.map(({ x, y, label }) => [x, y, label]);
      const corners = box && [box.x0, box.y0, box.x1, box.y1];
      parts.push(JSON.stringify([frame, flat, corners ?? null, reading ?? 0]));
      if (mask) parts.push(JSON.stringify(Array.from(mask.counts)));
    }
  }
  return hashOf(...parts);
}

/** Of the programs beside this one that masks depend on. */
async function versions(): Promise<string> {
  const runtime = new URL('../../node_modules/onnxruntime-node/package.json', import.meta.url);
  const { version } = JSON.parse(await readFile(runtime, 'utf8')) as { version: string };
  const said = (await runFfmpeg('ffmpeg', ['-version'], 'its version')).toString();
  return `${/^ffmpeg version \S+/.exec(said)?.[0] ?? 'ffmpeg'}, onnxruntime ${version}`;
}
