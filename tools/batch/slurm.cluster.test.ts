import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFfmpegThere, root } from '../setup.mjs';
import { findSnakemake, isSlurmThere } from './programs.mjs';
import { SlurmCluster } from './slurmCluster.ts';

/** How long the batch may take, in milliseconds. */
const PATIENCE = 900_000;

const snakemake = findSnakemake();
const isPossible = snakemake !== undefined && isSlurmThere() && isFfmpegThere();

/**
 * The clips, and how often each shows the disc's way of 24 frames: those to be interrupted are long enough for that. The
 * last one's video is missing.
 */
const CLIPS = { cancelled: 6, killed: 6, plain: 1, missing: 0 };
type ClipName = keyof typeof CLIPS;
const WHOLE: readonly ClipName[] = ['cancelled', 'killed', 'plain'];

let folder = '';
let cluster: SlurmCluster | undefined;
const run = promisify(execFile);
const video = (clip: string) => join(folder, `${clip}.mp4`);
const prompts = () => join(folder, 'prompts.json');
const MODEL = join(root, 'fixtures/models/painted');

beforeAll(async () => {
  if (!isPossible) return;
  folder = await mkdtemp(join(tmpdir(), 'masklet-batch-'));
  const point = { x: 60, y: 110, label: 1 };
  const objects = [{ id: 1, name: 'disc', prompts: [{ frame: 0, points: [point] }] }];
  await writeFile(prompts(), JSON.stringify({ version: 1, objects }));
  for (const clip of WHOLE) {
    const loop = ['-stream_loop', String(CLIPS[clip] - 1), '-i', join(root, 'e2e/fixtures/tiny.mp4')];
    await run('ffmpeg', ['-v', 'error', ...loop, '-c', 'copy', video(clip)]);
  }
  const rows = Object.keys(CLIPS).map((clip) => `${clip},${video(clip)},${prompts()},`);
  await writeFile(join(folder, 'clips.csv'), ['clip,input,prompts,options', ...rows, ''].join('\n'));
  await mkdir(join(folder, 'slurm'));
  cluster = await SlurmCluster.start(join(folder, 'slurm'));
}, 120_000);

afterAll(async () => {
  snakemakeIs.end();
  await cluster?.stop();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
}, 60_000);

it.skipIf(!isPossible)(
  'a batch on Slurm outlives a job that is cancelled, its node drained and a process killed, with the masks of single runs',
  async () => {
    const batch = runBatch();
    // Both may run at once.
    const [{ node, first, written }] = await Promise.all([cancelAndDrain(), kill()]);

    const code = await batch;
    const { output } = snakemakeIs;
    expect(code, output).toBe(1);
    const report = await readFile(join(folder, 'masks/report.csv'), 'utf8');
    expect(report.split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      ...['clip state', 'cancelled done', 'killed done', 'plain done', 'missing failed', ''],
    ]);
    const jobs = await allJobs();
    const tries = (clip: ClipName) => jobs.filter((job) => job.clip === clip);
    expect(tries('cancelled').map((job) => job.node === node)).toEqual([true, false]);
    expect([tries('killed').length, tries('plain').length, tries('missing').length]).toEqual([2, 1, 3]);
    // What the first try has written, the second one has left as it was: it has gone on.
    expect(await writtenAt(first)).toBe(written);

    const single = await Promise.all(WHOLE.map((clip) => singleRun(clip)));
    for (const [at, clip] of WHOLE.entries())
      expect(await masksOf(`masks/clips/${clip}`)).toEqual(single[at]);
  },
  PATIENCE,
);

/** Cancels a clip's job and drains its node; gives the node, the first mask that is there, and when that was written. */
async function cancelAndDrain(): Promise<{ node: string; first: string; written: number }> {
  const { id, node } = await workingOn('cancelled');
  const first = join(folder, 'masks/clips/cancelled/00000.png');
  const written = await writtenAt(first);
  await slurm('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test');
  await slurm('scancel', id);
  return { node, first, written };
}

/** Kills the processes of a clip's job. */
async function kill(): Promise<void> {
  await slurm('scancel', '--full', '--signal=KILL', (await workingOn('killed')).id);
}

/** What Snakemake has printed, whether it has ended, and what ends it. */
const snakemakeIs = { output: '', ended: false, end: (): void => undefined };

/** Runs Snakemake to its end; gives its exit code. */
async function runBatch(): Promise<number | null> {
  const npm = `npm --prefix ${root} run -s`;
  const config = [
    ...[`table=${join(folder, 'clips.csv')}`, `out=${join(folder, 'masks')}`, `options=--model ${MODEL}`],
    ...['threads=1', 'mem_mb=500', 'runtime=10', `track=${npm} track --`, `report=${npm} batch-report --`],
  ];
  const args = [
    ...['-s', join(root, 'batch/Snakefile'), '--directory', folder, '--executor', 'slurm', '--jobs', '4'],
    ...['--slurm-status-command', 'squeue', '--slurm-no-account'],
    ...['--slurm-init-seconds-before-status-checks', '2', '--seconds-between-status-checks', '2'],
    ...['--config', ...config],
  ];
  const env = { ...cluster?.env, XDG_CACHE_HOME: join(folder, 'cache') };
  const child = spawn(snakemake ?? '', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (snakemakeIs.output += String(text)));
  snakemakeIs.end = () => void child.kill('SIGKILL');
  const [code] = (await once(child, 'close')) as [number | null];
  snakemakeIs.ended = true;
  return code;
}

/** The job that tracks a clip, once some of its frames are written. */
async function workingOn(clip: ClipName): Promise<Job> {
  for (;;) {
    const [files, isDone] = await Promise.all([
      readdir(join(folder, 'masks/clips', clip)).catch(() => []),
      access(join(folder, 'masks/done', clip)).then(
        () => true,
        () => false,
      ),
    ]);
    if (isDone || snakemakeIs.ended)
      throw new Error(`The clip ${clip} could not be interrupted. Snakemake says:\n${snakemakeIs.output}`);
    if (files.filter((name) => name.endsWith('.png')).length > 8) return running(clip);
    await pause(100);
  }
}

interface Job {
  readonly id: string;
  readonly clip: string;
  readonly node: string;
  readonly state: string;
}

/** All jobs so far, the first one first. The executor says in a job's comment what it is about. */
async function allJobs(): Promise<Job[]> {
  const lines = await slurm('squeue', '-h', '-t', 'all', '-S', 'i', '-o', '%i|%N|%T|%k');
  return lines.split('\n').map((line) => {
    const [id = '', node = '', state = '', comment = ''] = line.split('|');
    const clip = Object.keys(CLIPS).find((name) => comment.includes(name)) ?? comment;
    return { id, clip, node, state };
  });
}

async function running(clip: ClipName): Promise<Job> {
  const job = (await allJobs()).find((each) => each.clip === clip && each.state === 'RUNNING');
  if (job === undefined) throw new Error(`No job for the clip ${clip} is running.`);
  return job;
}

async function slurm(program: string, ...args: string[]): Promise<string> {
  if (cluster === undefined) throw new Error('There is no cluster.');
  return cluster.ask(program, ...args);
}

const writtenAt = async (path: string) => (await stat(path)).mtimeMs;

/** What a run without Snakemake makes of a clip. */
async function singleRun(clip: ClipName): Promise<Record<string, string>> {
  const out = `single/${clip}`;
  const what = [video(clip), '--prompts', prompts(), '--model', MODEL, '--threads', '1'];
  await run('npm', ['run', '-s', 'track', '--', ...what, '--out', join(folder, out)], { cwd: root });
  return masksOf(out);
}

/** The masks and scores in a folder, by file. */
async function masksOf(path: string): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, path))).filter((name) => /\.png$|^scores\.json$/.test(name));
  const files = names.map(
    async (name) => [name, await readFile(join(folder, path, name), 'base64')] as const,
  );
  return Object.fromEntries(await Promise.all(files));
}
