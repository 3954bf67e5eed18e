import type { Frame } from '../../../src/core/frames.ts';

/**
 * Gives `work` the features of frame `index`, which last until it ends; takes them from `frame`, where it is given, or decodes
 * it, where they are not at hand.
 */
export type FeatureLookup<Features> = <Result>(
  index: number,
  work: (features: Features) => Promise<Result>,
  frame?: Frame,
) => Promise<Result>;
