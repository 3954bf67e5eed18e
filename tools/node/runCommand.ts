import { MaskletError } from '../../src/core/errors.ts';
import { PromptFileError } from '../../src/core/promptFile.ts';
import { UsageError } from './usage.ts';

/** Exit codes of the commands. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/** Runs a command: its code becomes the process's, and an error that a person can act on is printed as its sentence. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = isUsage(error) ? EXIT.usage : EXIT.failed;
    console.error(isUsage(error) || isSentence(error) ? error.message : error);
    if (isUsage(error)) console.error('--help tells how it is used.');
  }
}

function isUsage(error: unknown): error is Error {
  if (error instanceof UsageError || error instanceof PromptFileError) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** Whether an error's message says all that a person can use: the program's own, and those of the file system. */
function isSentence(error: unknown): error is Error {
  return error instanceof MaskletError || (error instanceof Error && 'syscall' in error);
}

/** What comes so soon after a signal is the same one, in milliseconds: npm passes on what the terminal or Slurm has sent to all processes. */
const ECHO = 1_000;

/** A signal that fires when the process is told to stop; told again after a second, it stops at once. */
export function stopSignal(): { readonly signal: AbortSignal; readonly exitCode: () => number } {
  const stop = new AbortController();
  let code: number = EXIT.interrupted;
  let toldAt = 0;
  for (const [name, exitCode] of [
    ['SIGINT', EXIT.interrupted],
    ['SIGTERM', EXIT.terminated],
  ] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) {
        if (performance.now() - toldAt > ECHO) process.exit(exitCode);
        return;
      }
      toldAt = performance.now();
      code = exitCode;
      stop.abort();
    });
  }
  return { signal: stop.signal, exitCode: () => code };
}
