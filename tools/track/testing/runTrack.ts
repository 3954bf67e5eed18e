import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../track.ts', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Runs the command in a process of its own; with `stopAt`, sends it the signal once it has said that. */
export async function runTrack(
  args: readonly string[],
  stopAt?: string,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], { cwd: REPOSITORY });
  let said = '';
  const hear = (text: Buffer) => {
    said += text.toString();
    // Once: a second one could meet it as it ends, when nothing of it listens any more.
    if (stopAt !== undefined && !child.killed && said.includes(stopAt)) child.kill(signal);
  };
  child.stderr.on('data', hear);
  child.stdout.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, said };
}
