import type { Census } from '../census.ts';
import type { ClipInfo } from '../clip.ts';
import type { EdgeSettings } from '../edges/edgeSettings.ts';
import type { Neighbours } from '../edges/steady.ts';
import type { MaskRle } from '../rle.ts';

/** Decodes frames for the eye, apart from the model, so that playing goes on while it computes. */
export interface PlayerApi {
  open(file: Blob): Promise<ClipInfo>;
  /** A frame as displayed. The bitmap is transferred: the receiver closes it. */
  frame(index: number): Promise<ImageBitmap>;
  /**
   * Masks of a frame with their edges, in drawing order.
   *
   * @param wantsCutOut whether the objects alone are wanted, where an edge is soft
   */
  edges(index: number, masks: readonly EdgedMask[], wantsCutOut: boolean): Promise<MadeEdges>;
  census(): Promise<Census>;
}

/** A mask of the frame's size, and the edge that it is to have. */
export interface EdgedMask {
  readonly mask: MaskRle;
  readonly edge: EdgeSettings;
  /** The object's masks on the frames beside, for an edge that is steadied. */
  readonly neighbours?: Neighbours;
}

/** What came of masks and their edges. */
export interface MadeEdges {
  /** The shape of each. */
  readonly masks: readonly MaskRle[];
  /** What `cutOut` makes of the frame with all of them; nothing where no edge is soft, or it was not wanted. */
  readonly cutOut: Uint8ClampedArray<ArrayBuffer> | undefined;
}
