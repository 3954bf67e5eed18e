import type { Stream } from '../stream.ts';

/** Looks through a whole clip once, in the background, and makes small pictures of its frames. */
export interface ScannerApi {
  open(file: Blob): Promise<void>;
  /**
   * Gives pictures of key frames first, then of the frames evenly through the clip, as it looks through it from the start. The last
   * event comes with the last frame. @param thumbnails how many, evenly through the clip
   */
  scan(thumbnails: number, stream: Stream<ScanEvent>): Promise<void>;
  /** A small picture of a frame. The bitmap is transferred: the receiver closes it. */
  thumbnail(frame: number): Promise<ImageBitmap>;
}

/** What was found since the event before. */
export interface ScanEvent {
  /** Frames looked at since the start. */
  readonly scannedFrames: number;
  /** First frames of new shots, in rising order. */
  readonly shots: readonly number[];
  /** Transferred: the receiver closes the bitmaps. */
  readonly pictures: readonly { readonly frame: number; readonly bitmap: ImageBitmap }[];
}
