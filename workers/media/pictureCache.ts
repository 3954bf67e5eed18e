import { ByteLru } from '../../src/core/byteLru.ts';
import { oneAtATime } from '../../src/core/oneAtATime.ts';
import { frameBytes, type Clip } from './clip.ts';
import type { MediaFrame } from './mediaFrame.ts';

/** Bound on the pictures kept for looking: 72 frames of 1280×720. */
export const PICTURE_CACHE_BYTES = 256 * 2 ** 20;

/** Frames decoded beyond the one asked for while a clip plays. */
const READ_AHEAD = 8;

/** Frames kept before the one asked for when someone steps backward: the next steps find them decoded. */
const STEP_BACK = 16;

/** One clip's frames for the eye, decoded once and kept for a while. Asked in order, it decodes in order. */
export class PictureCache {
  readonly clip: Clip;
  readonly #pictures: ByteLru<number, ImageBitmap>;
  /** Frames that can be kept, with room left for what was just shown. */
  readonly #window: number;
  /** The decoder, kept open between frames that are asked for one after the other. */
  #run: { readonly frames: AsyncGenerator<MediaFrame, void, undefined>; next: number } | undefined;
  #last = -1;
  #waiting = 0;
  /** There is one decoder. */
  readonly #inTurn = oneAtATime();
  #disposed = false;

  constructor(clip: Clip, maxBytes = PICTURE_CACHE_BYTES) {
    this.clip = clip;
    this.#window = Math.floor(maxBytes / frameBytes(clip.info) / 2);
    this.#pictures = new ByteLru<number, ImageBitmap>({
      maxBytes,
      sizeOf: frameBytes,
      onEvict: (picture) => picture.close(),
    });
  }

  get size(): number {
    return this.#pictures.size;
  }

  get bytes(): number {
    return this.#pictures.bytes;
  }

  /** A frame's picture, to be closed by the receiver. */
  async picture(index: number): Promise<ImageBitmap> {
    const isNext = index === this.#last + 1;
    const isStepBack = index < this.#last && this.#last - index <= STEP_BACK;
    this.#last = index;
    const kept = this.#pictures.get(index);
    const copy = kept ? createImageBitmap(kept) : this.#wait(() => this.#decode(index, isStepBack));
    const picture = await copy;
    if (isNext) void this.#wait(() => this.#readAhead(index)).catch(() => undefined);
    return picture;
  }

  /** Stops decoding, frees the pictures and closes the clip. */
  dispose(): void {
    this.#disposed = true;
    this.#stop();
    this.#pictures.clear();
    this.clip.dispose();
  }

  /** Does the work after all that was asked before, and counts what waits. */
  #wait<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    return this.#inTurn(() => work().finally(() => this.#waiting--));
  }

  async #decode(index: number, isStepBack: boolean): Promise<ImageBitmap> {
    const kept = this.#pictures.get(index);
    if (kept) return createImageBitmap(kept);
    const back = isStepBack ? Math.min(STEP_BACK, this.#window) : 0;
    const start = this.clip.decodeStart(index);
    // To go on decoding costs no more than a new start, unless a key frame lies between.
    const continues = this.#run !== undefined && this.#run.next <= index && start <= this.#run.next;
    if (!continues) this.#start(Math.max(start, index - back));
    for (;;) {
      const frame = await this.#advance();
      try {
        if (index - frame.index > back) continue;
        const picture = await frame.bitmap();
        const copy = frame.index === index ? await createImageBitmap(picture) : undefined;
        this.#keep(frame.index, picture);
        if (copy) return copy;
      } finally {
        frame.close();
      }
    }
  }

  /** Stops as soon as a frame is asked for. */
  async #readAhead(index: number): Promise<void> {
    const end = Math.min(index + Math.min(READ_AHEAD, this.#window), this.clip.info.frameCount - 1);
    while (this.#run && this.#run.next > index && this.#run.next <= end && this.#waiting === 1) {
      const frame = await this.#advance();
      try {
        this.#keep(frame.index, await frame.bitmap());
      } finally {
        frame.close();
      }
    }
  }

  /** The decoder's next frame. */
  async #advance(): Promise<MediaFrame> {
    const run = this.#run;
    if (run === undefined) throw new Error('No decoder is open.');
    try {
      const { value: frame } = await run.frames.next();
      if (!frame) throw new Error(`The decoder ended before frame ${run.next}.`);
      run.next = frame.index + 1;
      return frame;
    } catch (thrown) {
      this.#stop();
      throw thrown;
    }
  }

  #keep(index: number, picture: ImageBitmap): void {
    if (this.#disposed) picture.close();
    else this.#pictures.set(index, picture);
  }

  #start(first: number): void {
    this.#stop();
    this.#run = { frames: this.clip.frames(first, this.clip.info.frameCount - 1), next: first };
  }

  #stop(): void {
    void this.#run?.frames.return();
    this.#run = undefined;
  }
}
