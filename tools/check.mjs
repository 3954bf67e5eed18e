// @ts-check
/**
 * `npm test`: the checks, all of them even where one fails. `npm test -- quick` runs those that need no browser, `npm test -- all`
 * also those that take the real weights, a GPU or another browser, and `npm test -- unit lint` a choice. The last lines add up: each unit test, each
 * browser test, and each other step as one.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureSlurm, ensureSnakemake } from './batch/programs.mjs';
import {
  buildIfNeeded,
  ensureChromium,
  ensureFfmpeg,
  ensureFirefox,
  ensureReaders,
  ensureWebKit,
  root,
  run,
  runMain,
  runQuietly,
  setUp,
  SetupError,
} from './setup.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, retried?: number }} Tally `retried` of `passed` failed at the first try */
/** @typedef {(show: Run) => Promise<Tally>} Step */
/** @typedef {(program: string, args: string[], options?: { env?: Record<string, string> }) => Promise<{ code: number, stderr?: string }>} Run */

const RESULTS = 'test-results';

/** Runs a tool of node_modules; gives its exit code. */
async function tool(
  /** @type {Run} */ show,
  /** @type {string} */ script,
  /** @type {string[]} */ args,
  env = {},
) {
  const { code } = await show(process.execPath, [join(root, 'node_modules', script), ...args], { env });
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

/** The unit tests of some of Vitest's projects. @returns {Promise<Tally>} */
async function vitest(/** @type {Run} */ show, /** @type {string[]} */ projects) {
  const report = join(RESULTS, `${projects.join('-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const chosen = projects.flatMap((name) => ['--project', name]);
  const code = await tool(show, 'vitest/vitest.mjs', ['run', ...chosen, ...reporters]);
  return tally(code, report, ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) => ({
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
  }));
}

/**
 * The browser tests of one of Playwright's projects.
 * @param {string} project
 * @param {number} workers tests at a time
 * @param {() => Promise<Record<string, string> | void>} ensure finds the browser; gives what its tests take from the environment
 * @returns {Step}
 */
const browser = (project, workers, ensure) => async (show) => {
  await buildIfNeeded();
  const report = join(RESULTS, `${project}.json`);
  const env = { ...(await ensure()), E2E_REPORT: report };
  const code = await tool(
    show,
    '@playwright/test/cli.js',
    ['test', '--project', project, '--workers', String(workers)],
    env,
  );
  return tally(code, report, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    retried: stats.flaky,
  }));
};

const chromium = async () => ({ CHROMIUM_PATH: await ensureChromium() });

/** @type {Record<string, Step>} */
const STEPS = {
  format: async (show) => one((await tool(show, 'oxfmt/bin/oxfmt', ['--list-different'])) === 0),

  lint: async (show) => one((await tool(show, 'oxlint/bin/oxlint', ['--type-aware', '--quiet'])) === 0),

  types: async (show) => one((await tool(show, 'typescript/bin/tsc', ['--build', '--noEmit'])) === 0),

  unit: async (show) => {
    await ensureFfmpeg();
    return vitest(show, ['modules', 'stores']);
  },

  quality: async (show) => {
    await ensureFfmpeg();
    const tests = await vitest(show, ['weights']);
    const { code } = await show(process.execPath, ['--import', 'tsx', join(root, 'tools/quality.ts')]);
    return code === 0 ? { ...tests, passed: tests.passed + 1 } : { ...tests, failed: tests.failed + 1 };
  },

  batch: async (show) => {
    await ensureFfmpeg();
    await ensureSlurm();
    await ensureSnakemake();
    return vitest(show, ['cluster']);
  },

  build: async (show) => {
    const { code, stderr = '' } = await show(process.execPath, [join(root, 'tools/build.mjs')]);
    if (code === 0 && stderr !== '') console.error('A build says nothing: mend what it warns of.');
    return one(code === 0 && stderr === '');
  },

  light: browser('light', 3, chromium),
  app: browser('app', 1, chromium),
  gpu: browser('gpu', 1, chromium),
  firefox: browser('firefox', 1, ensureFirefox),
  webkit: browser('webkit', 1, ensureWebKit),
};

/** Choices of steps. Without a name, `usual` is meant: what needs neither the real weights nor a GPU nor another browser. */
const CHOICES = {
  quick: ['format', 'lint', 'types', 'unit'],
  usual: ['format', 'lint', 'types', 'unit', 'build', 'light'],
  all: Object.keys(STEPS),
};

/** Steps of one process each, which run beside the unit tests. What they print is kept until they have ended. */
const STATIC = ['format', 'lint', 'types'];

/**
 * @param {string} name
 * @param {Run} show
 */
async function runStep(name, show) {
  const start = performance.now();
  let counted = one(false);
  try {
    counted = (await STEPS[name]?.(show)) ?? counted;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
  }
  return { name, seconds: (performance.now() - start) / 1000, ...counted };
}

/** @typedef {Awaited<ReturnType<typeof runStep>>} Result */

const title = (/** @type {string} */ name) =>
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
const outcome = (/** @type {Result} */ { failed, seconds }) =>
  console.log(`${failed === 0 ? 'ok' : 'FAILED'} in ${seconds.toFixed(1)} s`);

/** Runs a step with its output as it comes. */
async function runAloud(/** @type {string} */ name) {
  title(name);
  const result = await runStep(name, run);
  outcome(result);
  return result;
}

/** Runs steps one after the other, and gives their results with what they printed. */
async function runBeside(/** @type {readonly string[]} */ names) {
  const done = [];
  for (const name of names) {
    let printed = '';
    const result = await runStep(name, async (program, args, options) => {
      const { code, output } = await runQuietly(program, args, options);
      printed += output;
      return { code };
    });
    done.push({ result, printed });
  }
  return done;
}

/**
 * Runs steps; those of `STATIC` beside the unit tests where both are chosen.
 * @param {readonly string[]} names
 */
async function runSteps(names) {
  const beside = names.includes('unit') ? names.filter((name) => STATIC.includes(name)) : [];
  /** @type {Result[]} */
  const results = [];
  const statics = runBeside(beside);
  for (const name of names)
    if (!beside.includes(name)) {
      results.push(await runAloud(name));
      if (name !== 'unit') continue;
      for (const { result, printed } of await statics) {
        title(result.name);
        if (printed.trim() !== '') console.log(printed.trimEnd());
        outcome(result);
        results.push(result);
      }
    }
  return results;
}

const summary = (/** @type {Tally} */ { passed, failed, skipped, retried = 0 }) =>
  `${passed} passed${retried > 0 ? ` (${retried} at the second try)` : ''}, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

await runMain(async () => {
  const given = process.argv.slice(2);
  const asked = (given.length === 0 ? ['usual'] : given).flatMap((name) =>
    name in CHOICES ? CHOICES[/** @type {keyof typeof CHOICES} */ (name)] : [name],
  );
  const unknown = asked.filter((name) => !(name in STEPS));
  if (unknown.length > 0) {
    throw new SetupError(
      `There is no check named ${unknown.join(', ')}. There are: ${[...Object.keys(CHOICES), ...Object.keys(STEPS)].join(', ')}.`,
    );
  }
  // How often the browser is killed (e2e/kills.spec.ts), and how many changed files each reader gets (src/formats/fuzz.test.ts): the usual
  // checks take fewer.
  if (given.includes('all')) {
    process.env['KILLS'] ??= '10';
    process.env['MASKLET_MUTATIONS'] ??= '2000';
  }
  const start = performance.now();
  await setUp();
  if (given.includes('all')) await ensureReaders();
  await rm(join(root, RESULTS), { recursive: true, force: true });
  await mkdir(join(root, RESULTS), { recursive: true });
  const results = await runSteps(CHOICES.all.filter((name) => asked.includes(name)));

  title('summary');
  for (const result of results) {
    const seconds = `${result.seconds.toFixed(1)} s`.padStart(9);
    console.log(
      `${result.failed > 0 ? 'FAILED' : 'ok'.padEnd(6)} ${result.name.padEnd(8)}${seconds}   ${summary(result)}`,
    );
  }
  const sum = (/** @type {keyof Tally} */ key) =>
    results.reduce((total, result) => total + (result[key] ?? 0), 0);
  const total = {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    retried: sum('retried'),
  };
  console.log(`\n${summary(total)} in ${((performance.now() - start) / 60_000).toFixed(1)} min`);
  const left = CHOICES.all.filter((name) => !asked.includes(name));
  if (left.length > 0) console.log(`Not run: ${left.join(', ')}. npm test -- all runs every check.`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
