import { beforeAll, expect, it, vi } from 'vitest';
import type { ProjectChanges } from '../../src/core/protocol/project.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../../src/document/document.ts';
import { commit, mapHistory, newHistory, undo, type History } from '../../src/document/history.ts';
import { changesOf } from '../../src/document/saved/changes.ts';
import { follow, statesOf, type States } from '../../src/document/saved/states.ts';
import { prompted, runOf, point, tracked } from '../../src/document/testing/documents.ts';
import { withTrackedFrame } from '../../src/document/trackedFrame.ts';
import { single, type Database } from '../../workers/project/database.ts';
import { createProject, loadProject, saveProject } from '../../workers/project/projectDatabase.ts';
import { loadSqlite, SqliteDatabase } from '../../workers/project/sqlite.ts';
import { CrashingVfs } from '../../workers/project/testing/crashingVfs.ts';
import { FACTS } from './testing/facts.ts';

const sqlite = await loadSqlite();

// SQLite tells of each failure that is made on purpose.
beforeAll(() => void vi.spyOn(console, 'warn').mockReturnValue());

/** What a person does in a small project, as it is saved step by step: clicks, a run, undo, a change on top of it. */
function changesInTurn(): ProjectChanges[] {
  const start = newHistory<MaskDocument>(EMPTY_DOCUMENT);
  const clicked = commit(start, prompted(withNewObject(EMPTY_DOCUMENT).document, 3, point(1)), 'click');
  const { document, run } = runOf(clicked.present);
  const frames = [4, 5, 6, 7];
  const followed = frames.reduce(
    (history, frame) => mapHistory(history, (each) => withTrackedFrame(each, run, tracked(frame))),
    commit(clicked, document, 'track'),
  );
  const undone = undo(followed);
  const again = commit(undone, prompted(undone.present, 9, point(0)), 'click');
  let saved: States | undefined;
  return [clicked, followed, undone, again].map((history: History<MaskDocument>) => {
    const next = (saved && follow(saved, history)) ?? statesOf(history, 0);
    const changes = changesOf(saved, next);
    saved = next;
    return { history: changes, facts: { name: `after ${history.past.length} steps` } };
  });
}

/** All that a project holds, but for when it was changed. */
function contents(database: Database): string {
  const tables = database
    .query<{ name: string }>("select name from sqlite_schema where type = 'table' order by name")
    .map(({ name }) => name);
  return JSON.stringify(
    tables.map((table) => [
      table,
      database.query(`select * from ${table} where ${table === 'project' ? "key <> 'changed'" : '1'}`),
    ]),
  );
}

function openIn(vfs: CrashingVfs): Database {
  const database = new SqliteDatabase(sqlite, new sqlite.oo1.DB({ filename: '/project.db', vfs: vfs.name }));
  database.exec('pragma journal_mode = truncate; pragma synchronous = full; pragma temp_store = memory;');
  return database;
}

/** Does all steps; gives the project's contents after each. Ends where the computer does. */
function live(vfs: CrashingVfs, steps: readonly ProjectChanges[]): string[] {
  const done: string[] = [];
  let database: Database | undefined;
  try {
    database = openIn(vfs);
    createProject(database, FACTS);
    done.push(contents(database));
    for (const step of steps) {
      saveProject(database, step);
      done.push(contents(database));
    }
  } catch (thrown) {
    if (!vfs.hasCrashed) throw thrown;
  } finally {
    try {
      database?.close();
    } catch {
      // The computer has stopped.
    }
  }
  return done;
}

it.each([
  ['the process is ended', false],
  ['the power fails', true],
])('whenever %s, a project is as before or as after what was being saved', (_, loses) => {
  const steps = changesInTurn();
  const whole = new CrashingVfs(sqlite, `whole-${loses}`);
  const states = live(whole, steps);
  expect(states).toHaveLength(steps.length + 1);
  expect(whole.operations).toBeGreaterThan(50);
  for (let crashAt = 1; crashAt <= whole.operations; crashAt++) {
    const vfs = new CrashingVfs(sqlite, `crash-${loses}-${crashAt}`);
    vfs.crashAt = crashAt;
    const done = live(vfs, steps);
    vfs.restart(loses);
    const database = openIn(vfs);
    expect(single(database, 'pragma integrity_check'), `operation ${crashAt}`).toBe('ok');
    const isEmpty = single(database, 'select count(*) from sqlite_schema') === 0;
    if (isEmpty || contents(database) === '[]') expect(done).toHaveLength(0);
    else {
      const now = states.indexOf(contents(database));
      // What was said to be done is there; the step that was under way is there whole, or not at all.
      if (done.length > 0) expect([done.length - 1, done.length], `operation ${crashAt}`).toContain(now);
      if (now >= 0) loadProject(database);
    }
    database.close();
  }
});

it('a save that fails leaves the project as it was, and can be made again', () => {
  const steps = changesInTurn();
  const expected = live(new CrashingVfs(sqlite, 'expected'), steps);
  for (let fault = 1; ; fault++) {
    const database = SqliteDatabase.inMemory(sqlite);
    createProject(database, FACTS);
    let left = fault;
    const failing: Database = Object.assign(Object.create(database) as Database, {
      run: (...args: Parameters<Database['run']>) => {
        if (--left === 0) throw new Error('The disk is full.');
        database.run(...args);
      },
      transaction: (work: () => void) => database.transaction(work),
      query: <Row>(...args: Parameters<Database['query']>) => database.query<Row>(...args),
      exec: (sql: string) => database.exec(sql),
    });
    for (const [at, step] of steps.entries()) {
      const before = contents(database);
      try {
        saveProject(failing, step);
      } catch {
        expect(contents(database)).toBe(before);
        saveProject(failing, step);
      }
      expect(contents(database)).toBe(expected[at + 1]);
    }
    database.close();
    if (left > 0) {
      expect(fault).toBeGreaterThan(30);
      break;
    }
  }
});
