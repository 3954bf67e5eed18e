import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../setup.mjs';

/** Where `npm run check:formats` puts a Python with the readers. */
export const READERS_HOME = join(root, 'node_modules/.cache/masklet/format-readers');

/** The Python with readers of masks that others wrote; nothing where there is none. */
export async function findPython(): Promise<string | undefined> {
  const python = process.env.MASKLET_READERS_PYTHON ?? join(READERS_HOME, 'bin/python');
  return access(python).then(
    () => python,
    () => undefined,
  );
}

/**
 * Makes that Python and installs the readers. One that cannot be installed is left out, and its checks are skipped.
 * @returns what could not be installed
 */
export async function installReaders(requirements: readonly string[]): Promise<string[]> {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', READERS_HOME]);
  const missing: string[] = [];
  for (const requirement of requirements) {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement];
    await run(join(READERS_HOME, 'bin/python'), pip).catch(() => missing.push(requirement));
  }
  return missing;
}
