// @ts-check
/** What the tests of a batch need: Snakemake, and a Slurm. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installByApt, root, runQuietly } from '../setup.mjs';

/** Where Snakemake is, with its executor for Slurm and one kind of storage: in a Python of its own. */
const SNAKEMAKE_HOME = join(root, 'node_modules/.cache/masklet/snakemake-storage');

/** The versions that docs/batch.md was tried with. */
const SNAKEMAKE =
  'snakemake==9.27.1 snakemake-executor-plugin-slurm==2.8.0 snakemake-storage-plugin-http==0.3.1';

/** The Snakemake that `npm test` installs; `undefined` where it could not. */
export function findSnakemake() {
  const snakemake = join(SNAKEMAKE_HOME, 'bin/snakemake');
  return existsSync(snakemake) ? snakemake : undefined;
}

/** Whether this machine has the programs of a Slurm. */
export const isSlurmThere = () =>
  ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/bin/sbatch', '/usr/sbin/munged'].every((path) =>
    existsSync(path),
  );

/** Finds Slurm, installing it where the system allows. Without it the test of a cluster is skipped, which is said. */
export async function ensureSlurm() {
  if (isSlurmThere()) return;
  await installByApt('Slurm', ['slurm-wlm', 'munge']);
  if (isSlurmThere()) return;
  console.warn(
    'There is no Slurm and it could not be installed: the test of a batch on a cluster is skipped (Debian: `sudo apt-get install slurm-wlm munge`).',
  );
}

/** Finds Snakemake, installing it with pip. Without it the tests of a batch are skipped, which is said. */
export async function ensureSnakemake() {
  if (findSnakemake() !== undefined) return;
  console.log('No Snakemake was found: installing it with pip…');
  const venv = await runQuietly('python3', ['-m', 'venv', SNAKEMAKE_HOME]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...SNAKEMAKE.split(' ')];
  const { code, output } = venv.code === 0 ? await runQuietly(join(SNAKEMAKE_HOME, 'bin/python'), pip) : venv;
  if (code !== 0) console.error(output);
  if (findSnakemake() !== undefined) return;
  console.warn(
    'There is no Snakemake and it could not be installed: the tests of a batch are skipped (Debian: `sudo apt-get install python3-venv`).',
  );
}
