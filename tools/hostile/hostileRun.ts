import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hostileFile, READERS } from './readers.ts';
import { randomFrom } from './random.ts';

/** The demuxer as the built page has it. */
const MENDED = new URL('mendHook.mjs', import.meta.url).href;
/** A reader that takes longer for a small file hangs, in milliseconds. */
const PATIENCE = 5000;
/** Memory that a reader may take for a small file, in megabytes. */
const MAX_HEAP = 512;

export interface HostileFault {
  readonly reader: string;
  readonly case: number;
  readonly file: Uint8Array;
  /** `hangs`, or what went wrong. */
  readonly what: string;
}

export interface HostileResult {
  readonly read: number;
  readonly refused: number;
  readonly faults: readonly HostileFault[];
}

/**
 * Gives a reader changed files, each in its own way that the seed and the number of the case tell, and counts how they end: read, or
 * refused with an error for a person. Everything else is a fault: a crash, a hang, too much memory, an error that says nothing.
 *
 * @param cases numbers of the cases
 */
export async function runHostile(
  reader: string,
  seed: number,
  cases: Iterable<number>,
): Promise<HostileResult> {
  const known = READERS[reader];
  if (!known)
    throw new RangeError(`There is no reader “${reader}”: there are ${Object.keys(READERS).join(', ')}.`);
  let process: ReaderProcess | undefined;
  let [read, refused] = [0, 0];
  const faults: HostileFault[] = [];
  try {
    for (const number of cases) {
      const file = await hostileFile(known, randomFrom(seed + Math.imul(number, 0x9e3779b1)));
      process ??= new ReaderProcess();
      const what = await process.read(reader, file);
      if (what === 'read') read++;
      else if (what === 'refused') refused++;
      else {
        faults.push({ reader, case: number, file, what });
        process.stop();
        process = undefined;
      }
    }
  } finally {
    process?.stop();
  }
  return { read, refused, faults };
}

/** How a reader ends with a file: `read`, `refused`, `hangs`, or what went wrong. */
export async function readApart(reader: string, file: Uint8Array): Promise<string> {
  const process = new ReaderProcess();
  try {
    return await process.read(reader, file);
  } finally {
    process.stop();
  }
}

class ReaderProcess {
  readonly #child = fork(fileURLToPath(new URL('readerProcess.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', '--import', MENDED, `--max-old-space-size=${MAX_HEAP}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  #isWarm = false;
  #errors = '';

  constructor() {
    this.#child.stderr?.on('data', (text) => (this.#errors = (this.#errors + String(text)).slice(-2000)));
  }

  async read(reader: string, bytes: Uint8Array): Promise<string> {
    return new Promise((resolve) => {
      const end = (what: string) => {
        clearTimeout(timer);
        this.#child.removeAllListeners('message').removeAllListeners('exit');
        resolve(what);
      };
      // The first file waits until the process has loaded.
      const timer = setTimeout(() => end('hangs'), this.#isWarm ? PATIENCE : 6 * PATIENCE);
      this.#child.on('message', (what) => {
        this.#isWarm = true;
        end(typeof what === 'string' ? what : 'it said nothing');
      });
      this.#child.on('exit', () => end(`the process ended: ${this.#errors}`));
      this.#child.send({ reader, bytes });
    });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
