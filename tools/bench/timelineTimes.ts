/** How much is on the timeline. */
export interface TimelineSize {
  readonly frames: number;
  readonly objects: number;
}

/** What repeating one gesture took. */
export interface GestureTimes extends TimelineSize {
  readonly name: string;
  /** From each change to the animation frame after the one that shows it, in milliseconds: two at 60 a second are 16.7. */
  readonly times: readonly number[];
  /** Tasks of the UI thread above 50 ms, in milliseconds. */
  readonly longTasks: readonly number[];
}
