import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Precision } from '../../workers/models/manifestParts.ts';
import type { BenchRun } from './benchRun.ts';

/** Measures in a process of its own, so that its peak memory is the tracker's alone. */
export async function benchNode(frames: number, precision: Precision): Promise<BenchRun> {
  const script = fileURLToPath(new URL('nodeMain.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    script,
    String(frames),
    precision,
  ]);
  return JSON.parse(stdout) as BenchRun;
}
