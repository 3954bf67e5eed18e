import type { EdgeSettings } from '../edges/edgeSettings.ts';
import type { Look } from '../looks.ts';
import type { Stream } from '../stream.ts';
import type { MaskBatch } from '../maskedClip.ts';

/** A video that shows masks: each frame of the clip in one look. */
export interface VideoRequest {
  /** The clip's own file: its frames are decoded again, and its sound is copied. */
  readonly file: Blob;
  readonly look: Look;
  /** Of the overlay's fill, 0 to 1. */
  readonly opacity: number;
  /** Behind the objects in the look `color`: `#rrggbb`. */
  readonly background: string;
  /** The first and the last frame, both included. */
  readonly first: number;
  readonly last: number;
  /** The objects' colours as `#rrggbb`, by their numbers in the masks. */
  readonly colors: ReadonlyMap<number, string>;
  /** Edges that are not to be as the masks have them, by the objects' numbers. */
  readonly edges: ReadonlyMap<number, EdgeSettings>;
  /** The masks of all these frames in order, each frame's in drawing order. */
  readonly masks: Stream<MaskBatch>;
}

/** What comes of a video that is being written: bytes of the file at their place in it, and how many frames are done. */
export type VideoEvent =
  | { readonly type: 'bytes'; readonly position: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'frames'; readonly done: number }
  | { readonly type: 'note'; readonly sentence: string };

/** How a video can be written here. */
export interface VideoKind {
  /** Of the file's name, with its dot. */
  readonly ending: '.mp4' | '.webm';
  readonly mimeType: string;
  /** For a person: `H.264`. */
  readonly codec: string;
}
