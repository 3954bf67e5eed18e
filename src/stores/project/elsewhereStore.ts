import { createStore } from 'zustand/vanilla';

/** What becomes of looking in a project's clip. */
export type Outcome =
  | { readonly kind: 'to do' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'done'; readonly found: number }
  /** The browser wants a person to say whether its video may be read. */
  | { readonly kind: 'asks'; readonly handle: FileSystemFileHandle }
  | { readonly kind: 'left out'; readonly why: string };

export interface ClipLookedIn {
  /** Its project's. */
  readonly id: string;
  readonly name: string;
  readonly outcome: Outcome;
}

/** A search for what looks like an object in the clips of all other projects. */
export interface Search {
  /** `waiting`: for a run or another search to end, or for the model. `ended`: all clips are done, or it was stopped. */
  readonly phase: 'looking' | 'waiting' | 'ended';
  /** The object's name. */
  readonly name: string;
  readonly clips: readonly ClipLookedIn[];
}

export const elsewhereStore = createStore<{ readonly phase: 'off' } | Search>(() => ({ phase: 'off' }));
