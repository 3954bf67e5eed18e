import { spawn } from 'node:child_process';
import { MaskletError } from '../../src/core/errors.ts';

/** A program of ffmpeg's at work. */
export interface FfmpegProcess {
  readonly output: AsyncIterable<Buffer>;
  /** Waits for its end. @throws MaskletError `not-ready` if it is not installed, `file-damaged` if it failed. */
  finished(): Promise<void>;
  kill(): void;
}

/**
 * Starts `ffmpeg` or `ffprobe`.
 * @param subject what it works on, for errors
 * @param input what it reads from its standard input, where it does
 */
export function startFfmpeg(
  program: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  subject: string,
  input?: AsyncIterable<Buffer>,
): FfmpegProcess {
  const child = spawn(program, args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const end = new Promise<Error | undefined>((resolve) => {
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const missing = `${program} is needed for this and is not on the PATH. Install ffmpeg from https://ffmpeg.org or your system’s packages.`;
      const message =
        cause.code === 'ENOENT' ? missing : `${program} could not be started: ${cause.message}.`;
      resolve(new MaskletError('not-ready', message, { cause }));
    });
    child.on('close', (code) => {
      const said = complaint.trim().split('\n').slice(-3).join('; ') || `it ended with code ${code}`;
      resolve(
        code === 0
          ? undefined
          : new MaskletError('file-damaged', `${program} cannot read ${subject}: ${said}`),
      );
    });
  });
  if (input) void feed(input, child.stdin);
  return {
    output: child.stdout as AsyncIterable<Buffer>,
    finished: async () => {
      const error = await end;
      if (error) throw error;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Runs it to its end and gives its output. */
export async function runFfmpeg(...call: Parameters<typeof startFfmpeg>): Promise<Buffer> {
  const process = startFfmpeg(...call);
  const output: Buffer[] = [];
  for await (const part of process.output) output.push(part);
  await process.finished();
  return Buffer.concat(output);
}

/** Writes as fast as the reader reads. A reader that has enough closes the pipe: no error. */
async function feed(input: AsyncIterable<Buffer>, pipe: NodeJS.WritableStream | null): Promise<void> {
  if (!pipe) return;
  let open = true;
  let wake: () => void = () => undefined;
  const close = () => {
    open = false;
    wake();
  };
  pipe.on('error', close).on('close', close);
  pipe.on('drain', () => wake());
  for await (const part of input) {
    if (!open) return;
    if (!pipe.write(part)) await new Promise<void>((resolve) => (wake = resolve));
  }
  pipe.end();
}
