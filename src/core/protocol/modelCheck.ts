import type { ModelFamily } from './model.ts';

/** What a self-check of a model found, on a painted clip whose true masks are known. */
export interface ModelCheck {
  readonly model: CheckedModel;
  /** IoU of each frame's mask with the true one: the clicked frame, then the tracked ones. */
  readonly ious: readonly number[];
  /** Milliseconds of the whole, from the first frame to the last. */
  readonly milliseconds: number;
  /** Runs of each graph, and how long they took together. */
  readonly graphs: readonly { readonly name: string; readonly runs: number; readonly milliseconds: number }[];
  /** The clicked frame's mask on the GPU and on the CPU; why they were not compared, where they were not. */
  readonly gpuBesideCpu:
    | { readonly iou: number; readonly largestDifference: number }
    | { readonly not: string };
}

export interface CheckedModel {
  readonly id: string;
  readonly name: string;
  readonly family: ModelFamily;
  readonly precision: string;
  /** For a person: the GPU's name, or `CPU, 4 threads`. */
  readonly device: string;
}

/** How far a self-check has come, and in the end what it found. */
export type ModelCheckEvent =
  | { readonly type: 'frame'; readonly done: number; readonly total: number }
  | { readonly type: 'comparing' }
  | { readonly type: 'checked'; readonly check: ModelCheck };
