import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { FrameSource } from '../../src/core/frames.ts';
import { rleArea, type MaskRle } from '../../src/core/rle.ts';
import { hashClip } from '../node/contentHash.ts';
import { FfmpegSource } from '../node/ffmpegSource.ts';
import { readMaskFile } from '../node/maskFile.ts';
import { clipRange } from '../node/trackingSession.ts';
import { UsageError } from '../node/usage.ts';

/** A clip with its true masks, one for each frame. */
export interface EvalClip {
  readonly name: string;
  /** A hash of what makes its frames what they are: clips of the same name in two folders are two clips. */
  readonly content: string;
  readonly source: FrameSource;
  readonly truth: readonly MaskRle[];
  readonly first: MaskRle;
}

/**
 * The names of the clips in a folder of DIR/CLIP/frames and DIR/CLIP/masks: those chosen, or all.
 * @throws UsageError if there are none, or a chosen one is not there.
 */
export async function clipNames(folder: string, chosen: string | undefined): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new UsageError(`There is no folder ${folder}.`, { cause });
  });
  const names: string[] = [];
  for (const entry of entries) {
    const parts = ['frames', 'masks'].map((part) =>
      stat(join(folder, entry.name, part)).catch(() => undefined),
    );
    if ((await Promise.all(parts)).every((part) => part?.isDirectory())) names.push(entry.name);
  }
  names.sort();
  if (names.length === 0)
    throw new UsageError(`${folder} holds no clips, that is folders CLIP/frames and CLIP/masks.`);
  return chosenNames(names, chosen);
}

/**
 * Those of the names that a list such as `a,b` chooses; all where there is no list.
 * @throws UsageError if a chosen one is not there.
 */
export function chosenNames(names: readonly string[], chosen: string | undefined): string[] {
  if (chosen === undefined) return [...names];
  const wanted = chosen.split(',').filter((name) => name !== '');
  const missing = wanted.filter((name) => !names.includes(name));
  if (wanted.length === 0 || missing.length > 0)
    throw new UsageError(`There is no clip ${missing.join(', ')}. There are: ${names.join(', ')}.`);
  return wanted;
}

/** The two halves of a folder of clips. A rule or a number that is chosen on one half is reported on the other. */
export const FOLDS = ['a', 'b'] as const;
export type Fold = (typeof FOLDS)[number];

/**
 * One half of the clips: every other one, in the order of their names.
 * @throws UsageError if that half is empty.
 */
export function foldOf(names: readonly string[], fold: Fold): string[] {
  const half = [...names].sort().filter((_, i) => i % 2 === FOLDS.indexOf(fold));
  if (half.length === 0) throw new UsageError(`There are too few clips for a half ${fold}.`);
  return half;
}

/**
 * Opens a clip; only its first frames where `frames` says how many. Masks are named as their frames, and a mask's object is
 * wherever it is not zero.
 * @throws UsageError if a mask is missing, or the first one is empty.
 */
export async function openEvalClip(folder: string, name: string, frames?: number): Promise<EvalClip> {
  const framesFolder = join(folder, name, 'frames');
  const names = (await readdir(framesFolder)).filter((file) => /\.(jpe?g|png)$/i.test(file)).sort();
  const whole = await FfmpegSource.open(framesFolder);
  const count = Math.min(frames ?? names.length, names.length);
  const truth: MaskRle[] = [];
  for (const frame of names.slice(0, count)) {
    truth.push(await readMaskFile(join(folder, name, 'masks', `${parse(frame).name}.png`), whole.info));
  }
  const [first] = truth;
  if (!first || rleArea(first) === 0) throw new UsageError(`The first mask of ${name} is empty.`);
  const content = await hashClip(framesFolder);
  return { name, content, source: clipRange(whole, 0, count - 1), truth, first };
}
