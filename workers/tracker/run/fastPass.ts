import { throwIfAborted } from '../../../src/core/errors.ts';
import { contentOf, type Frame, type RgbaImage } from '../../../src/core/frames.ts';
import type { VideoBox } from '../../../src/core/geometry.ts';
import type { TrackedObject } from '../../../src/core/protocol/segmenter.ts';
import {
  decodeRle,
  encodeRle,
  rleArea,
  rleBounds,
  sharedPart,
  subtractRle,
  type MaskRle,
} from '../../../src/core/rle.ts';
import { greyPyramid, type GreyPyramid } from '../flow/greyPyramid.ts';
import { fillMask, warpBetween } from '../flow/warp.ts';

/** Optical flow is computed on frames of at most this many pixels on the longest side. */
const LONGEST = 427;
/** How far beyond the masks of the anchor frames it is computed, as a share of the frame’s longest side. */
const MARGIN = 0.06;
/** Frames from one anchor frame to the next: at most, and at the start of a pass. */
const GAP = { most: 5, first: 2 };
/** So many anchor frames follow each other before a gap is tried again. */
const PATIENCE = 4;
/**
 * IoU of the masks that two anchor frames give on a frame between: below `fill` it is left to the model; from `wider` on the next gap
 * is wider by a frame, and below `narrower` it is half as wide.
 */
const AGREEMENT = { fill: 0.5, narrower: 0.65, wider: 0.78 };

/** A frame of a fast pass, and its masks. */
export interface FastFrame {
  readonly index: number;
  readonly objects: readonly TrackedObject[];
}

/** What a pass needs to go on behind an anchor frame, beside that frame. */
export interface FastState {
  /** The anchor frame’s masks. */
  readonly objects: readonly TrackedObject[];
  readonly gap: number;
  readonly waited: number;
}

/** A frame of a fast pass, and the state behind it where it is an anchor frame. */
export interface DoneFastFrame extends FastFrame {
  readonly state?: FastState;
}

interface SeenAnchor extends FastFrame {
  readonly grey: GreyPyramid;
  /** By object: 0 and 1, row-major. */
  readonly rasters: ReadonlyMap<number, Uint8Array>;
}

interface BetweenFrame {
  readonly index: number;
  /** A copy: a decoder has few frames to hold. */
  readonly image: RgbaImage;
}

/** How a fast pass has the model do a frame. */
export interface FastWork {
  /** Whether the frame is to be the model’s, whatever it shows. */
  isAnchor(index: number): boolean;
  /** Has the model follow the objects to a frame. */
  follow(
    frame: Frame,
    how: {
      /** Whether later frames are told of it. */
      readonly isRemembered: boolean;
      /** Frames from the anchor frame before. */
      readonly apart: number;
    },
  ): Promise<{ readonly objects: TrackedObject[] }>;
}

/**
 * Goes through the frames of a pass, but gives only some of them to the model, the anchor frames. The masks of those between are
 * filled in by optical flow from the anchor frames on either side, and left to the model after all where the two disagree. Where they
 * agree well, the next anchor frame is farther away. Closes the frames.
 *
 * @param after the anchor frame behind which an earlier pass stopped, and its state
 */
export async function* fastPass(
  frames: AsyncIterable<Frame>,
  work: FastWork,
  signal: AbortSignal,
  after?: { readonly frame: Frame; readonly state: FastState },
): AsyncGenerator<DoneFastFrame, void, undefined> {
  const gap = new Gap(after?.state);
  let anchor: SeenAnchor | undefined;
  let between: BetweenFrame[] = [];
  if (after) {
    anchor = anchorOf(await after.frame.pixels(), after.frame.index, after.state.objects);
    after.frame.close();
  }
  for await (const frame of frames) {
    try {
      const { index } = frame;
      const image = await frame.pixels();
      const apart = between.length + 1;
      if (anchor && apart < gap.frames && !work.isAnchor(index) && anchor.objects.every(isThere)) {
        between.push({ index, image });
        continue;
      }
      const { objects } = await work.follow(frame, { isRemembered: true, apart });
      const next = anchorOf(image, index, objects);
      if (anchor) gap.adapt(yield* fillBetween(anchor, between, next, work, signal));
      between = [];
      anchor = next;
      yield { index, objects, state: { objects, ...gap.state } };
    } finally {
      frame.close();
    }
  }
}

/** Does the frames between two anchor frames. @returns the least agreement on them; nothing where there are none */
async function* fillBetween(
  before: SeenAnchor,
  between: readonly BetweenFrame[],
  after: SeenAnchor,
  work: FastWork,
  signal: AbortSignal,
): AsyncGenerator<DoneFastFrame, number | undefined, undefined> {
  let least: number | undefined;
  for (const { index, image } of between) {
    const filled = fillFrame(before, { index, image }, after);
    const agreement = filled?.agreement ?? 0;
    least = Math.min(least ?? 1, agreement);
    if (filled && agreement >= AGREEMENT.fill) yield { index, objects: filled.objects };
    else {
      const frame = { index, ...contentOf(image), close: () => undefined };
      const apart = Math.abs(index - before.index);
      yield { index, ...(await work.follow(frame, { isRemembered: false, apart })) };
    }
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
  }
  return least;
}

/** How far the next anchor frame is from the last one. */
class Gap {
  frames: number;
  #waited: number;

  constructor({ gap, waited }: Pick<FastState, 'gap' | 'waited'> = { gap: GAP.first, waited: 0 }) {
    this.frames = gap;
    this.#waited = waited;
  }

  get state(): Pick<FastState, 'gap' | 'waited'> {
    return { gap: this.frames, waited: this.#waited };
  }

  /** @param agreement the least on the frames between, if there were any */
  adapt(agreement: number | undefined): void {
    if (agreement === undefined) {
      if (this.frames > 1 || ++this.#waited < PATIENCE) return;
      this.frames = 2;
    } else if (agreement < AGREEMENT.fill) this.frames = 1;
    else if (agreement < AGREEMENT.narrower) this.frames = Math.max(1, this.frames >> 1);
    else if (agreement >= AGREEMENT.wider) this.frames = Math.min(GAP.most, this.frames + 1);
    this.#waited = 0;
  }
}

function isThere({ mask, status }: TrackedObject): boolean {
  return status !== 'absent' && rleArea(mask) > 0;
}

function anchorOf(image: RgbaImage, index: number, objects: readonly TrackedObject[]): SeenAnchor {
  const rasters = new Map(objects.map(({ objectId, mask }) => [objectId, decodeRle(mask)]));
  return { index, objects, grey: greyPyramid(image, LONGEST), rasters };
}

/** The part of the frame that masks of anchor frames may have moved through, in pixels of the video. */
function around(masks: readonly MaskRle[]): VideoBox {
  const [first] = masks;
  const { width = 0, height = 0 } = first ?? {};
  const boxes = masks.flatMap((mask) => rleBounds(mask) ?? []);
  const margin = Math.ceil(MARGIN * Math.max(width, height));
  return {
    x0: Math.max(0, Math.min(...boxes.map(({ x0 }) => x0)) - margin),
    y0: Math.max(0, Math.min(...boxes.map(({ y0 }) => y0)) - margin),
    x1: Math.min(width, Math.max(...boxes.map(({ x1 }) => x1)) + margin),
    y1: Math.min(height, Math.max(...boxes.map(({ y1 }) => y1)) + margin),
  };
}

interface FilledFrame {
  readonly objects: TrackedObject[];
  /** The least of all objects’. */
  readonly agreement: number;
}

/** The masks of a frame between two anchor frames; nothing where an object is not on both. */
function fillFrame(
  before: SeenAnchor,
  { index, image }: BetweenFrame,
  after: SeenAnchor,
): FilledFrame | undefined {
  const [video] = before.objects.map(({ mask }) => mask);
  if (!video || !after.objects.every(isThere)) return undefined;
  const where = around([...before.objects, ...after.objects].map(({ mask }) => mask));
  const grey = greyPyramid(image, LONGEST);
  const toBefore = warpBetween(grey, before.grey, where, video);
  const toAfter = warpBetween(grey, after.grey, where, video);
  const filled: TrackedObject[] = [];
  let least = 1;
  for (const { objectId, mask, score } of before.objects) {
    const next = after.objects.find((other) => other.objectId === objectId);
    const [one, other] = [before.rasters.get(objectId), after.rasters.get(objectId)];
    if (!next || !one || !other) return undefined;
    const { raster, agreement } = fillMask(video, where, [
      { raster: one, warp: toBefore, distance: Math.abs(index - before.index) },
      { raster: other, warp: toAfter, distance: Math.abs(index - after.index) },
    ]);
    least = Math.min(least, agreement);
    // Masks that share no pixels on the anchor frame are kept apart.
    const apart = filled.filter((_, i) => sharedPart(before.objects[i]?.mask ?? mask, mask) === 0);
    filled.push({
      objectId,
      mask: subtractRle(
        encodeRle(raster, video),
        apart.map((each) => each.mask),
      ),
      score: Math.min(score, next.score) * agreement,
      status: 'interpolated',
    });
  }
  return { objects: filled, agreement: least };
}
