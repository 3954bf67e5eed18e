import { ByteLru } from '../../src/core/byteLru.ts';
import type { Frame, FrameSource } from '../../src/core/frames.ts';
import type { StageTimer } from './stageTimer.ts';
import type { VideoModel } from './videoModel.ts';

/** The features of a clip's frames for one model, computed when asked for and kept up to a bound in bytes. */
export class FeatureCache<Features> {
  readonly #source: FrameSource;
  readonly #model: Pick<VideoModel<Features, never>, 'encode' | 'featureBytes'>;
  readonly #timer: StageTimer;
  readonly #kept: ByteLru<number, Features>;
  /** Encodings under way: whoever asks for the same frame meanwhile gets the same answer. */
  readonly #pending = new Map<number, Promise<Features>>();

  constructor(
    source: FrameSource,
    model: Pick<VideoModel<Features, never>, 'encode' | 'featureBytes'>,
    timer: StageTimer,
    maxBytes: number,
  ) {
    this.#source = source;
    this.#model = model;
    this.#timer = timer;
    this.#kept = new ByteLru({ maxBytes, sizeOf: (features) => model.featureBytes(features) });
  }

  /** Features kept, and the bytes that they hold. */
  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  /** The features of frame `index`. `frame` is that frame where the caller has it decoded; it stays the caller's to close. */
  async get(index: number, frame?: Frame): Promise<Features> {
    const kept = this.#kept.get(index);
    if (kept !== undefined) return kept;
    const pending = this.#pending.get(index) ?? this.#encode(index, frame);
    this.#pending.set(index, pending);
    try {
      return await pending;
    } finally {
      this.#pending.delete(index);
    }
  }

  async #encode(index: number, given: Frame | undefined): Promise<Features> {
    const frame = given ?? (await this.#timer.time('decode', () => this.#source.frame(index)));
    try {
      const pixels = await this.#timer.time('decode', () => frame.pixels());
      const features = await this.#model.encode(pixels);
      this.#kept.set(index, features);
      return features;
    } finally {
      if (frame !== given) frame.close();
    }
  }
}
