/** Events that wait until their one reader takes them, in order. */
export class EventQueue<Event> {
  readonly #waiting: Event[] = [];
  #wake: () => void = () => undefined;

  push(event: Event): void {
    this.#waiting.push(event);
    this.#wake();
  }

  /** The events that were pushed and those to come, until `signal` fires. */
  async *read(signal: AbortSignal): AsyncGenerator<Event, void, undefined> {
    while (!signal.aborted) {
      const event = this.#waiting.shift();
      if (event !== undefined) yield event;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  }
}
