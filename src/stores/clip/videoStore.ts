import { createStore } from 'zustand/vanilla';
import type { ClipInfo } from '../../core/clip.ts';

/** A file that is open in the player. */
export interface Clip {
  readonly name: string;
  /** Nothing where a project's video is not at hand: its masks are there all the same. */
  readonly file: Blob | undefined;
  /** Where the file is, if the browser told. */
  readonly handle?: FileSystemFileHandle;
  readonly info: ClipInfo;
}

export interface VideoState {
  readonly phase: 'empty' | 'opening' | 'ready';
  /** What is open; while another file is opening, still the one before. */
  readonly clip: Clip | undefined;
  /** The name of the file that is opening. */
  readonly opening: string | undefined;
  /** Whether the model's worker has the clip too. It opens it after the player, often behind the model's load. */
  readonly modelClip: 'none' | 'opening' | 'ready';
  /** First frames of new shots in the clip, in rising order, as far as they have been looked for. */
  readonly shots: readonly number[];
  /** Small pictures of frames throughout the clip, as far as they are there, in the order in which they came. */
  readonly thumbnails: readonly Thumbnail[];
  /** How many frames have been looked through for shots. */
  readonly scannedFrames: number;
}

export interface Thumbnail {
  readonly frame: number;
  readonly bitmap: ImageBitmap;
}

export const videoStore = createStore<VideoState>(() => ({
  phase: 'empty',
  clip: undefined,
  opening: undefined,
  modelClip: 'none',
  shots: [],
  thumbnails: [],
  scannedFrames: 0,
}));

/** True if the clip can be tracked: a video of more than one frame. */
export function hasTimeline(clip: Clip | undefined): clip is Clip {
  return clip !== undefined && clip.info.frameCount > 1;
}
