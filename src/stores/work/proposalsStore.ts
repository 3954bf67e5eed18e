import { createStore } from 'zustand/vanilla';
import type { Proposal } from '../../core/protocol/segmenter.ts';

/** Masks of all things on a frame, of which a person picks those that become objects. */
export interface Proposals {
  readonly phase: 'finding' | 'found';
  readonly frame: number;
  /** How much of the frame has been looked at, 0 to 1; nothing until it has been read. */
  readonly done: number | undefined;
  /** Larger ones first. */
  readonly proposals: readonly Proposal[];
  /** The one under the pointer or with the focus. */
  readonly pointedId: number | undefined;
}

export type ProposalsState = { readonly phase: 'off' } | Proposals;

export const proposalsStore = createStore<ProposalsState>(() => ({ phase: 'off' }));
