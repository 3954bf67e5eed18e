import type { Census } from '../census.ts';
import type { ClipInfo } from '../clip.ts';
import type { FramePrompts } from '../prompts.ts';
import type { ModelVersion } from '../provenance.ts';
import type { MaskRle } from '../rle.ts';
import type { Stream } from '../stream.ts';
import type { ModelAddress, ModelInfo, WeightProgress } from './model.ts';
import type { ModelCheckEvent } from './modelCheck.ts';

/** Runs the model: prompts to masks, masks through the clip. */
export interface SegmenterApi {
  /**
   * Loads a model in place of the one before, and makes it ready; downloads what is not kept of it. The
   * last event is `ready`. If it fails, the model before stays.
   */
  load(model: ModelAddress, stream: Stream<LoadEvent>): Promise<void>;
  /** Tells of the model, as long as the worker lives, to one listener. */
  watchModel(stream: Stream<ModelEvent>): Promise<void>;
  /** Opens a clip in place of the one before. */
  open(file: Blob): Promise<ClipInfo>;
  /** Computes a frame's features ahead of the first prompt. Skipped where other work waits. */
  prepare(frame: number): Promise<void>;
  /** The mask of one object on one frame from its prompts alone. */
  segment(request: SegmentRequest): Promise<Segmentation>;
  /** Proposes masks for all things on a frame, from coarse to fine. */
  everything(frame: number, stream: Stream<EverythingEvent>): Promise<void>;
  /**
   * What a thing looks like, from masks that show it; the first frame's look counts as its surroundings.
   *
   * @throws MaskletError `not-ready` where the model cannot compare looks
   */
  appearance(examples: readonly Example[]): Promise<Appearance>;
  /** Proposes masks of things that look like one, frame by frame. @throws MaskletError `not-ready` where the model cannot compare looks */
  alike(request: AlikeRequest, stream: Stream<AlikeEvent>): Promise<void>;
  /** Decodes tracked masks of one object once more, each on the part of its frame round it. They are in the order of their frames. */
  detail(masks: readonly MaskToDetail[], stream: Stream<DetailEvent>): Promise<void>;
  /** Follows objects through the clip. A later run ends this one with `superseded`. */
  track(request: TrackRequest, stream: Stream<TrackEvent>): Promise<void>;
  /** Checks the model that is loaded on a painted clip, also where no clip is open. The last event says what was found. */
  checkModel(stream: Stream<ModelCheckEvent>): Promise<void>;
  census(): Promise<Census>;
}

export type LoadEvent =
  | ({ readonly type: 'progress' } & WeightProgress)
  | { readonly type: 'compiling' }
  | { readonly type: 'ready'; readonly model: ModelInfo };

/**
 * What becomes of the model without being asked, when the GPU has failed. It is started again, and the work that failed is done
 * once more, on the CPU where there is no other way; or it is gone.
 */
export type ModelEvent =
  | { readonly type: 'restarting' }
  | { readonly type: 'restarted'; readonly model: ModelInfo; readonly message: string }
  | { readonly type: 'failed'; readonly message: string };

export interface SegmentRequest {
  readonly frame: number;
  readonly prompts: FramePrompts;
}

export interface Segmentation {
  /** In the clip's pixels. */
  readonly mask: MaskRle;
  /** Predicted IoU, 0 to 1. */
  readonly score: number;
  /** The model that made it, where that is known. */
  readonly model?: ModelVersion;
}

/** A mask that may be of a thing, found without a prompt. */
export interface Proposal {
  readonly id: number;
  /** In the clip's pixels. */
  readonly mask: MaskRle;
  /** Pixels of the mask. */
  readonly area: number;
  /** Predicted IoU, 0 to 1. */
  readonly score: number;
  /** The model that made it, where that is known. */
  readonly model?: ModelVersion;
}

/** What looking for everything on a frame has changed since the event before. */
export interface EverythingEvent {
  /** Points of the grid that are done, and all. */
  readonly donePoints: number;
  readonly totalPoints: number;
  readonly added: readonly Proposal[];
  /** Ids of proposals of which better ones were found. */
  readonly removed: readonly number[];
}

/** A frame on which a thing is shown, and its mask there. */
export interface Example {
  readonly frame: number;
  readonly mask: MaskRle;
}

/** What a thing looks like to one model: the mean of the cells under its masks. It means the same in any clip. */
export interface Appearance {
  /** [channels], of length 1. */
  readonly look: Float32Array;
  /** [channels], the mean that the look is centred on. */
  readonly mean: Float32Array;
  /** Its mean share of the frame. */
  readonly share: number;
}

/** What is to be found again, and where. */
export interface AlikeRequest {
  readonly appearance: Appearance;
  /** The frames to look on, in order, with masks of things there that are not asked for. */
  readonly places: readonly { readonly frame: number; readonly known: readonly MaskRle[] }[];
  /** The clip to look in; the open one where it is left out. */
  readonly file?: Blob;
}

/** What was found on a frame, the most alike first: a proposal's score is its likeness, the cosine of the looks. */
export interface AlikeEvent {
  readonly frame: number;
  readonly found: readonly Proposal[];
  readonly doneFrames: number;
  readonly totalFrames: number;
}

/** A tracked mask that is to be looked at in detail. */
export interface MaskToDetail {
  readonly frame: number;
  readonly mask: MaskRle;
  /** Masks on the frame from which it takes nothing. */
  readonly beside: readonly MaskRle[];
}

/** What the detail pass made of a mask. */
export interface DetailEvent {
  readonly frame: number;
  /** Nothing where the mask that was tracked is not surely worse. */
  readonly mask: MaskRle | undefined;
  /** The model that made it, where that is known. */
  readonly model?: ModelVersion;
}

/** An object and all its prompts, by frame: they condition the whole run. */
export interface ObjectToTrack {
  readonly objectId: number;
  readonly prompts: ReadonlyMap<number, FramePrompts>;
  /** The frames to follow it through; if left out, the whole clip: from the first prompt on, then from there back. */
  readonly spans?: readonly TrackSpan[];
  /** Objects that lie on this one, or under it: their masks may share pixels. Those of prompts on one frame say so themselves. */
  readonly overlapping?: readonly number[];
}

/** Frames that a run follows an object through, in order. */
export interface TrackSpan {
  readonly direction: 'forward' | 'backward';
  /** Where it starts and ends; both are done. */
  readonly first: number;
  readonly last: number;
  /** The object's tracked masks right behind the start, the nearest first: what is remembered of it there, beside its prompts. */
  readonly behind: readonly { readonly frame: number; readonly mask: MaskRle }[];
  /** The prompted frame that it leads away from. */
  readonly origin: number;
}

/** How a run treats masks and memories, whatever the model. */
export interface TrackSettings {
  /**
   * Lets tracked masks of different objects share pixels; otherwise each pixel goes to the object that is surest of it, but where
   * one object lies on another.
   */
  readonly allowOverlap: boolean;
  /** Fills small holes in tracked masks. */
  readonly fillHoles: boolean;
  /** Keeps tracked frames of which the model is not sure, or that lack the object, out of its memory. */
  readonly skipDoubtful: boolean;
  /** Forgets what was tracked within seven frames of a prompted one; models that forget at prompts anyway are as they are. */
  readonly forgetAround: boolean;
  /** Gives the model some frames only, and fills in the masks between them where these are sure enough. */
  readonly isFast?: boolean;
  /** Decodes each tracked mask once more on the part of its frame round it, and keeps what is surely better. */
  readonly isDetailed?: boolean;
}

/** As the SAM 2 paper tracks, but that masks do not overlap. */
export const DEFAULT_SETTINGS: TrackSettings = {
  allowOverlap: false,
  fillHoles: false,
  skipDoubtful: false,
  forgetAround: false,
};

export interface TrackRequest {
  readonly objects: readonly ObjectToTrack[];
  readonly settings: TrackSettings;
}

export interface TrackedObject {
  readonly objectId: number;
  readonly mask: MaskRle;
  readonly score: number;
  /** `interpolated`: filled in from the masks of frames before and after it. `detailed`: tracked, and then decoded once more on its part of the frame. */
  readonly status: 'prompted' | 'tracked' | 'absent' | 'interpolated' | 'detailed';
}

/** One frame of a run: the masks of all objects followed on it. */
export interface TrackEvent {
  readonly frame: number;
  readonly objects: readonly TrackedObject[];
  /** The model that made them, where that is known. */
  readonly model?: ModelVersion;
  /** Frames done in this run, this one included, and all that it will do. */
  readonly doneFrames: number;
  readonly totalFrames: number;
}
