/**
 * The masks of `KEPT_RUNS` on Node's CPU, which the browser tests hold a GPU's to: fixtures/models/kept-runs.json.
 * `npx tsx parity/keptRuns.ts` writes it anew.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { toCocoRle, type CocoRle } from '../src/core/cocoRle.ts';
import { createNodeRuntime } from '../workers/models/ortNode.ts';
import { readParityFixture } from '../workers/tracker/sam2/testing/parityFixture.ts';
import { KEPT_RUNS, playRun, type KeptRun, type RunTask } from './runs.ts';

/** A mask of a run. */
export interface KeptMask {
  readonly status: string;
  readonly mask: CocoRle;
}

/** By run, by frame, and on each by object. */
export type KeptRuns = Readonly<Record<KeptRun, readonly KeptMask[]>>;

const FILE = new URL('../fixtures/models/kept-runs.json', import.meta.url);
const MODELS = new URL('../fixtures/models/', import.meta.url);

/** Plays a run on Node's CPU. */
export async function playOnCpu(task: RunTask): Promise<KeptMask[]> {
  const readFixture = (folder: string) =>
    readParityFixture(folder, (path) => readFile(new URL(path, MODELS)));
  const { masks } = await playRun(task, createNodeRuntime(), readFixture);
  return masks.map(({ status, mask }) => ({ status, mask: toCocoRle(mask) }));
}

/** What the file holds. */
export async function readKeptRuns(): Promise<KeptRuns> {
  return JSON.parse(await readFile(FILE, 'utf8')) as KeptRuns;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runs: Record<string, KeptMask[]> = {};
  for (const [name, task] of Object.entries(KEPT_RUNS)) runs[name] = await playOnCpu(task);
  await writeFile(FILE, `${JSON.stringify(runs)}\n`);
}
