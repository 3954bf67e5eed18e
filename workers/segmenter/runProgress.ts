import { MOST_BEHIND } from '../../src/core/limits.ts';
import { hasPrompts } from '../../src/core/prompts.ts';
import type {
  ObjectToTrack,
  TrackEvent,
  TrackRequest,
  TrackSpan,
} from '../../src/core/protocol/segmenter.ts';
import { rleArea, type MaskRle } from '../../src/core/rle.ts';
import { planPasses, wholeClip, type Pass } from '../tracker/run/passes.ts';

interface PlannedObject extends ObjectToTrack {
  readonly spans: readonly TrackSpan[];
}

/** How far a run has come, with those of its masks that its rest is reminded of: six an object. */
export class RunProgress {
  readonly #settings: TrackRequest['settings'];
  readonly #objects: readonly PlannedObject[];
  readonly #passes: readonly Pass[];
  /** The objects' last masks on the current pass that show something, by object and frame, in the order of the run. */
  readonly #masks = new Map<number, Map<number, MaskRle>>();
  #framesDone = 0;
  /** Of the current pass: its index, the frames that it has left, and the last one that it did. */
  #pass = -1;
  #framesLeft = 0;
  #lastFrame = 0;

  constructor({ objects, settings }: TrackRequest, frameCount: number) {
    this.#settings = settings;
    this.#objects = objects
      .filter(({ prompts }) => [...prompts.values()].some(hasPrompts))
      .map((object) => ({ ...object, spans: object.spans ?? spansOf(object, frameCount) }));
    this.#passes = planPasses(this.#objects.flatMap(({ spans }) => spans));
  }

  get framesDone(): number {
    return this.#framesDone;
  }

  /** Masks that are kept, of all objects. */
  get masksKept(): number {
    return [...this.#masks.values()].reduce((sum, masks) => sum + masks.size, 0);
  }

  /** Takes the run's next event. */
  add({ frame, objects }: TrackEvent): void {
    if (this.#framesLeft === 0) {
      const pass = this.#passes[++this.#pass];
      this.#framesLeft = pass ? Math.abs(pass.to - pass.from) + 1 : Infinity;
      this.#masks.clear();
    }
    this.#framesLeft--;
    this.#framesDone++;
    this.#lastFrame = frame;
    for (const { objectId, mask } of objects) if (rleArea(mask) > 0) this.#keep(objectId, frame, mask);
  }

  /**
   * What is left to do. Spans that were begun start behind the last frame that is done, and are reminded of the masks there, as a
   * later run of the page's would be.
   */
  rest(): TrackRequest {
    const objects = this.#objects.map((object) => ({
      ...object,
      spans: object.spans.flatMap((span) => this.#restOf(object, span)),
    }));
    return { objects: objects.filter(({ spans }) => spans.length > 0), settings: this.#settings };
  }

  #keep(objectId: number, frame: number, mask: MaskRle): void {
    const masks = this.#masks.get(objectId) ?? new Map<number, MaskRle>();
    this.#masks.set(objectId, masks.set(frame, mask));
    const [oldest] = masks.keys();
    if (masks.size > MOST_BEHIND && oldest !== undefined) masks.delete(oldest);
  }

  #restOf(object: ObjectToTrack, span: TrackSpan): TrackSpan[] {
    const { direction } = span;
    const step = direction === 'forward' ? 1 : -1;
    const pass = this.#passes.findIndex(
      ({ direction: its, from, to }) =>
        its === direction && step * (span.first - from) >= 0 && step * (to - span.last) >= 0,
    );
    if (pass > this.#pass || (pass === this.#pass && step * (this.#lastFrame - span.first) < 0))
      return [span];
    if (pass < this.#pass || step * (this.#lastFrame - span.last) >= 0) return [];
    return [{ ...span, first: this.#lastFrame + step, behind: this.#behind(object, span, step) }];
  }

  /** The object's tracked masks behind the frame after the last one, the nearest first. */
  #behind({ objectId, prompts }: ObjectToTrack, span: TrackSpan, step: number): TrackSpan['behind'] {
    const seen = this.#masks.get(objectId);
    const masks: { frame: number; mask: MaskRle }[] = [];
    for (let frame = this.#lastFrame; step * (frame - span.first) >= 0; frame -= step) {
      const mask = seen?.get(frame);
      if (mask && !prompts.has(frame)) masks.push({ frame, mask });
    }
    return [...masks, ...span.behind].slice(0, MOST_BEHIND);
  }
}

function spansOf({ prompts }: ObjectToTrack, frameCount: number): TrackSpan[] {
  const prompted = [...prompts].filter(([, given]) => hasPrompts(given)).map(([frame]) => frame);
  return wholeClip(Math.min(...prompted), frameCount);
}
