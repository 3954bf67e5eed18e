import type { Size } from '../geometry.ts';
import type { Look } from '../looks.ts';
import type { ClipOutline, FrameMasks, MaskBatch } from '../maskedClip.ts';
import type { Stream } from '../stream.ts';
import type { VideoEvent, VideoKind, VideoRequest } from './video.ts';

/** Writes masks to files, and reads them. */
export interface ExporterApi {
  /** Writes masks in a format, and tells of it as it goes. */
  write(request: ExportRequest, events: Stream<ExportEvent>): Promise<void>;
  /** What an export would write: made of a few frames. */
  preview(request: PreviewRequest): Promise<ExportPreview>;
  /** Looks through files of masks. */
  examine(files: MaskFiles): Promise<FoundMasks>;
  /** The masks of files that were looked through, once. */
  read(files: MaskFiles, batches: Stream<MaskBatch>): Promise<void>;
  /** How a video of frames of this size can be written in a look; nothing if this browser encodes none. */
  videoKind(look: Look, size: Size): Promise<VideoKind | undefined>;
  /** A video file, made as it is read. */
  video(request: VideoRequest, stream: Stream<VideoEvent>): Promise<void>;
  /** Ends the video that is being written after its present frame; the file is whole. */
  endVideo(): Promise<void>;
}

/** What is written, but for the masks. */
export interface ExportTask {
  /** One of the formats of `src/formats/formats.ts`. */
  readonly format: string;
  readonly options: ExportOptions;
  readonly clip: ClipOutline;
  /** The clip's file, for formats that show the frames. */
  readonly video: Blob | undefined;
}

export interface ExportOptions {
  readonly binary?: boolean;
  readonly polygons?: boolean;
  readonly together?: boolean;
}

export interface ExportRequest extends ExportTask {
  /** A ZIP of all files, the only file of the format, or the files themselves, one after the other. */
  readonly container: 'zip' | 'file' | 'folder';
  /** The masks of all frames in order, again and again: a format may walk through a clip more than once. */
  readonly masks: Stream<MaskBatch>;
}

export type ExportEvent =
  /** The bytes that follow are of this file; only where the files themselves are written. */
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Frames that were written, of all that are to be; each counts as often as a format walks through it. */
  | { readonly type: 'frames'; readonly done: number; readonly total: number }
  /** What the format could not hold, a sentence each. */
  | { readonly type: 'notes'; readonly sentences: readonly string[] };

export interface PreviewRequest extends ExportTask {
  /** Masks of some of the clip's frames, in order; `at` is their place in the clip's `frames`. */
  readonly sample: readonly FrameMasks[];
}

export interface ExportPreview {
  /** The paths of the first files. */
  readonly paths: readonly string[];
  /** Of all files together, roughly. */
  readonly bytes: number;
}

/** Files of masks that a person gave: those of a folder, some, or one, which may be a ZIP. */
export interface MaskFiles {
  readonly files: readonly { readonly path: string; readonly file: Blob }[];
  /** Which clip is meant, where they hold several. */
  readonly clip?: string;
  /** Of the frames, for formats that do not say it. */
  readonly size: Size;
}

/** What is in files of masks. */
export interface FoundMasks {
  /** One of the formats of `src/formats/formats.ts`. */
  readonly format: string;
  readonly clip: ClipOutline;
  /** What cannot be read and is left out, a sentence each; of many, the first. */
  readonly left: { readonly count: number; readonly sentences: readonly string[] };
}
