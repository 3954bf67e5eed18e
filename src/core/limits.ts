/** How often a worker or a GPU that has failed is started again, where it does nothing useful in between. */
export const MAX_RESTARTS = 3;

/** Masks that a tracking span which starts behind tracked frames is reminded of at most. */
export const MOST_BEHIND = 6;
