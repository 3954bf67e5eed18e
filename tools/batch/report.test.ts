import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatCsv, parseTable } from './csv.ts';
import { FolderLock, LOCK_FILE } from '../track/folderLock.ts';
import { reportClip, reportCsv } from './report.ts';

const root = await mkdtemp(join(tmpdir(), 'masklet-report-'));
afterAll(() => rm(root, { recursive: true }));
for (const folder of ['done', 'logs', 'times', 'clips/swan'])
  await mkdir(join(root, folder), { recursive: true });

describe('parseTable', () => {
  it('reads fields with commas, quotes and line ends, and leaves out empty lines', () => {
    const text =
      '\uFEFFclip,input,options\r\nswan,"a, b.mp4",\r\n\r\ngoat,c.mp4,"--range ""0-9""\n--overlap"\n';
    expect(parseTable(text)).toEqual([
      { clip: 'swan', input: 'a, b.mp4', options: '' },
      { clip: 'goat', input: 'c.mp4', options: '--range "0-9"\n--overlap' },
    ]);
  });

  it('reads what is written', () => {
    const rows = [{ clip: 'a"b', error: 'one,\ntwo' }];
    expect(parseTable(formatCsv(['clip', 'error'], rows))).toEqual(rows);
  });
});

describe('reportClip', () => {
  it('sums up a clip that is done', async () => {
    const object = (status: string, score: number, id = 1) => ({ id, score, status });
    const frames = [
      [object('prompted', 1), object('absent', 0, 2)],
      [object('tracked', 0.9), object('tracked', 0.5, 2)],
      [object('tracked', 0.8), object('absent', 0.1, 2)],
      [object('absent', 0.1), object('absent', 0.1, 2)],
    ].map((objects, frame) => ({ frame, name: `f${frame}`, objects }));
    await writeFile(join(root, 'clips/swan/scores.json'), JSON.stringify({ version: 1, model: 'm', frames }));
    await writeFile(join(root, 'logs/swan.log'), 'track: frame 4 of 4\n4 frames are in masks/clips/swan.\n');
    await writeFile(join(root, 'times/swan.tsv'), 's\th:m:s\tmax_rss\n81.7\t0:01:21\t902.4\n');
    await writeFile(join(root, 'done/swan'), '');
    expect(await reportClip(root, 'swan')).toEqual({
      ...{ clip: 'swan', state: 'done', frames: 4, objects: 2, score: 0.733, doubtful: 0.333, lost: 2 },
      ...{ seconds: 82, memoryMb: 902, error: '' },
    });
  });

  it('says why a clip failed, and which were not run', async () => {
    const why = 'prompts.json is not JSON: Unexpected end.';
    await writeFile(join(root, 'logs/goat.log'), `${why}\n--help tells how it is used.\n`);
    const rows = [await reportClip(root, 'goat'), await reportClip(root, 'camel')];
    expect(parseTable(reportCsv(rows))).toMatchObject([
      { clip: 'goat', state: 'failed', frames: '', error: why },
      { clip: 'camel', state: 'open', error: '' },
    ]);
  });

  it('calls a clip open that is running, from before it has its folder to its end', async () => {
    const log = join(root, 'logs/heron.log');
    const folder = join(root, 'clips/heron');
    await writeFile(log, '');
    expect(await reportClip(root, 'heron')).toMatchObject({ state: 'open', error: '' });
    await mkdir(folder);
    const lock = await FolderLock.take(folder);
    await writeFile(log, 'track: frame 4 of 14\n');
    expect(await reportClip(root, 'heron')).toMatchObject({ state: 'open', error: '' });
    await lock.release();
    expect(await reportClip(root, 'heron')).toMatchObject({ state: 'failed', error: 'track: frame 4 of 14' });
  });

  it('calls a clip failed that was killed, where the batch has ended', async () => {
    const folder = join(root, 'clips/crane');
    await mkdir(folder);
    await writeFile(join(folder, LOCK_FILE), JSON.stringify({ pid: 1, place: 'elsewhere', token: 'one' }));
    await writeFile(join(root, 'logs/crane.log'), 'track: frame 4 of 14\n');
    await writeFile(join(root, 'logs/ibis.log'), '');
    expect(await reportClip(root, 'crane')).toMatchObject({ state: 'open' });
    for (const clip of ['crane', 'ibis'])
      expect(await reportClip(root, clip, true)).toMatchObject({ state: 'failed' });
  });
});
