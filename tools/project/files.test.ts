import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { countsOfCocoString } from '../../src/core/cocoString.ts';
import { findObject } from '../../src/document/document.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { statuses, LEFT, SIZE } from '../../src/document/testing/documents.ts';
import { loadProject } from '../../workers/project/projectDatabase.ts';
import { isSound, recoverInto } from '../../workers/project/recover.ts';
import { SCHEMA_VERSION } from '../../workers/project/schema.ts';
import { openDatabase, openProjectFile } from './projectFile.ts';

const FOLDER = 'fixtures/projects';
const CURRENT = `${FOLDER}/version-${SCHEMA_VERSION}.masklet`;

/** Whether this machine has a command. */
function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

// SQLite tells of each damage that is made on purpose.
beforeAll(() => void vi.spyOn(console, 'warn').mockReturnValue());

it.each(readdirSync(FOLDER))('%s, the file of a released version, opens with its work', async (name) => {
  const { database, project, states } = await openProjectFile(`${FOLDER}/${name}`);
  const document = states.documents[states.present]!;
  expect(project.facts).toMatchObject({ name: 'disc', clip: { frameCount: 600 } });
  expect(statuses(document)).toEqual({ 3: 'prompted', 4: 'tracked', 5: 'tracked', 6: 'tracked' });
  expect(findObject(document, 1)?.track.get(5)?.mask).toEqual(LEFT);
  expect(states.labels).toEqual(['', 'click', 'track']);
  database.close();
});

it('there is a file of every version', () => {
  expect(readdirSync(FOLDER)).toHaveLength(SCHEMA_VERSION);
});

it('Python reads the masks of a project’s file', () => {
  const script = [
    'import sqlite3, sys',
    'project = sqlite3.connect(sys.argv[1])',
    'assert project.execute("pragma integrity_check").fetchone() == ("ok",)',
    'for row in project.execute("select frame, status, rle from mask where object = 1 order by frame"): print(*row)',
  ];
  const lines = execFileSync('python3', ['-c', script.join('\n'), CURRENT], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '3 prompted',
    '4 tracked',
    '5 tracked',
    '6 tracked',
  ]);
  const rle = lines[1]!.split(' ')[2]!;
  expect(countsOfCocoString(new TextEncoder().encode(rle), SIZE)).toEqual(LEFT.counts);
});

it.skipIf(!hasCommand('sqlite3'))('the command sqlite3 reads the masks of a project’s file', () => {
  const query = 'select frame, status from mask where object = 1 order by frame';
  const lines = execFileSync('sqlite3', ['-readonly', CURRENT, query], { encoding: 'utf8' });
  expect(lines.trim().split('\n')).toEqual(['3|prompted', '4|tracked', '5|tracked', '6|tracked']);
});

it('a newer project, and what is none, are refused and left as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'masklet-'));
  const newer = await openDatabase(readFileSync(CURRENT));
  newer.exec(`pragma user_version = ${SCHEMA_VERSION + 1}`);
  const bytes = newer.bytes();
  writeFileSync(join(folder, 'newer.masklet'), bytes);
  expect(() => loadProject(newer)).toThrow(expect.objectContaining({ code: 'project-newer' }) as Error);
  expect(newer.bytes()).toEqual(bytes);
  newer.close();
  await expect(openProjectFile(join(folder, 'newer.masklet'))).rejects.toThrow(/newer version of Masklet/);

  const other = await openDatabase();
  other.exec('create table t (a)');
  expect(() => loadProject(other)).toThrow(expect.objectContaining({ code: 'file-not-project' }) as Error);
  other.close();
});

it('a project whose times of frames are damaged has all of its work, and times that are near', async () => {
  const { database: whole, project } = await openProjectFile(CURRENT);
  whole.close();
  const bytes = readFileSync(CURRENT);
  // A digit of a time, a comma between two, and a point.
  for (const [text, at] of [
    ['0.06666666666666667', 5],
    [',0.1,', 0],
    ['0.133333', 1],
  ] as const) {
    const damaged = Uint8Array.from(bytes);
    damaged[bytes.indexOf(text) + at]! ^= 0x40;
    const [former, target] = [await openDatabase(damaged), await openDatabase()];
    expect(() => loadProject(former)).toThrow(expect.objectContaining({ code: 'project-damaged' }) as Error);
    expect(recoverInto(target, former)).toEqual([
      'When some frames of the video are shown could not be read: their times are estimates.',
    ]);
    const { facts, history } = loadProject(target);
    const states = readHistory(history, SIZE);
    expect(statuses(states.documents[states.present]!)).toEqual({
      ...{ 3: 'prompted', 4: 'tracked', 5: 'tracked', 6: 'tracked' },
    });
    const { timestamps } = project.facts.clip;
    expect(facts.clip.timestamps).toHaveLength(timestamps.length);
    facts.clip.timestamps.forEach((time, frame) =>
      expect(Math.abs(time - timestamps[frame]!)).toBeLessThan(2 / 30),
    );
    former.close();
    target.close();
  }
});

it('of a damaged project, what can be read is read', async () => {
  const bytes = readFileSync(CURRENT);
  let recovered = 0;
  const pageSize = bytes.readUInt16BE(16);
  for (let page = 1; page < bytes.length / pageSize; page++) {
    const damaged = Uint8Array.from(bytes);
    damaged.fill(9, page * pageSize, (page + 1) * pageSize);
    const [former, target] = [await openDatabase(damaged), await openDatabase()];
    try {
      const sound = isSound(former);
      const losses = recoverInto(target, former);
      // Without the clip's facts there is no project: that is said when it is opened.
      const isWhole = target.query("select 1 from project where key = 'clip'").length > 0;
      if (!isWhole) continue;
      const states = readHistory(loadProject(target).history, SIZE);
      const [object] = states.documents[states.present]?.objects ?? [];
      if (!sound && object?.track.size === 4) recovered++;
      else expect(sound || losses.length > 0, `page ${page}`).toBe(true);
    } finally {
      former.close();
      target.close();
    }
  }
  expect(recovered).toBeGreaterThan(3);
});
