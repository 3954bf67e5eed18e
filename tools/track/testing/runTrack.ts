import { spawn } from 'node:child_process';
import { root } from '../../setup.mjs';
import { bundled } from '../../testing/bundled.ts';

const TRACK = await bundled('tools/track.ts');

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
  const child = spawn(process.execPath, [TRACK, ...args], { cwd: root });
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
