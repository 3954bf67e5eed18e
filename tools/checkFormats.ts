/**
 * `npm run check:formats`: whether programs that others wrote read what src/formats writes. Installs them in a Python of its own;
 * with `--install` it does nothing else, and where it can't, it says so.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython, installReaders } from './formats/pythonReaders.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { root } from './setup.mjs';

async function main(): Promise<number> {
  if ((await findPython()) === undefined) await install();
  if (process.argv.includes('--install')) return EXIT.ok;
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', 'tools/formats/pythonReaders.test.ts'], {
    cwd: root,
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? EXIT.failed;
}

async function install(): Promise<void> {
  const text = await readFile(join(root, 'tools/formats/python/requirements.txt'), 'utf8');
  const requirements = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  console.error('Installing readers of masks that others wrote: some minutes, and 1.4 GB.');
  try {
    const missing = await installReaders(requirements);
    for (const name of missing) console.error(`${name} cannot be installed: its checks are skipped.`);
  } catch (error) {
    const [why] = error instanceof Error ? error.message.split('\n') : [String(error)];
    console.error(
      `There is no Python 3 with venv (${why}): the checks with readers that others wrote are skipped.`,
    );
  }
}

await runCommand(main);
