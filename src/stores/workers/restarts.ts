import { MAX_RESTARTS } from '../../core/limits.ts';

/**
 * Counts the restarts of a worker since it last did something useful, so that crashes never go on in a circle: a person is asked.
 */
export class RestartGuard {
  #restarts = 0;

  /** Counts a crash. False if the worker should stay down. */
  mayRestart(): boolean {
    if (this.#restarts >= MAX_RESTARTS) return false;
    this.#restarts++;
    return true;
  }

  /** The worker did what it is for, or a person wants it started again: count anew. */
  succeeded(): void {
    this.#restarts = 0;
  }
}

export const restarts = { segmenter: new RestartGuard(), player: new RestartGuard() };
