import { expect, it } from 'vitest';
import { emptyRle, encodeRle } from '../../src/core/rle.ts';
import type { WaitingThing } from '../../src/core/protocol/project.ts';
import { SIZE } from '../../src/document/testing/documents.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { recoverInto } from '../../workers/project/recover.ts';
import { countWaiting, writeWaiting } from '../../workers/project/waitingTable.ts';
import { openDatabase, openProjectFile } from './projectFile.ts';
import { FACTS } from './testing/facts.ts';

const mask = encodeRle(new Uint8Array(SIZE.width * SIZE.height).fill(1, 3, 7), SIZE);
const thing = (frame: number, name = 'Ball'): WaitingThing => ({ frame, name, score: 0.75, mask });
const plain = (things: readonly WaitingThing[]) =>
  things.map(({ mask: { width, height, counts }, ...rest }) => ({
    ...rest,
    mask: { width, height, counts },
  }));

it('what was found waits in the project, in its order, until other things take its place', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  const made = { ...thing(3, 'Cup'), model: { id: 'embedded', version: '0.2.0' } };
  writeWaiting(database, [thing(9), made, { ...thing(3), model: { id: 'sam2.1-tiny' } }]);
  saveProject(database, { facts: { name: 'another name' } });
  expect(plain(loadProject(database).waiting)).toEqual(
    plain([thing(9), made, { ...thing(3), model: { id: 'sam2.1-tiny' } }]),
  );

  const mended = await openDatabase();
  expect(recoverInto(mended, database)).toEqual([]);
  expect(plain(loadProject(mended).waiting)).toEqual(plain(loadProject(database).waiting));

  writeWaiting(database, [thing(5)]);
  expect(plain(loadProject(database).waiting)).toEqual(plain([thing(5)]));
  expect(countWaiting(database)).toBe(1);
});

it('a frame that the clip does not have is left out, and so is a mask that cannot be read where a project is mended', async () => {
  const database = await openDatabase();
  createProject(database, FACTS);
  writeWaiting(database, [thing(5), thing(FACTS.clip.frameCount), { ...thing(6), mask: emptyRle(SIZE) }]);
  expect(loadProject(database).waiting.map(({ frame }) => frame)).toEqual([5, 6]);
  database.exec("update waiting set rle = '!' where frame = 6");
  const mended = await openDatabase();
  recoverInto(mended, database);
  expect(loadProject(mended).waiting.map(({ frame }) => frame)).toEqual([5]);
});

it('nothing waits in a project of a former version', async () => {
  const { database } = await openProjectFile('fixtures/projects/version-4.masklet');
  expect(loadProject(database).waiting).toEqual([]);
});
