/** `npm run check:formats`: whether programs that others wrote read what src/formats writes. Installs them in a Python of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython, installReaders } from './formats/pythonReaders.ts';
import { EXIT, runCommand } from './node/runCommand.ts';
import { root } from './setup.mjs';

async function main(): Promise<number> {
  if ((await findPython()) === undefined) {
    const text = await readFile(join(root, 'tools/formats/python/requirements.txt'), 'utf8');
    const requirements = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    console.error('Installing the readers: some minutes, and 2 GB.');
    const missing = await installReaders(requirements);
    for (const name of missing) console.error(`${name} cannot be installed: its checks are skipped.`);
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', 'tools/formats/pythonReaders.test.ts'], {
    cwd: root,
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? EXIT.failed;
}

await runCommand(main);
