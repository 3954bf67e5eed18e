import { readFile, stat } from 'node:fs/promises';
import { DoubtIndex } from '../../../src/core/doubtIndex.ts';
import { MaskletError, toMaskletError } from '../../../src/core/errors.ts';
import type { ProjectFacts } from '../../../src/core/protocol/project.ts';
import type { ModelVersion } from '../../../src/core/provenance.ts';
import type { TrackEvent } from '../../../src/core/protocol/segmenter.ts';
import type { MaskDocument } from '../../../src/document/document.ts';
import { commit, mapHistory, type History } from '../../../src/document/history.ts';
import { changesOf } from '../../../src/document/saved/changes.ts';
import { doubtChanges } from '../../../src/document/saved/doubtChanges.ts';
import { readHistory } from '../../../src/document/saved/readHistory.ts';
import { follow, historyOf, statesOf, type States } from '../../../src/document/saved/states.ts';
import { withTrackedFrame, type TrackRun } from '../../../src/document/trackedFrame.ts';
import { openFrames } from '../../../src/document/trackPlan.ts';
import type { Database } from '../../../workers/project/database.ts';
import { loadProject, saveProject } from '../../../workers/project/projectDatabase.ts';
import { UsageError } from '../../node/usage.ts';
import { writeWhole } from '../../node/writeWhole.ts';
import { openDatabase } from '../../project/projectFile.ts';

/** A project's file with a run of its objects that puts masks into it. */
export class ProjectWork {
  readonly facts: ProjectFacts;
  readonly #database: Database;
  readonly #path: string;
  #readAt: string;
  #saved: States;
  #history: History<MaskDocument>;
  #run: TrackRun | undefined;

  private constructor(path: string, readAt: string, database: Database) {
    const { facts, history } = loadProject(database);
    this.facts = facts;
    this.#path = path;
    this.#readAt = readAt;
    this.#database = database;
    this.#saved = readHistory(history, facts.clip);
    this.#history = historyOf(this.#saved);
  }

  /** @throws UsageError if there is no such file, or it is no project of this version of the app */
  static async open(path: string): Promise<ProjectWork> {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new UsageError(`The project ${path} cannot be read.`, { cause });
    });
    const readAt = await versionOf(path);
    let database: Database | undefined;
    try {
      if (bytes.subarray(0, 15).toString('latin1') !== 'SQLite format 3')
        throw new MaskletError('file-not-project', 'It is not a project of Masklet.');
      database = await openDatabase(bytes);
      return new ProjectWork(path, readAt, database);
    } catch (cause) {
      database?.close();
      throw new UsageError(`${path}: ${toMaskletError(cause).message}`, { cause });
    }
  }

  /** What there is to track: all frames of the objects that have prompts, where a mask is missing or stale. Empty if all is done. */
  plan(): TrackRun['request']['objects'] {
    const { present } = this.#history;
    const { frameCount } = this.facts.clip;
    const objects = openFrames(present.objects, frameCount);
    if (objects.length === 0) return [];
    const states = [this.#history.past, this.#history.future].flat().map(({ value }) => value);
    const id = 1 + Math.max(...[present, ...states].map(({ trackRun }) => trackRun));
    this.#run = { id, request: { objects, settings: present.settings }, isCheck: false };
    return objects;
  }

  get settings(): MaskDocument['settings'] {
    return this.#history.present.settings;
  }

  /** Puts in the masks of a frame that a model made. With the first one, the run becomes a step that can be undone. */
  putIn(event: TrackEvent, model: ModelVersion): void {
    const run = this.#run;
    if (run === undefined) throw new Error('There is no run.');
    const { present } = this.#history;
    if (present.trackRun !== run.id)
      this.#history = commit(this.#history, { ...present, trackRun: run.id }, 'track');
    this.#history = mapHistory(this.#history, (document) =>
      withTrackedFrame(document, run, { ...event, model }),
    );
  }

  /**
   * Writes the project to a file, as it is now. Where its own file was changed since it was read, it is written beside it. Gives the path.
   *
   * @param model the model that the masks are of, if it is one that the app knows
   */
  async save(out: string, model: string | undefined): Promise<string> {
    const next = follow(this.#saved, this.#history) ?? statesOf(this.#history, 0);
    const doubts = new DoubtIndex().of(this.#history.present.objects);
    saveProject(this.#database, {
      history: changesOf(this.#saved, next),
      doubts: doubtChanges(undefined, doubts),
      ...(model !== undefined && { facts: { model } }),
    });
    this.#saved = next;
    const isChanged = out === this.#path && (await versionOf(out)) !== this.#readAt;
    const path = isChanged ? out.replace(/\.masklet$/i, '-tracked.masklet') : out;
    await writeWhole(path, this.#database.bytes());
    if (path === this.#path) this.#readAt = await versionOf(path);
    return path;
  }

  close(): void {
    this.#database.close();
  }
}

/** By what it shows that a file was changed. */
async function versionOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.size} ${found.mtimeMs}` : '';
}
