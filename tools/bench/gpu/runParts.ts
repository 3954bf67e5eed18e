import { readFile, rename, writeFile } from 'node:fs/promises';
import { formatTable } from '../../eval/table.ts';
import { UsageError } from '../../node/usage.ts';

/** A number that a part gives. */
export interface Figure {
  /** What it is of, for a person. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** What a part gives. */
export interface Measured {
  readonly figures: readonly Figure[];
  /** What a person should know of it. */
  readonly note?: string | undefined;
  /** All that was measured, as JSON. */
  readonly data?: unknown;
}

/** One thing that is measured. `Tool` is what it is measured with, such as a page. */
export interface Part<Tool> {
  /** Names it: the same for the same measurement. */
  readonly name: string;
  /** About how long it takes: it is not begun with less time left. */
  readonly seconds: number;
  /** Why it cannot be measured here: a sentence. */
  readonly missing?: string | undefined;
  readonly measure: (tool: Tool) => Promise<Measured>;
}

/** What has become of a part. */
export type PartResult = { readonly name: string; readonly seconds: number } & (
  | ({ readonly state: 'done' } & Measured)
  | { readonly state: 'failed' | 'skipped'; readonly why: string }
);

/** What was measured on one device in one way, as it is kept in a file. */
export interface Results {
  /** What the figures depend on beside the part. */
  readonly conditions: Readonly<Record<string, string | number | boolean>>;
  readonly parts: readonly PartResult[];
}

/** A part that takes this many times as long as it should is given up. */
const PATIENCE = 4;

export interface Run<Tool> {
  /** The tool; `anew`: another one, as a part was given up while it used the last. */
  readonly tool: (anew: boolean) => Promise<Tool>;
  readonly results: Results;
  /** On `performance.now()`'s clock, in milliseconds. */
  readonly deadline: number;
  /** Takes the results after each part. */
  readonly keep: (results: Results, last: PartResult) => Promise<void>;
}

/**
 * Measures parts one after the other, those that are not done yet. A part that fails, cannot be measured here, or has no time left leaves
 * the others alone. @returns all results, in the parts' order
 */
export async function runParts<Tool>(
  parts: readonly Part<Tool>[],
  { tool, results, deadline, keep }: Run<Tool>,
): Promise<Results> {
  const done = new Map(results.parts.map((result) => [result.name, result]));
  const all = (): Results => ({
    ...results,
    parts: parts.flatMap(({ name }) => done.get(name) ?? []),
  });
  let isStuck = false;
  for (const part of parts) {
    if (done.get(part.name)?.state === 'done') continue;
    const begun = performance.now();
    const left = deadline - begun;
    const seconds = () => (performance.now() - begun) / 1000;
    let result: PartResult;
    if (part.missing !== undefined)
      result = { name: part.name, seconds: 0, state: 'skipped', why: part.missing };
    else if (left < part.seconds * 1000)
      result = { name: part.name, seconds: 0, state: 'skipped', why: 'There is no time left for it.' };
    else
      try {
        const limit = Math.min(left, PATIENCE * part.seconds * 1000);
        const measured = await within(limit, tool(isStuck).then(part.measure));
        isStuck = false;
        result = { name: part.name, seconds: seconds(), state: 'done', ...measured };
      } catch (thrown) {
        isStuck = true;
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        result = { name: part.name, seconds: seconds(), state: 'failed', why };
      }
    done.set(part.name, result);
    await keep(all(), result);
  }
  return all();
}

async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const sentence = `It was given up after ${Math.round(milliseconds / 1000)} seconds.`;
    timer = setTimeout(() => reject(new Error(sentence)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The results that a file holds, to go on with; none where there is no file.
 * @throws UsageError if it holds others than those of these conditions
 */
export async function readResults(file: string, conditions: Results['conditions']): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { conditions, parts: [] };
  const sorted = (of: object) => JSON.stringify(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
  try {
    const found = JSON.parse(text) as Results;
    if (sorted(found.conditions) === sorted(conditions) && Array.isArray(found.parts)) return found;
  } catch {
    // Of something else, as below.
  }
  throw new UsageError(
    `${file} was not measured in this way on this device: name another file, or delete it.`,
  );
}

/** Writes the results in place of the file. It is whole at any time. */
export async function writeResults(file: string, results: Results): Promise<void> {
  await writeFile(`${file}.tmp`, `${JSON.stringify(results, null, 2)}\n`);
  await rename(`${file}.tmp`, file);
}

/** One line for a part as it ends. */
export function lineOf(result: PartResult): string {
  if (result.state !== 'done') return `${result.name}: ${result.state}. ${result.why}`;
  const figures = result.figures.map(({ what, value, unit }) => `${what} ${rounded(value)} ${unit}`);
  return `${result.name}: ${figures.join(', ')} (${Math.round(result.seconds)} s)`;
}

/** A table of all figures, what was left out and why, and how many parts there were of each. */
export function describeResults({ parts }: Results): string {
  const rows = parts.flatMap((part) =>
    part.state === 'done'
      ? part.figures.map(({ what, value, unit }, i) => [
          i === 0 ? part.name : '',
          ...[what, rounded(value), unit, i === 0 ? (part.note ?? '') : ''],
        ])
      : [],
  );
  const others = parts.flatMap((part) => (part.state === 'done' ? [] : [lineOf(part)]));
  const count = (state: PartResult['state']) => parts.filter((part) => part.state === state).length;
  return [
    formatTable(['part', 'what', 'value', 'unit', 'note'], rows),
    ...(others.length > 0 ? ['', ...others] : []),
    '',
    `${count('done')} parts measured, ${count('skipped')} skipped, ${count('failed')} failed.`,
  ].join('\n');
}

function rounded(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(1);
}
