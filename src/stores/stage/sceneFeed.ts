interface SceneFeedOptions<Content, Picture> {
  /** What is to be drawn of a frame as things are; nothing where nobody would draw it. */
  readonly content: (frame: number) => Content | undefined;
  readonly isSame: (a: Content, b: Content) => boolean;
  /** Draws a picture with its content, or other content on the picture before. */
  readonly draw: (content: Content, picture?: Picture) => Promise<void>;
  readonly fail: (thrown: unknown) => void;
}

/**
 * Has frames drawn by someone who takes a while. What is drawn on a picture is always of its own frame. One drawing is under way at
 * a time: what changes meanwhile is drawn after it, once, as it is then.
 */
export class SceneFeed<Content, Picture> {
  readonly #options: SceneFeedOptions<Content, Picture>;
  /** The frame of the picture that was sent last. */
  #frame: number | undefined;
  #sent: Content | undefined;
  #drawings = 0;

  constructor(options: SceneFeedOptions<Content, Picture>) {
    this.#options = options;
  }

  /** Draws a picture at once, and says when that is done. */
  async show(frame: number, picture: Picture): Promise<void> {
    this.#frame = frame;
    const content = this.#options.content(frame);
    if (content !== undefined) await this.#draw(content, picture);
  }

  /** Draws what has changed of the frame that was drawn last. */
  refresh(): void {
    if (this.#drawings > 0 || this.#frame === undefined) return;
    const content = this.#options.content(this.#frame);
    if (content === undefined) return;
    if (this.#sent === undefined || !this.#options.isSame(content, this.#sent)) void this.#draw(content);
  }

  /** Draws the frame again, though nothing has changed: it is needed in another place. */
  redraw(): void {
    this.#sent = undefined;
    this.refresh();
  }

  /** Forgets the frame: what comes is of another clip. */
  reset(): void {
    this.#frame = undefined;
  }

  async #draw(content: Content, picture?: Picture): Promise<void> {
    this.#sent = content;
    this.#drawings++;
    try {
      await this.#options.draw(content, picture);
    } catch (thrown) {
      this.#options.fail(thrown);
    } finally {
      this.#drawings--;
    }
    this.refresh();
  }
}
