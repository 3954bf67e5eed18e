import type { FrameRanges } from '../frameRanges.ts';
import type { Size } from '../geometry.ts';
import type { Look } from '../looks.ts';
import type { MaskRle } from '../rle.ts';
import type { Stream } from '../stream.ts';
import type { VideoEvent, VideoKind, VideoRequest } from './video.ts';

/** Writes masks to files. */
export interface ExporterApi {
  /** The bytes of a ZIP of PNG masks, made as they are read. */
  maskZip(request: MaskZipRequest, stream: Stream<Uint8Array>): Promise<void>;
  /** How a video of frames of this size can be written in a look; nothing if this browser encodes none. */
  videoKind(look: Look, size: Size): Promise<VideoKind | undefined>;
  /** A video file, made as it is read. */
  video(request: VideoRequest, stream: Stream<VideoEvent>): Promise<void>;
  /** Ends the video that is being written after its present frame; the file is whole. */
  endVideo(): Promise<void>;
}

export interface MaskZipRequest {
  readonly width: number;
  readonly height: number;
  /** Of the whole clip. */
  readonly frameCount: number;
  /** The frames that are written, in rising order; their files keep the numbers that they have in the clip. */
  readonly frames: readonly number[];
  /** In drawing order: where masks overlap, a later object's pixels win. */
  readonly objects: readonly ExportObject[];
  /** Adds a folder for each object with a black and white PNG for each of the frames. */
  readonly binary: boolean;
}

export interface ExportObject {
  /** The pixel value in the ID maps, 1 to 255. */
  readonly objectId: number;
  readonly name: string;
  readonly masks: ReadonlyMap<number, MaskRle>;
  /** Frames whose mask a person has found right. */
  readonly reviewed?: FrameRanges;
}
