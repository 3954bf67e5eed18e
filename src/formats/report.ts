/** Sentences that a report keeps; the others are only counted. */
const MOST_SENTENCES = 100;

/** What a person should know of a reading or writing that went on: what did not fit and was left out, what was changed. */
export class Report {
  readonly #sentences: string[] = [];
  #count = 0;

  /** How much did not fit, also where its sentence is not kept. */
  get count(): number {
    return this.#count;
  }

  /** A sentence each, in the order in which they came; the first hundred. */
  get sentences(): readonly string[] {
    return this.#sentences;
  }

  add(sentence: string): void {
    this.#count++;
    if (this.#sentences.length < MOST_SENTENCES) this.#sentences.push(sentence);
  }
}
