import type { VideoBox, VideoPoint } from './geometry.ts';
import { provenance, type ModelVersion, type Provenance } from './provenance.ts';
import type { MaskRle } from './rle.ts';

/** 1 adds to the object, 0 takes away. */
export type PointLabel = 0 | 1;

export interface PointPrompt extends VideoPoint {
  readonly label: PointLabel;
}

/** A mask of an object on another frame. */
export interface MaskAround {
  readonly frame: number;
  readonly mask: MaskRle;
  /** Whether a person prompted it, or tracking found it. */
  readonly isPrompted: boolean;
}

/** What a person said about one object on one frame. Points are in the order in which they were placed. */
export interface FramePrompts {
  readonly points: readonly PointPrompt[];
  readonly box?: VideoBox;
  /** The object's mask on this frame, drawn by hand or read from a file. Points and a box correct it. */
  readonly mask?: MaskRle;
  /** Whether that mask was painted here, with the brush. */
  readonly isPainted?: boolean;
  /** Where that mask comes from, where it was not painted and that is known. */
  readonly maskProvenance?: Provenance;
  /**
   * Which reading of a single click is meant (a shirt, a person): 0 to 2 by falling predicted IoU, 0, the default, being the
   * most likely one; 3 is something wider than that one, of which it is a part, and 4 wider still. From a decoder that gives
   * one mask, 1 is something narrower and 2 narrower still. Further clicks correct the mask that was chosen.
   */
  readonly reading?: number;
  /**
   * The mask that tracking had put on this frame before the first prompt on it: what the points correct. With it a single
   * click that takes away makes sense. A box replaces it.
   */
  readonly prior?: MaskRle;
  /** Where the prior comes from, where that is known. */
  readonly priorProvenance?: Provenance;
  /**
   * The object's masks on other frames when `prior` was kept, those that a correction is remembered by: a model with a memory
   * decodes the points on features that these masks condition. They stay, so that the mask depends on these prompts alone.
   */
  readonly around?: readonly MaskAround[];
}

export const NO_PROMPTS: FramePrompts = { points: [] };

/** Whether prompts say anything; a prior alone says nothing. */
export function hasPrompts(prompts: FramePrompts | undefined): prompts is FramePrompts {
  return (
    prompts !== undefined &&
    (prompts.points.length > 0 || prompts.box !== undefined || prompts.mask !== undefined)
  );
}

/** The mask, where nothing but a mask is said: it is the object's mask as it is, without a model. */
export function givenMask({ points, box, mask }: FramePrompts): MaskRle | undefined {
  return points.length === 0 && box === undefined ? mask : undefined;
}

/** Where a mask comes from that these prompts say. @param model that decodes them */
export function promptedProvenance(prompts: FramePrompts, model: ModelVersion | undefined): Provenance {
  const { points, isPainted, maskProvenance } = prompts;
  if (givenMask(prompts)) return maskProvenance ?? provenance(isPainted ? 'brush' : 'mask');
  return provenance(points.length > 0 ? 'click' : 'box', model);
}

/** How many readings of a single click there are to choose from. */
export const READINGS = 5;

/** The first reading that is wider than the most likely one. */
export const FIRST_WIDER_READING = 3;
