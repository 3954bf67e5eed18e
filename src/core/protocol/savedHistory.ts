import type { FrameStatus } from '../frameMask.ts';
import type { MaskColumns } from '../packedMasks.ts';
import type { FramePrompts } from '../prompts.ts';
import type { Provenance } from '../provenance.ts';
import type { FrameRanges } from '../frameRanges.ts';

/**
 * The history of a document as rows. Its states stand in a line of positions, the oldest that can be undone to first. A row holds for
 * the states from `first` to `last`, or to the newest one where `last` is `null`: undo and redo only move the present position.
 */
export interface StateRange {
  readonly first: number;
  readonly last: number | null;
}

/** What a document is but for its objects, as JSON. */
export interface SettingsRow {
  readonly value: string;
}

/** An object but for its prompts and masks. */
export interface ObjectRow {
  readonly object: number;
  /** In the drawing order, from 0. */
  readonly place: number;
  readonly name: string;
  readonly color: string;
  readonly locked: FrameRanges;
  /** What else is known of it, as JSON; `null` if nothing. */
  readonly more: string | null;
}

export interface PromptRow {
  readonly object: number;
  readonly frame: number;
  readonly prompts: FramePrompts;
  /** Whether the frame's mask was decoded from these very prompts. */
  readonly decoded: boolean;
}

export interface MaskRow {
  readonly object: number;
  readonly frame: number;
  /** Compressed run lengths. */
  readonly rle: Uint8Array<ArrayBuffer>;
  readonly status: FrameStatus;
  readonly score: number;
  readonly origin: number | null;
  readonly agreement: number | null;
  readonly provenance: Provenance | null;
  /** What else is known of it, as JSON; `null` if nothing. */
  readonly more: string | null;
}

/** The row of an object, or of an object's frame, that holds for the state at position `at`. */
export interface RowAddress {
  readonly object: number;
  readonly frame: number;
  readonly at: number;
}

/** Changes of the rows of one kind, in the order in which they are to be made: drop, end, put. */
export interface RowChanges<Row> {
  readonly drop: readonly RowAddress[];
  readonly end: readonly (RowAddress & { readonly last: number | null })[];
  readonly put: readonly (Row & StateRange)[];
}

/** What leads from one saved history to the next. */
export interface HistoryChanges {
  /** Whether all rows that are there go first. */
  readonly isNew: boolean;
  /** The positions of the oldest state, of the present and of the newest. */
  readonly oldest: number;
  readonly present: number;
  readonly newest: number;
  /** What led to the states at these positions; labels at others stay. */
  readonly steps: readonly { readonly position: number; readonly label: string }[];
  readonly settings: RowChanges<SettingsRow>;
  readonly objects: RowChanges<ObjectRow>;
  readonly prompts: RowChanges<PromptRow>;
  readonly masks: RowChanges<MaskRow>;
}

/** All masks of one object that any state has, a row each, in the order of their frames. */
export interface ObjectMasks {
  readonly object: number;
  /** The positions from which and up to which each row holds; -1 for the newest one. */
  readonly firsts: Int32Array<ArrayBuffer>;
  readonly lasts: Int32Array<ArrayBuffer>;
  readonly columns: MaskColumns;
}

/** A history as it was read. */
export interface SavedHistory {
  readonly oldest: number;
  readonly present: number;
  readonly newest: number;
  readonly steps: readonly { readonly position: number; readonly label: string }[];
  readonly settings: readonly (SettingsRow & StateRange)[];
  readonly objects: readonly (ObjectRow & StateRange)[];
  readonly prompts: readonly (PromptRow & StateRange)[];
  readonly masks: readonly ObjectMasks[];
}
