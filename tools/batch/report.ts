import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UNSURE } from '../../src/core/doubt.ts';
import { FolderLock } from '../track/folderLock.ts';
import { formatCsv } from './csv.ts';

/** What became of one clip of a batch; a figure is empty where there is none. */
export interface ClipReport {
  readonly clip: string;
  /** `open`: it was not run yet, or is running. */
  readonly state: 'done' | 'failed' | 'open';
  readonly frames: number | '';
  readonly objects: number | '';
  /** Mean over the masks that were tracked and are not empty. */
  readonly score: number | '';
  /** The share of these whose score is below `UNSURE`, and the number of times that an object got lost. */
  readonly doubtful: number | '';
  readonly lost: number | '';
  /** Of the last try. */
  readonly seconds: number | '';
  readonly memoryMb: number | '';
  /** The last line that the command has printed, where the clip failed. */
  readonly error: string;
}

const COLUMNS = [
  ...['clip', 'state', 'frames', 'objects', 'score', 'doubtful', 'lost', 'seconds', 'memoryMb', 'error'],
] as (keyof ClipReport)[];

const NO_FIGURES = { frames: '', objects: '', score: '', doubtful: '', lost: '' } as const;

interface Scores {
  readonly frames: readonly {
    readonly objects: readonly { readonly id: number; readonly score: number; readonly status: string }[];
  }[];
}

/**
 * Gathers what a batch's folder says of a clip.
 * @param hasEnded whether no clip is running any more: a lock that is still there is then a dead process's
 * @throws MaskletError if the clip's lock cannot be read
 */
export async function reportClip(out: string, clip: string, hasEnded = false): Promise<ClipReport> {
  const isDone = await stat(join(out, 'done', clip)).catch(() => undefined);
  const log = await readFile(join(out, 'logs', `${clip}.log`), 'utf8').catch(() => undefined);
  const scores = await readFile(join(out, 'clips', clip, 'scores.json'), 'utf8').catch(() => undefined);
  const said = log
    ?.trim()
    .split('\n')
    .filter((line) => line !== '--help tells how it is used.');
  // A command that has taken no lock yet has printed nothing.
  const isRunning = !hasEnded && (log?.trim() === '' || (await FolderLock.isHeld(join(out, 'clips', clip))));
  const state = isDone ? 'done' : log === undefined || isRunning ? 'open' : 'failed';
  return {
    ...{ clip, state },
    ...(isDone && scores !== undefined ? figures(JSON.parse(scores) as Scores) : NO_FIGURES),
    ...(await readTimes(join(out, 'times', `${clip}.tsv`))),
    error: state === 'failed' ? (said?.at(-1) ?? '') : '',
  };
}

function figures({ frames }: Scores): Pick<ClipReport, keyof typeof NO_FIGURES> {
  const objects = frames.flatMap((frame) => frame.objects);
  const scores = objects
    .filter(({ status }) => status === 'tracked' || status === 'detailed')
    .map(({ score }) => score);
  const sum = scores.reduce((total, score) => total + score, 0);
  const share = (value: number) => Number((value / scores.length).toFixed(3));
  return {
    frames: frames.length,
    objects: new Set(objects.map(({ id }) => id)).size,
    score: scores.length > 0 ? share(sum) : '',
    doubtful: scores.length > 0 ? share(scores.filter((score) => score < UNSURE).length) : '',
    lost: timesLost({ frames }),
  };
}

/** How often an object is not found on a frame although it is there on the frame before. */
function timesLost({ frames }: Scores): number {
  let times = 0;
  let before = new Map<number, string>();
  for (const { objects } of frames) {
    const here = new Map(objects.map(({ id, status }) => [id, status]));
    for (const [id, status] of here)
      if (status === 'absent' && (before.get(id) ?? 'absent') !== 'absent') times++;
    before = here;
  }
  return times;
}

/** Snakemake's measurement of the last try: a line of names and one of values, with tabs between them. */
async function readTimes(path: string): Promise<Pick<ClipReport, 'seconds' | 'memoryMb'>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [names = [], values = []] = text.split('\n').map((line) => line.split('\t'));
  const figure = (name: string) => {
    const value = parseFloat(values[names.indexOf(name)] ?? '');
    return Number.isNaN(value) ? '' : Math.round(value);
  };
  return { seconds: figure('s'), memoryMb: figure('max_rss') };
}

/** The report as a CSV file. */
export function reportCsv(rows: readonly ClipReport[]): string {
  return formatCsv(COLUMNS, rows);
}
