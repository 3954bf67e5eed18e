import type { Look } from '../../src/core/looks.ts';

/** What is on the stage, on every frame. */
export interface StageContent {
  readonly objects: number;
  readonly look: Look;
}
