import { MaskletError } from '../../src/core/errors.ts';
import { oneAtATime } from '../../src/core/oneAtATime.ts';
import type {
  KeptRun,
  OpenedProject,
  ProjectApi,
  ProjectChanges,
  ProjectEntry,
  ProjectFacts,
  RunToKeep,
  WaitingThing,
} from '../../src/core/protocol/project.ts';
import type { LogEntry } from '../../src/core/workLog.ts';
import type { SavedHistory } from '../../src/core/protocol/savedHistory.ts';
import { bytesOf, entryOf, readEntry, writeEntry, type StoredEntry } from './entries.ts';
import { HeldProject } from './heldProject.ts';
import { isScratch, projectFolder, projectIds, readProjectFile, removeProject } from './folders.ts';
import { keepRun, keptRuns } from './keptRuns.ts';
import { readLog } from './logTable.ts';
import { loadRun } from './loadHistory.ts';
import { Pool } from './pool.ts';
import { blobOf, fileOf, isDamagedProject, openBytes, openReadable, transferred } from './projectBytes.ts';
import { createProject, loadProject, readFacts, saveProject } from './projectDatabase.ts';
import { deleteVideo, readVideo, videoSize, writeVideo } from './projectVideo.ts';
import { isSound } from './recover.ts';
import { saving, savingError } from './savingError.ts';
import { DAMAGED, setAside } from './setAside.ts';
import { writeWaiting } from './waitingTable.ts';
import { loadSqlite, SqliteDatabase } from './sqlite.ts';

/** How long a deleted project can be had back, in milliseconds. */
const KEPT_DELETED = 10 * 60_000;

/** How long a check of saving may take, in milliseconds. */
const SCRATCH_LIFE = 60_000;

/** Databases up to this size are checked whole when they are opened after a page that did not close them. */
const CHECKED_BYTES = 64 << 20;

/** The project worker's side of the contract. One thing at a time. */
export class ProjectService implements ProjectApi {
  readonly #inTurn = oneAtATime();
  readonly #held = new HeldProject();

  list(): Promise<readonly ProjectEntry[]> {
    return this.#inTurn(async () => {
      const entries: StoredEntry[] = [];
      for (const id of await projectIds()) {
        if (isScratch(id)) {
          await this.#removeOldScratch(id);
          continue;
        }
        const entry = (await readEntry(id)) ?? (await this.#rebuildEntry(id));
        if (entry === undefined) continue;
        if (entry.deletedAt === null) entries.push(entry);
        else if (Date.now() - entry.deletedAt > KEPT_DELETED) await removeProject(id).catch(() => undefined);
      }
      return entries.sort((a, b) => b.changedAt - a.changedAt);
    });
  }

  create(id: string, facts: ProjectFacts): Promise<void> {
    return this.#inTurn(async () => {
      await this.#held.letGo(false);
      await projectFolder(id, true);
      await this.#held.hold(id, (database) => createProject(database, facts));
      await this.#held.noteOpen();
    });
  }

  open(id: string): Promise<OpenedProject> {
    return this.#inTurn(async () => {
      await this.#held.letGo(false);
      const entry = await readEntry(id);
      const project = await this.#openOrRecover(id, entry?.isOpen ?? true);
      await this.#held.noteOpen();
      return transferred(project);
    });
  }

  async read(file: Blob): Promise<OpenedProject> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const database = await openBytes(bytes);
    try {
      return transferred(loadProject(database));
    } finally {
      database.close();
    }
  }

  look(id: string): Promise<OpenedProject> {
    return this.#inTurn(() =>
      this.#held.use(id, (database) => Promise.resolve(transferred(loadProject(database)))),
    );
  }

  keepWaiting(id: string, things: readonly WaitingThing[]): Promise<void> {
    return this.#inTurn(() =>
      this.#held.use(id, async (database) => {
        await saving(id, () => writeWaiting(database, things));
        await writeEntry(entryOf(id, database, await readEntry(id)));
      }),
    );
  }

  save(id: string, changes: ProjectChanges): Promise<void> {
    return this.#inTurn(async () => {
      const database = this.#held.database(id);
      await saving(id, () => saveProject(database, changes));
      await this.#held.noteSaved();
    });
  }

  keepRun(id: string, run: RunToKeep): Promise<readonly KeptRun[]> {
    return this.#inTurn(async () => {
      const database = this.#held.database(id);
      await saving(id, () => keepRun(database, run));
      return keptRuns(database);
    });
  }

  run(id: string, run: number): Promise<SavedHistory> {
    return this.#inTurn(() => {
      const database = this.#held.database(id);
      return Promise.resolve(loadRun(database, run, readFacts(database).clip));
    });
  }

  log(id: string): Promise<readonly LogEntry[]> {
    return this.#inTurn(() => Promise.resolve(readLog(this.#held.database(id))));
  }

  close(id: string, isOpen: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#held.is(id)) await this.#held.letGo(isOpen);
    });
  }

  rename(id: string, name: string): Promise<void> {
    return this.#inTurn(() =>
      this.#held.use(id, async (database) => {
        saveProject(database, { facts: { name } });
        await writeEntry(entryOf(id, database, await readEntry(id)));
      }),
    );
  }

  duplicate(id: string, copyId: string): Promise<void> {
    return this.#inTurn(async () => {
      const entry = await readEntry(id);
      const bytes = await this.#held.use(id, (database) => Promise.resolve(database.bytes()));
      await this.#addBytes(copyId, bytes, `${entry?.name ?? 'Project'} copy`);
      const video = await readVideo(id);
      if (video) await writeVideo(copyId, video);
    });
  }

  remove(id: string, isDeleted: boolean): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#held.is(id)) await this.#held.letGo(false);
      const entry = (await readEntry(id)) ?? (await this.#rebuildEntry(id));
      if (entry) await writeEntry({ ...entry, isOpen: false, deletedAt: isDeleted ? Date.now() : null });
    });
  }

  erase(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#held.is(id)) await this.#held.letGo(false);
      await removeProject(id);
    });
  }

  purge(): Promise<number> {
    return this.#inTurn(async () => {
      let bytes = 0;
      for (const id of await projectIds()) {
        const entry = await readEntry(id);
        if (entry === undefined || entry.deletedAt === null) continue;
        await removeProject(id);
        bytes += entry.bytes + entry.videoBytes;
      }
      return bytes;
    });
  }

  file(id: string): Promise<Blob> {
    return this.#inTurn(() => this.#held.use(id, (database) => Promise.resolve(blobOf(database))));
  }

  async fileOf(facts: ProjectFacts, changes: ProjectChanges): Promise<Blob> {
    return fileOf(SqliteDatabase.inMemory(await loadSqlite()), facts, changes);
  }

  add(file: Blob, id: string, name: string): Promise<readonly string[]> {
    return this.#inTurn(async () => this.#addBytes(id, new Uint8Array(await file.arrayBuffer()), name));
  }

  /** A long copy keeps no save waiting. */
  keepVideo(id: string, video: Blob): Promise<void> {
    return writeVideo(id, video, (note) => this.#inTurn(note));
  }

  dropVideo(id: string): Promise<void> {
    return this.#inTurn(() => deleteVideo(id));
  }

  video(id: string): Promise<File | undefined> {
    return readVideo(id);
  }

  damaged(id: string): Promise<Blob | undefined> {
    return readProjectFile(id, DAMAGED);
  }

  /** Removes what a page left that was closed in the middle of a check of saving. One that goes on now stays. */
  async #removeOldScratch(id: string): Promise<void> {
    const { changedAt = 0 } = (await readEntry(id)) ?? {};
    if (Date.now() - changedAt > SCRATCH_LIFE) await removeProject(id).catch(() => undefined);
  }

  /** Opens a project; sets it aside first if it is damaged. @param mayBeDamaged whether the page before did not close it */
  async #openOrRecover(id: string, mayBeDamaged: boolean): Promise<OpenedProject> {
    let project: OpenedProject | undefined;
    try {
      await this.#held.hold(id, (database) => {
        const isSmall = bytesOf(database) <= CHECKED_BYTES;
        if (mayBeDamaged && isSmall && !isSound(database)) throw damage();
        project = loadProject(database);
      });
    } catch (thrown) {
      if (!isDamagedProject(thrown)) throw thrown;
    }
    return project ?? this.#recover(id);
  }

  async #recover(id: string): Promise<OpenedProject> {
    const project = await setAside(id);
    await this.#held.hold(id, () => undefined);
    return project;
  }

  /** Gives what was lost, as sentences. */
  async #addBytes(id: string, bytes: Uint8Array, name: string): Promise<readonly string[]> {
    // Whatever is no project, or is newer, is refused before anything is kept.
    const { database, losses } = await openReadable(bytes);
    let whole: Uint8Array;
    try {
      saveProject(database, { facts: { name: name === '' ? readFacts(database).name : name } });
      whole = database.bytes();
    } finally {
      database.close();
    }
    await projectFolder(id, true);
    try {
      const pool = await Pool.hold(id);
      try {
        await pool.put(whole);
      } finally {
        pool.release();
      }
      await this.#held.use(id, async (added) => writeEntry(entryOf(id, added, undefined)));
      return losses;
    } catch (thrown) {
      await removeProject(id).catch(() => undefined);
      throw await savingError(id, thrown);
    }
  }

  /** Makes the entry that is missing from the database. A folder without a database is what a crash left: it goes. */
  async #rebuildEntry(id: string): Promise<StoredEntry | undefined> {
    try {
      if (!this.#held.is(id)) {
        const pool = await Pool.hold(id);
        const { hasDatabase } = pool;
        pool.release();
        if (!hasDatabase) {
          await removeProject(id);
          return undefined;
        }
      }
      return await this.#held.use(id, async (database) => {
        const entry = entryOf(id, database, undefined);
        // It was lost while it was written: the project was open.
        const whole = { ...entry, isOpen: true, videoBytes: await videoSize(id) };
        await writeEntry(whole);
        return whole;
      });
    } catch {
      // Another tab has it, or it is damaged: opening it says so.
      return undefined;
    }
  }
}

function damage(): MaskletError {
  return new MaskletError('project-damaged', 'This project is damaged.');
}
