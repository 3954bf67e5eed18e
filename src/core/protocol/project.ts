import type { ModelVersion } from '../provenance.ts';
import type { ClipInfo } from '../clip.ts';
import type { Doubt } from '../doubt.ts';
import type { MaskRle } from '../rle.ts';
import type { LogEntry } from '../workLog.ts';
import type { HistoryChanges, SavedHistory } from './savedHistory.ts';

/** Keeps projects: each a SQLite database in the browser's private storage, with its video where that is small. */
export interface ProjectApi {
  /** All projects, the one that was changed last first. Those that were deleted a while ago are gone for good afterwards. */
  list(): Promise<readonly ProjectEntry[]>;
  /** Makes a project and holds it open. */
  create(id: string, facts: ProjectFacts): Promise<void>;
  /** Opens a project to write to it. One that is damaged is set aside first, and what can be read of it is read into a new one. */
  open(id: string): Promise<OpenedProject>;
  /** Reads a project from the bytes of its file, without keeping it. */
  read(file: Blob): Promise<OpenedProject>;
  /** Reads a project that stays as it is. @throws `project-busy` if another tab has it */
  look(id: string): Promise<OpenedProject>;
  /** Has found things wait in a project, in place of those that waited before. @throws `project-busy` if another tab has it */
  keepWaiting(id: string, things: readonly WaitingThing[]): Promise<void>;
  /** Makes changes in the open project: all of them, or none. @throws `not-ready` if another one is open */
  save(id: string, changes: ProjectChanges): Promise<void>;
  /** Keeps what a run's objects are in the open project, and gives all runs that are kept, the last one first. */
  keepRun(id: string, run: RunToKeep): Promise<readonly KeptRun[]>;
  /** The objects of a run that was kept: a history of one state. */
  run(id: string, run: number): Promise<SavedHistory>;
  /** The log of the open project, the oldest entry first. */
  log(id: string): Promise<readonly LogEntry[]>;
  /** Lets a project go, if it is the open one. @param isOpen whether it is to be opened again when the page comes back */
  close(id: string, isOpen: boolean): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  /** Makes a copy under a new id. */
  duplicate(id: string, copyId: string): Promise<void>;
  /** Deletes a project, or takes that back. */
  remove(id: string, isDeleted: boolean): Promise<void>;
  /** Deletes a project for good. */
  erase(id: string): Promise<void>;
  /** Deletes for good what was deleted. Gives back the bytes that it took. */
  purge(): Promise<number>;
  /** A project's file, as it is now. */
  file(id: string): Promise<Blob>;
  /** The file that a project with these facts and changes would have; nothing is kept of it. */
  fileOf(facts: ProjectFacts, changes: ProjectChanges): Promise<Blob>;
  /** Keeps a project that comes as a file: of a damaged one, what can be read. Gives what was lost, as sentences. */
  add(file: Blob, id: string, name: string): Promise<readonly string[]>;
  /** Keeps a copy of the video with the project. */
  keepVideo(id: string, video: Blob): Promise<void>;
  /** Deletes the copy. */
  dropVideo(id: string): Promise<void>;
  /** The copy, if there is one. */
  video(id: string): Promise<File | undefined>;
  /** The file of a project that was damaged, as it was, if there is one. */
  damaged(id: string): Promise<Blob | undefined>;
}

/** What is known of a project without opening it. */
export interface ProjectEntry {
  readonly id: string;
  readonly name: string;
  /** A small picture as a `data:` address. */
  readonly picture: string | null;
  readonly frameCount: number;
  /** In seconds; 0 for an image. */
  readonly duration: number;
  /** When it was changed last, in milliseconds since 1970. */
  readonly changedAt: number;
  /** Of the database and of the video that is kept with it. */
  readonly bytes: number;
  readonly videoBytes: number;
  /** How many found things wait in it. */
  readonly waiting: number;
  /** Whether a page had it open last: it is opened again when the page comes back. */
  readonly isOpen: boolean;
}

/** By what a video is known again. */
export interface Fingerprint {
  readonly bytes: number;
  /** SHA-256 of the first and of the last MiB, in hexadecimal digits. */
  readonly head: string;
  readonly tail: string;
}

/** What a project is about. */
export interface ProjectFacts {
  readonly name: string;
  /** Its file's name. */
  readonly clipName: string;
  readonly clip: ClipInfo;
  readonly fingerprint: Fingerprint | null;
  /** The id of the model that the last masks are from; `null` before the first. */
  readonly model: string | null;
  /** A small picture as a `data:` address; `null` while there is none. */
  readonly picture: string | null;
}

/** Where a person was. */
export interface ProjectView {
  readonly frame: number;
  readonly selectedId: number | null;
  readonly hidden: readonly number[];
  readonly soloId: number | null;
  /** From the in-mark to the out-mark; `null` where none is set. */
  readonly range: { readonly first: number; readonly last: number } | null;
  /** Whether a tracking run was going on. */
  readonly isTracking: boolean;
}

/** Shot changes and small pictures of the clip, once it was looked through. */
export interface ProjectScan {
  readonly shots: readonly number[];
  readonly thumbnails: readonly { readonly frame: number; readonly picture: Uint8Array<ArrayBuffer> }[];
}

/** A doubtful frame of an object, and why it is doubtful. */
export interface DoubtRow {
  readonly object: number;
  readonly frame: number;
  readonly doubt: Doubt;
}

/** What changes of the doubtful frames. */
export interface DoubtChanges {
  /** By what they were judged. */
  readonly rules: string;
  /** Whether all that are there go first. */
  readonly isNew: boolean;
  readonly drop: readonly Pick<DoubtRow, 'object' | 'frame'>[];
  readonly put: readonly DoubtRow[];
}

/** A tracking run whose objects are to be kept as they are when it has ended. */
export interface RunToKeep {
  readonly label: string;
  /** Their numbers. */
  readonly objects: readonly number[];
}

/** A tracking run that can be brought back. */
export interface KeptRun {
  readonly id: number;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
  /** The names of its objects. */
  readonly objects: readonly string[];
  /** How many masks they had. */
  readonly masks: number;
}

/** A thing in a project's clip that looks like an object of another clip. It waits for a person to accept it. */
export interface WaitingThing {
  readonly frame: number;
  readonly mask: MaskRle;
  /** Likeness, the cosine of the looks. */
  readonly score: number;
  /** The name of the object that it looks like. */
  readonly name: string;
  /** The model that made the mask, where that is known. */
  readonly model?: ModelVersion;
}

/** What is to be saved together; what is left out stays. */
export interface ProjectChanges {
  readonly history?: HistoryChanges;
  readonly view?: ProjectView;
  readonly scan?: ProjectScan;
  readonly facts?: Partial<ProjectFacts>;
  /** Of the present state. */
  readonly doubts?: DoubtChanges;
  /** What was done since the last time, to be added to the log. */
  readonly log?: readonly LogEntry[];
}

export interface OpenedProject {
  readonly facts: ProjectFacts;
  readonly history: SavedHistory;
  readonly view: ProjectView | undefined;
  readonly scan: ProjectScan | undefined;
  /** The doubtful frames of the present state; nothing where they are to be judged anew. */
  readonly doubts: readonly DoubtRow[] | undefined;
  /** The tracking runs that can be brought back, the last one first. */
  readonly runs: readonly KeptRun[];
  readonly waiting: readonly WaitingThing[];
  /** What could not be read of a damaged project, as sentences; empty if all is there. */
  readonly losses: readonly string[];
}
