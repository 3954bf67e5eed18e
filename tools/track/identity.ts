import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PromptedObject } from '../../src/core/promptFile.ts';

/** What makes a run the run that it is: with the same of all these, every frame's masks are the same. */
export interface RunIdentity {
  readonly input: string;
  readonly prompts: string;
  readonly model: string;
  readonly precision: string;
  readonly program: string;
  readonly range: string;
  readonly binary: string;
  readonly settings: string;
}

/** What each part is called in a sentence. */
const PART_NAMES: Readonly<Record<keyof RunIdentity, string>> = {
  input: 'the input is not',
  prompts: 'the prompts are not',
  model: 'the model is not',
  precision: '--precision is not',
  program: 'the program is not',
  range: 'the range is not',
  binary: '--binary is not',
  settings: 'the settings (--overlap, --fill-holes, --skip-doubtful, --forget-around) are not',
};

/** The first part of the identity that differs, as the start of a sentence; `undefined` if none does. */
export function firstDifference(a: RunIdentity, b: RunIdentity): string | undefined {
  const keys = Object.keys(PART_NAMES) as (keyof RunIdentity)[];
  const key = keys.find((part) => a[part] !== b[part]);
  return key && PART_NAMES[key];
}

/** The input by its files' names and sizes: reading all of a long video again would take longer than it is worth. */
export async function hashInput(path: string): Promise<string> {
  const hash = createHash('sha256');
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
  for (const file of files) hash.update(`${file.slice(path.length)}\0${(await stat(file)).size}\0`);
  return short(hash);
}

/** The prompts by what they say; their names and the order of fields do not matter, that of objects does. */
export function hashPrompts(objects: readonly PromptedObject[]): string {
  const hash = createHash('sha256');
  for (const { objectId, name, prompts } of objects) {
    hash.update(JSON.stringify([objectId, name]));
    for (const [frame, { points, box, mask, reading }] of [...prompts].sort(([a], [b]) => a - b)) {
      const flat = points.map(({ x, y, label }) => [x, y, label]);
      const corners = box && [box.x0, box.y0, box.x1, box.y1];
      hash.update(JSON.stringify([frame, flat, corners ?? null, reading ?? 0]));
      if (mask) hash.update(JSON.stringify(Array.from(mask.counts)));
    }
  }
  return short(hash);
}

/** The tracker by its sources: a state that one version saved means nothing to another. */
export async function hashProgram(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['src/core/', 'workers/models/', 'workers/tracker/']) {
    const path = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    const files = (await readdir(path, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
    for (const name of files.sort()) hash.update(name).update(await readFile(join(path, name)));
  }
  return short(hash);
}

function short(hash: Hash): string {
  return hash.digest('hex').slice(0, 16);
}
