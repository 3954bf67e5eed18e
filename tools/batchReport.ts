/** `npm run batch-report`: writes what a batch has done as a table. See docs/batch.md. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseTable } from './batch/csv.ts';
import { reportClip, reportCsv } from './batch/report.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { UsageError } from './node/usage.ts';
import { writeWhole } from './node/writeWhole.ts';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      table: { type: 'string' },
      out: { type: 'string' },
      ended: { type: 'boolean', default: false },
    },
  });
  const { table, out, ended } = values;
  if (table === undefined || out === undefined) {
    throw new UsageError('--table CSV and --out DIR are needed: the table of clips, and the batch’s folder.');
  }
  const text = await readFile(table, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The table ${table} cannot be read.`, { cause });
  });
  const clips = parseTable(text).flatMap(({ clip }) => clip ?? []);
  const rows = [];
  for (const clip of clips) rows.push(await reportClip(out, clip, ended));
  const path = join(out, 'report.csv');
  await writeWhole(path, reportCsv(rows));
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const open = rows.filter(({ state }) => state === 'open').length;
  console.log(`${rows.length - failed - open} clips are done, ${failed} failed, ${open} are open: ${path}`);
  return EXIT.ok;
}

await runCommand(main);
