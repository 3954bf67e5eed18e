import type { Provenance } from './provenance.ts';
import type { MaskRle } from './rle.ts';

/**
 * `prompted`: decoded from prompts on this very frame. `tracked`: followed from prompts elsewhere, and true to the
 * prompts as they are now. `stale`: tracked before the prompts changed; still shown. `absent`: tracked, and the object
 * was not found; the mask is empty. `interpolated`: filled in by a fast run from the masks of frames before and after it.
 * `detailed`: tracked, and then decoded once more on the part of the frame round it.
 */
export type FrameStatus = 'prompted' | 'tracked' | 'stale' | 'absent' | 'interpolated' | 'detailed';

/** The mask of an object on a frame, in the document. */
export interface FrameMask {
  readonly mask: MaskRle;
  readonly status: FrameStatus;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** The prompted frame that tracking set out from to come here; none for a prompted mask. */
  readonly origin?: number;
  /** How the mask came about and which model made it; masks of older projects do not say. */
  readonly provenance?: Provenance;
  /** IoU with the mask that another run made from the same prompts, if there was one. */
  readonly agreement?: number;
}

/** How many frames have which status. */
export type StatusCounts = Readonly<Record<FrameStatus, number>>;
