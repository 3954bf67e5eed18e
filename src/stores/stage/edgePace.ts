/** The share of the time between two frames that their edges may take: frames are decoded and drawn as well. */
const SHARE = 0.6;

/**
 * Says whether edges can be made for each frame of a clip that plays, by how long they took before. When they fall behind once, they stay away
 * until the clip is played anew: edges that come and go would be worse than none.
 */
export class EdgePace {
  /** Milliseconds that the edges of a frame took of late. */
  #cost: number | undefined;
  #isBehind = false;

  /** The clip begins to play. */
  begin(): void {
    this.#isBehind = false;
  }

  /** The edges of a frame were made. @param ms how long that took */
  record(ms: number): void {
    this.#cost = this.#cost === undefined ? ms : (this.#cost + ms) / 2;
  }

  /** @param interval from a frame to the next, in milliseconds */
  keepsUp(interval: number): boolean {
    this.#isBehind ||= this.#cost === undefined || this.#cost > SHARE * interval;
    return !this.#isBehind;
  }
}
