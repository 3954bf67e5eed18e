import { createStore } from 'zustand/vanilla';
import type { Proposal } from '../../core/protocol/segmenter.ts';

/** A proposal, and the frame that it is of. */
export interface FrameProposal extends Proposal {
  readonly frame: number;
  /** Of one that waited in the project: the name of the object of another clip that it looks like. */
  readonly name?: string;
}

/** Masks of things, of which a person picks those that become objects: of all on a frame, or of those that look like an object. */
export interface Proposals {
  readonly phase: 'finding' | 'found';
  /** Where the playhead was when they were asked for. */
  readonly frame: number;
  /** The object that they look like, without an id where that is in another clip; nothing where all things are proposed. */
  readonly like: { readonly id: number | undefined; readonly name: string } | undefined;
  /** How much has been looked at, 0 to 1; nothing until the frame has been read. */
  readonly done: number | undefined;
  /** Of all things, larger ones first; of things that look alike, frame by frame, the most alike first. */
  readonly proposals: readonly FrameProposal[];
  /** The one under the pointer or with the focus. */
  readonly pointedId: number | undefined;
}

export type ProposalsState = { readonly phase: 'off' } | Proposals;

export const proposalsStore = createStore<ProposalsState>(() => ({ phase: 'off' }));
