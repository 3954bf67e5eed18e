/**
 * `npm run hostile -- [--count N] [--seed N] [--reader NAME] [--case N]`: gives every reader of files N changed files (5,000
 * unless told), and says what went wrong. Without a seed it takes one at random, and prints it. What a reader failed on lies in
 * `test-results/hostile`.
 */
import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runHostile } from './hostile/hostileRun.ts';
import { READERS } from './hostile/readers.ts';

const OUT = 'test-results/hostile';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    reader: { type: 'string', multiple: true, default: Object.keys(READERS) },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);
const cases = values.case === undefined ? Array(Number(values.count)).keys() : [Number(values.case)];
const numbers = Array.from(cases);
console.log(`Seed ${seed}, ${numbers.length} files for each reader.`);
let failed = 0;
for (const reader of values.reader) {
  const { read, refused, faults } = await runHostile(reader, seed, numbers);
  console.log(`${reader.padEnd(10)} ${read} read, ${refused} refused, ${faults.length} faults`);
  for (const fault of faults) {
    await mkdir(OUT, { recursive: true });
    const path = join(OUT, `${reader}-${seed}-${fault.case}`);
    await writeFile(path, fault.file);
    console.log(`  --seed ${seed} --reader ${reader} --case ${fault.case} (${path}): ${fault.what}`);
  }
  failed += faults.length;
}
process.exitCode = failed > 0 ? 1 : 0;
