import { throwIfAborted } from '../core/errors.ts';
import { FormatError } from '../core/formatError.ts';
import type { Size } from '../core/geometry.ts';
import { rleArea, unionRle, type MaskRle } from '../core/rle.ts';
import type { FrameMasks, ObjectMask } from '../core/maskedClip.ts';
import type { Report } from './report.ts';

/** A mask of a file that lists masks: decoded when it is needed, so that many cost no more than the file itself. */
interface ListedMask {
  readonly decode: () => MaskRle;
  readonly score?: number;
}

/** The masks of a file that lists them, by frame and object. */
export class ListedMasks {
  readonly #size: Size;
  readonly #report: Report;
  readonly #frames: Map<number, ListedMask[]>[] = [];

  constructor(size: Size, report: Report) {
    this.#size = size;
    this.#report = report;
  }

  /**
   * Adds a mask if it can be decoded and is of the clip's size, else a sentence to the report. Several masks of one object on one frame are its parts.
   *
   * @param at the frame's place in the clip's frames
   * @param place where the mask stands, for the report
   */
  add(at: number, objectId: number, place: string, listed: ListedMask): void {
    try {
      const { width, height } = listed.decode();
      if (width !== this.#size.width || height !== this.#size.height) {
        throw new FormatError(
          `The mask is ${width}×${height}, but the clip is ${this.#size.width}×${this.#size.height}.`,
        );
      }
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      this.#report.add(`${place}: ${thrown.message} It was left out.`);
      return;
    }
    const frame = (this.#frames[at] ??= new Map<number, ListedMask[]>());
    const parts = frame.get(objectId);
    if (parts) parts.push(listed);
    else frame.set(objectId, [listed]);
  }

  /** The objects that have a mask anywhere. */
  get objectIds(): Set<number> {
    return new Set(this.#frames.flatMap((frame) => [...frame.keys()]));
  }

  /** The stream of a clip with so many frames. */
  async *frameMasks(frameCount: number, signal?: AbortSignal): AsyncGenerator<FrameMasks, void, undefined> {
    for (let at = 0; at < frameCount; at++) {
      throwIfAborted(signal);
      const masks = new Map<number, ObjectMask>();
      for (const [objectId, parts] of this.#frames[at] ?? []) {
        const mask = unionRle(parts.map(({ decode }) => decode()));
        if (rleArea(mask) === 0) continue;
        const score = parts[0]?.score;
        masks.set(objectId, { mask, ...(score !== undefined && { score }) });
      }
      yield { at, masks };
    }
  }
}
