import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchRun, BenchTask } from './benchRun.ts';

/** Measures in a Node process of its own. */
export async function benchNode(task: BenchTask): Promise<BenchRun[]> {
  const script = fileURLToPath(new URL('nodeMain.ts', import.meta.url));
  const args = ['--import', 'tsx', script, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as BenchRun[];
}
