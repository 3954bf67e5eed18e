import type { Stream } from '../stream.ts';

/** Looks through a whole clip once, in the background. */
export interface ScannerApi {
  /** The last event comes with the last frame. @param thumbnails how many, evenly through the clip */
  scan(file: Blob, thumbnails: number, stream: Stream<ScanEvent>): Promise<void>;
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
