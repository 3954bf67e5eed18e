import { createStore } from 'zustand/vanilla';
import type { KeptRun, ProjectEntry, WaitingThing } from '../../core/protocol/project.ts';

/**
 * - `off`: nothing is saved: there is no project, or the browser offers no storage
 * - `saving`: changes are on their way into the storage
 * - `saved`: all changes are in it
 * - `failed`: they are not, and `problem` says why; it is tried again
 */
export type SaveState = 'saved' | 'saving' | 'failed' | 'off';

/** What is known of the project's video: whether it is at hand, and if not, what a person can do. */
export type VideoState =
  | { readonly kind: 'here' }
  | { readonly kind: 'asks'; readonly handle: FileSystemFileHandle }
  | { readonly kind: 'missing' };

export interface ProjectState {
  readonly id: string | undefined;
  readonly name: string;
  readonly saved: SaveState;
  /** When all changes were in the storage last, in milliseconds since 1970. */
  readonly savedAt: number | undefined;
  /** Why nothing is saved, as a sentence. */
  readonly problem: string | undefined;
  /** Whether the browser promised not to delete its storage by itself. */
  readonly persistent: boolean;
  /** Bytes that the browser lets the page store, and that it stores. */
  readonly room: { readonly quota: number; readonly usage: number } | undefined;
  /** Another tab writes to the project, since a moment in milliseconds since 1970: here it can only be looked at. */
  readonly heldSince: number | undefined;
  readonly video: VideoState;
  /** Whether small videos are kept with their projects. */
  readonly keepsVideos: boolean;
  /** The tracking runs that can be brought back, the last one first. */
  readonly runs: readonly KeptRun[];
  /** What was found in its clip because it looks like objects of other clips, since it was opened or found. */
  readonly waiting: readonly WaitingThing[];
  /** Bytes of the copy of the video that is kept with the project; 0 if there is none. */
  readonly videoBytes: number;
}

const NONE: ProjectState = {
  id: undefined,
  name: '',
  saved: 'off',
  savedAt: undefined,
  problem: undefined,
  persistent: false,
  room: undefined,
  heldSince: undefined,
  video: { kind: 'here' },
  keepsVideos: true,
  runs: [],
  waiting: [],
  videoBytes: 0,
};

export const projectStore = createStore<ProjectState>(() => NONE);

/** There is no project any more; what is known of the browser's storage stays. */
export function forgetProject(): void {
  projectStore.setState(({ id, persistent, room, keepsVideos, problem }) => ({
    ...NONE,
    ...{ persistent, room, keepsVideos },
    // Without a project, the problem is the storage itself.
    problem: id === undefined ? problem : undefined,
  }));
}

/** Whether what is done now is kept nowhere: there is no storage, or saving has failed. */
export function isUnkept(): boolean {
  const { id, saved, problem } = projectStore.getState();
  return saved === 'failed' || (id === undefined && problem !== undefined);
}

/** Whether all work would be there after the page is closed now, or is about to be. */
export function isKept(): boolean {
  const { id, saved, heldSince } = projectStore.getState();
  return heldSince !== undefined || (id !== undefined && (saved === 'saved' || saved === 'saving'));
}

interface ListState {
  readonly entries: readonly ProjectEntry[];
  /** Whether the list was read. */
  readonly isRead: boolean;
}

/** All projects, for the start page. */
export const projectListStore = createStore<ListState>(() => ({ entries: [], isRead: false }));
