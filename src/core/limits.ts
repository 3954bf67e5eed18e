/** How often a worker or a GPU that has failed is started again, where it does nothing useful in between. */
export const MAX_RESTARTS = 3;

/** Masks that a tracking span which starts behind tracked frames is reminded of at most. */
export const MOST_BEHIND = 6;

/** Where two masks share more than this of the smaller one, and a person has seen it, one object lies on the other. */
export const MEANT_OVERLAP = 0.5;

/**
 * Masks of prompted and of tracked frames that a correction is remembered by at most. Few: each frame has to be read before the
 * first click is answered, unless it was read not long ago.
 */
export const MOST_AROUND = { prompted: 2, tracked: 2 } as const;
