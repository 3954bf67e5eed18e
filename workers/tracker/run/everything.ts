import type { Size, VideoPoint } from '../../../src/core/geometry.ts';
import type { EverythingEvent, Proposal } from '../../../src/core/protocol/segmenter.ts';
import { rleArea, rleIou } from '../../../src/core/rle.ts';
import { throwIfAborted } from '../../../src/core/errors.ts';
import type { MaskCandidate } from '../videoModel.ts';

/** How all things on a frame are looked for; after SAM's automatic mask generator. */
export interface EverythingOptions {
  /** Points along each side of the grid that is clicked; a power of two. */
  readonly side: number;
  /** Masks below this predicted IoU are left out. */
  readonly minPredictedIou: number;
  /** Masks below this stability are left out. */
  readonly minStability: number;
  /** Of two masks with a larger IoU than this, the better one stays. */
  readonly maxIou: number;
  /** Masks over more of the frame than this are its ground, not a thing. */
  readonly maxShare: number;
  /** Smaller masks are specks, in pixels of the frame. */
  readonly minArea: number;
}

export const EVERYTHING: EverythingOptions = {
  side: 16,
  minPredictedIou: 0.8,
  minStability: 0.9,
  maxIou: 0.7,
  maxShare: 0.9,
  minArea: 64,
};

/** How far the threshold of a mask's logits is moved to see whether the mask depends on it; of SAM's generator. */
const STABILITY_OFFSET = 1;

/**
 * Proposes masks for all things on a frame: clicks on a grid of points and keeps what is sure, stable and new. Points that lie
 * apart come first, so that large things show early; each event has what changed since the one before.
 *
 * @param candidatesAt the masks that a click on a point of the frame may mean
 */
export async function* findEverything(
  candidatesAt: (point: VideoPoint) => Promise<MaskCandidate[]>,
  video: Size,
  signal: AbortSignal,
  options: EverythingOptions = EVERYTHING,
): AsyncGenerator<EverythingEvent, void, undefined> {
  const points = gridPoints(video, options.side);
  const pool = new ProposalPool(options.maxIou);
  let donePoints = 0;
  for (const point of points) {
    throwIfAborted(signal);
    const candidates = await candidatesAt(point);
    const change = candidates.flatMap((candidate) => {
      const proposal = toProposal(candidate, video, options);
      return proposal ? [pool.offer(proposal)] : [];
    });
    donePoints++;
    yield {
      donePoints,
      totalPoints: points.length,
      added: change.flatMap(({ added }) => added).filter(({ id }) => pool.has(id)),
      removed: change.flatMap(({ removed }) => removed),
    };
  }
}

function toProposal(
  { logits, predictedIou, mask }: MaskCandidate,
  video: Size,
  options: EverythingOptions,
): Omit<Proposal, 'id'> | undefined {
  if (predictedIou < options.minPredictedIou) return undefined;
  if (stability(logits) < options.minStability) return undefined;
  const drawn = mask();
  const area = rleArea(drawn);
  if (area < options.minArea || area > options.maxShare * video.width * video.height) return undefined;
  return { mask: drawn, area, score: predictedIou };
}

/** IoU of the masks that a higher and a lower threshold of the logits would give; 0 if the higher one's is empty. */
export function stability(logits: Float32Array): number {
  let inner = 0;
  let outer = 0;
  for (const logit of logits) {
    if (logit > STABILITY_OFFSET) inner++;
    if (logit > -STABILITY_OFFSET) outer++;
  }
  return inner === 0 ? 0 : inner / outer;
}

/** The middles of `side`×`side` equal parts of the frame, those of a coarse grid first, then those between them. */
export function gridPoints({ width, height }: Size, side: number): VideoPoint[] {
  const indices = Array.from({ length: side }, (_, i) => i);
  const level = (index: number) =>
    Math.log2(((index + side / 2) % side) & -((index + side / 2) % side) || side);
  return indices
    .flatMap((row) => indices.map((column) => ({ row, column, level: Math.min(level(row), level(column)) })))
    .sort((a, b) => b.level - a.level)
    .map(({ row, column }) => ({ x: ((column + 0.5) / side) * width, y: ((row + 0.5) / side) * height }));
}

/** Proposals of which no two cover the same thing. */
export class ProposalPool {
  readonly #maxIou: number;
  readonly #kept = new Map<number, Proposal>();
  #lastId = 0;

  constructor(maxIou: number) {
    this.#maxIou = maxIou;
  }

  has(id: number): boolean {
    return this.#kept.has(id);
  }

  /** Takes a proposal in if it is new or better than those that it overlaps, which then go. */
  offer(proposal: Omit<Proposal, 'id'>): { added: Proposal[]; removed: number[] } {
    const overlapping = [...this.#kept.values()].filter((kept) => this.#isSame(kept, proposal));
    if (overlapping.some(({ score }) => score >= proposal.score)) return { added: [], removed: [] };
    for (const { id } of overlapping) this.#kept.delete(id);
    const added = { ...proposal, id: ++this.#lastId };
    this.#kept.set(added.id, added);
    return { added: [added], removed: overlapping.map(({ id }) => id) };
  }

  #isSame(a: Omit<Proposal, 'id'>, b: Omit<Proposal, 'id'>): boolean {
    // The IoU is at most the quotient of the areas.
    if (Math.min(a.area, b.area) <= this.#maxIou * Math.max(a.area, b.area)) return false;
    return rleIou(a.mask, b.mask) > this.#maxIou;
  }
}
