import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findObject } from '../../src/document/document.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { SIZE } from '../../src/document/testing/documents.ts';
import { loadProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { SCHEMA_VERSION } from '../../workers/project/schema.ts';
import { openDatabase } from './projectFile.ts';

const FILE = readFileSync(`fixtures/projects/version-${SCHEMA_VERSION}.masklet`);
const fact = (key: string, value: string) => `update project set value = '${value}' where key = '${key}'`;
const clip = (fact: string, value: number) =>
  `update project set value = json_set(value, '$.${fact}', ${value}) where key = 'clip'`;
const isDamaged = expect.objectContaining({ code: 'project-damaged' }) as Error;

it.each([
  ['a billion states', fact('newest', '1000000000')],
  ['a present state that is none', fact('present', '-1')],
  ['a state that is no number', fact('oldest', '"x"')],
  ['masks after the clip’s end', 'update mask_version set frame = 4000000000 where frame = 5'],
  ['masks before its begin', 'update mask_version set frame = -1 where frame = 5'],
  ['points after its end', 'update prompt_version set frame = 1e12'],
  ['settings that are cut off', `update settings_version set value = '{"a'`],
  ['points that are cut off', `update prompt_version set points = '[{'`],
  ['a billion locked frames', `update object_version set locked = '[{"first":0,"last":1000000000}]'`],
  [
    'a billion reviewed frames',
    `update object_version set more = '{"reviewed":[{"first":0,"last":1000000000}]}'`,
  ],
])('a project with %s is refused, and what can be kept of it is kept', async (_, change) => {
  const hostile = await openDatabase(FILE);
  hostile.exec(change);
  expect(() => loadProject(hostile)).toThrow(isDamaged);

  const target = await openDatabase();
  recoverInto(target, hostile);
  const states = readHistory(loadProject(target).history, SIZE);
  expect(states.documents.length).toBeLessThan(4);
  const [object] = states.documents[states.present]!.objects;
  if (object) expect(findObject(states.documents[states.present]!, 1)!.track.size).toBeGreaterThan(2);
  hostile.close();
  target.close();
});

it.each([
  ['a billion frames', clip('frameCount', 1e9)],
  ['no frames', clip('frameCount', 0)],
  ['frames as large as a city', clip('width', 1e6)],
  [
    'a time that is none',
    `update project set value = json_set(value, '$.timestamps[3]', 'x') where key = 'clip'`,
  ],
])('a project whose video has %s is refused', async (_, change) => {
  const hostile = await openDatabase(FILE);
  hostile.exec(change);
  expect(() => loadProject(hostile)).toThrow(isDamaged);
  hostile.close();
});

it('a place that the video does not have is not gone to', async () => {
  const hostile = await openDatabase(FILE);
  const put = (view: object) =>
    hostile.run(`insert or replace into project (key, value) values ('view', ?)`, [JSON.stringify(view)]);
  put({ frame: 3, range: { first: 0, last: 1e12 } });
  expect(loadProject(hostile).view).toMatchObject({ frame: 3, range: null });
  put({ frame: 1e12 });
  expect(loadProject(hostile).view).toBeUndefined();
  hostile.close();
});
