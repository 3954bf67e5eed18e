// @ts-check
/**
 * `npm test`: every check, one after the other, all of them even where one fails. `npm test -- unit lint` runs a choice.
 * The last line adds up: each unit test, each browser test, and each other step as one.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildIfNeeded, ensureChromium, root, run, runMain, setUp, SetupError } from './setup.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

const RESULTS = 'test-results';
const UNIT_REPORT = join(RESULTS, 'unit.json');
const BROWSER_REPORT = join(RESULTS, 'e2e.json');

/** One tsconfig for each realm: the names that exist in a page, in a worker and in Node are not the same. */
const REALMS = [
  'src/core',
  'src',
  'src/tsconfig.test.json',
  'workers',
  'workers/tsconfig.test.json',
  'tools',
  'parity',
  'parity/page',
  'parity/worker',
  'tools/bench/timelinePage',
  'tools/bench/stagePage',
  'e2e',
];

/** Runs a tool of node_modules; gives its exit code. */
async function tool(/** @type {string} */ script, /** @type {string[]} */ args, env = {}) {
  const { code } = await run(process.execPath, [join(root, 'node_modules', script), ...args], { env });
  return code;
}

/** @returns {Tally} */
const one = (/** @type {boolean} */ ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/**
 * A runner's own count. A run that failed without a failed test (a file that cannot be loaded, a crash, no report)
 * counts as one failure.
 * @param {number} code
 * @param {string} report
 * @param {(report: any) => Tally} count
 */
async function tally(code, report, count) {
  const read = await readFile(join(root, report), 'utf8').then(JSON.parse, () => undefined);
  const counted = read === undefined ? { passed: 0, failed: 0, skipped: 0 } : count(read);
  const missed = counted.failed === 0 && (code !== 0 || read === undefined);
  return missed ? { ...counted, failed: 1 } : counted;
}

/** @type {Record<string, () => Promise<Tally>>} */
const STEPS = {
  format: async () =>
    one((await tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])) === 0),

  lint: async () => one((await tool('eslint/bin/eslint.js', ['--max-warnings', '0', '.'])) === 0),

  types: async () => {
    let ok = true;
    for (const realm of REALMS) {
      const code = await tool('typescript/bin/tsc', ['--project', realm]);
      if (code !== 0) console.log(`  types of ${realm}: failed`);
      ok &&= code === 0;
    }
    return one(ok);
  },

  unit: async () => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`];
    const code = await tool('vitest/vitest.mjs', ['run', ...reporters]);
    return tally(code, UNIT_REPORT, (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }));
  },

  build: async () => one((await run(process.execPath, [join(root, 'tools/build.mjs')])).code === 0),

  e2e: async () => {
    await buildIfNeeded();
    const env = { CHROMIUM_PATH: await ensureChromium(), E2E_REPORT: BROWSER_REPORT };
    const code = await tool('@playwright/test/cli.js', ['test'], env);
    return tally(code, BROWSER_REPORT, ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }));
  },
};

/** @param {string} name */
async function runStep(name) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
  const start = performance.now();
  let counted = one(false);
  try {
    counted = (await STEPS[name]?.()) ?? counted;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${counted.failed === 0 ? 'ok' : 'FAILED'} in ${seconds.toFixed(1)} s`);
  return { name, seconds, ...counted };
}

const summary = (/** @type {Tally} */ { passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

await runMain(async () => {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in STEPS));
  if (unknown.length > 0) {
    throw new SetupError(
      `There is no check named ${unknown.join(', ')}. There are: ${Object.keys(STEPS).join(', ')}.`,
    );
  }
  await setUp();
  await mkdir(join(root, RESULTS), { recursive: true });
  for (const report of [UNIT_REPORT, BROWSER_REPORT]) await rm(join(root, report), { force: true });

  /** @type {Awaited<ReturnType<typeof runStep>>[]} */
  const results = [];
  for (const name of Object.keys(STEPS)) {
    if (chosen.length === 0 || chosen.includes(name)) results.push(await runStep(name));
  }

  console.log(`\n── summary ${'─'.repeat(69)}`);
  for (const result of results) {
    const seconds = `${result.seconds.toFixed(1)} s`.padStart(9);
    console.log(
      `${result.failed > 0 ? 'FAILED' : 'ok'.padEnd(6)} ${result.name.padEnd(8)}${seconds}   ${summary(result)}`,
    );
  }
  const sum = (/** @type {keyof Tally} */ key) => results.reduce((total, result) => total + result[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  console.log(`\n${summary(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
