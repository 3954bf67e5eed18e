import type { Look } from '../../src/core/looks.ts';

/** What is on the stage while the clip plays. */
export interface StagePlay {
  readonly objects: number;
  readonly look: Look;
}

/** What came of playing the clip once. */
export interface PlayedStage {
  readonly shownFrames: number;
  readonly seconds: number;
}
