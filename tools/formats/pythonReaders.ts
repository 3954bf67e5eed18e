import { execFile } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../setup.mjs';

/** Where `npm run check:formats` puts a Python with the readers. */
export const READERS_HOME = join(root, 'node_modules/.cache/masklet/format-readers');

/** One that takes longer to be installed is given up. */
const LONGEST_MS = 180_000;

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
 *
 * @returns what could not be installed
 * @throws if there is no Python 3, or it cannot make environments
 */
export async function installReaders(requirements: readonly string[]): Promise<string[]> {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', READERS_HOME]).catch(async (cause: unknown) => {
    await rm(READERS_HOME, { recursive: true, force: true });
    throw cause;
  });
  const missing: string[] = [];
  for (const requirement of requirements) {
    const options = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15'];
    const pip = ['-m', 'pip', 'install', ...options, requirement];
    await run(join(READERS_HOME, 'bin/python'), pip, { timeout: LONGEST_MS }).catch(() =>
      missing.push(requirement),
    );
  }
  // A Python without any of them would be taken for one that has been set up.
  if (missing.length === requirements.length) await rm(READERS_HOME, { recursive: true, force: true });
  return missing;
}
