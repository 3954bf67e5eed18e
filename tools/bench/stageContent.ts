import type { Look } from '../../src/core/looks.ts';

/** What is on the stage, on every frame. */
export interface StageContent {
  readonly objects: number;
  readonly look: Look;
}

/** What edges cost for each frame. */
export interface EdgeCosts {
  /** For the player's worker, which makes them on the CPU; without showing them. */
  readonly cpuMs: number;
  /** For a frame to be decoded, sent and drawn with them by the stage's worker. */
  readonly gpuMs: number;
  /** Of the stage's kernels. */
  readonly dispatches: number;
  /** Sent to the GPU besides the frame, and read back from it. */
  readonly bytesUp: number;
  readonly bytesDown: number;
}
