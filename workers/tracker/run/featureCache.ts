import { ByteLru } from '../../../src/core/byteLru.ts';
import type { Frame, FrameSource } from '../../../src/core/frames.ts';
import type { StepTimer } from './stepTimer.ts';
import type { VideoModel } from '../videoModel.ts';

type Encoder<Features> = Pick<VideoModel<Features, never>, 'encode' | 'featureBytes' | 'free'>;

/**
 * The features of a clip's frames for one model, computed when asked for and kept up to a bound in bytes. It owns them: they are
 * freed when they have left and nobody uses them.
 */
export class FeatureCache<Features> {
  readonly #source: FrameSource;
  readonly #model: Encoder<Features>;
  readonly #timer: StepTimer;
  readonly #kept: ByteLru<number, Features>;
  /** Frames that were named in `prefer`, the latest last. */
  readonly #preferred = new Set<number>();
  /** Encodings under way: whoever asks for the same frame meanwhile gets the same answer. */
  readonly #pending = new Map<number, Promise<Features>>();
  /** How many use a frame's features, or wait for them. */
  readonly #users = new Map<number, number>();
  /** Features that left while they were used. */
  readonly #leaving = new Map<number, Features>();
  #onIdle: (() => void) | undefined;

  constructor(source: FrameSource, model: Encoder<Features>, timer: StepTimer, maxBytes: number) {
    this.#source = source;
    this.#model = model;
    this.#timer = timer;
    this.#kept = new ByteLru({
      maxBytes,
      sizeOf: (features) => model.featureBytes(features),
      onEvict: (features, index) => {
        if (this.#users.has(index)) this.#leaving.set(index, features);
        else model.free(features);
      },
    });
  }

  /** Features kept, and the bytes that they hold. */
  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  /** Lets a frame's features stay longer than others: it was prompted, and its prompts may be asked for again. */
  prefer(index: number): void {
    this.#preferred.delete(index);
    this.#preferred.add(index);
  }

  /**
   * Gives `work` the features of frame `index`, which last until it ends.
   *
   * @param frame that frame where the caller has it decoded; it stays the caller's to close
   */
  async use<Result>(
    index: number,
    work: (features: Features) => Result | Promise<Result>,
    frame?: Frame,
  ): Promise<Result> {
    this.#users.set(index, (this.#users.get(index) ?? 0) + 1);
    try {
      return await work(await this.#get(index, frame));
    } finally {
      this.#endUse(index);
    }
  }

  /** Frees all features, once those that are used are not any more. Nothing may be asked for after it. */
  async dispose(): Promise<void> {
    if (this.#users.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#kept.clear();
  }

  async #get(index: number, frame?: Frame): Promise<Features> {
    const kept = this.#kept.get(index) ?? this.#leaving.get(index);
    if (kept !== undefined) return kept;
    const pending = this.#pending.get(index) ?? this.#encode(index, frame);
    this.#pending.set(index, pending);
    try {
      return await pending;
    } finally {
      this.#pending.delete(index);
    }
  }

  #endUse(index: number): void {
    const users = (this.#users.get(index) ?? 1) - 1;
    if (users > 0) {
      this.#users.set(index, users);
      return;
    }
    this.#users.delete(index);
    const leaving = this.#leaving.get(index);
    if (leaving !== undefined) this.#model.free(leaving);
    this.#leaving.delete(index);
    if (this.#users.size === 0) this.#onIdle?.();
  }

  async #encode(index: number, given: Frame | undefined): Promise<Features> {
    const frame = given ?? (await this.#timer.time('decode', () => this.#source.frame(index)));
    try {
      const features = await this.#model.encode(frame);
      this.#renewPreferred();
      this.#kept.set(index, features);
      return features;
    } finally {
      if (frame !== given) frame.close();
    }
  }

  /** Counts as used what is preferred, so that others leave first; the latest, as far as it is half of what is kept. */
  #renewPreferred(): void {
    const kept = [...this.#preferred].filter((index) => this.#kept.has(index));
    const most = Math.floor(this.#kept.size / 2);
    for (const index of kept.slice(Math.max(0, kept.length - most))) this.#kept.get(index);
  }
}
