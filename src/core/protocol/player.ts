import type { Census } from '../census.ts';
import type { ClipInfo } from '../clip.ts';

/** Decodes frames for the eye, apart from the model, so that playing goes on while it computes. */
export interface PlayerApi {
  open(file: Blob): Promise<ClipInfo>;
  /** A frame as displayed. The bitmap is transferred: the receiver closes it. */
  frame(index: number): Promise<ImageBitmap>;
  census(): Promise<Census>;
}
