import type { ClipInfo } from './clip.ts';
import type { FramePrompts } from './prompts.ts';
import type { MaskRle } from './rle.ts';
import type { Pane, StageScene } from './stageScene.ts';
import type { Stream } from './stream.ts';

/**
 * The contracts between the UI thread and its workers. Everything in them can be cloned or transferred. A method
 * that streams takes a `Stream` last, the worker's end of it; cancelling the stream cancels the work.
 */

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
  /** Follows objects through the clip. A later run ends this one with `superseded`. */
  track(request: TrackRequest, stream: Stream<TrackEvent>): Promise<void>;
  census(): Promise<Census>;
}

/** Knows the models, and keeps their files in the browser's storage, apart from the one that runs. */
export interface LibraryApi {
  /** All models. @param folder address of the catalogue's folder */
  list(folder: string): Promise<ModelListing[]>;
  /** Downloads what is not kept of a model's files. A later call goes on where one broke off. */
  download(model: ModelAddress, stream: Stream<WeightProgress>): Promise<void>;
  /** Takes a model from files of a folder into the storage; gives its id. */
  add(files: readonly FolderFile[]): Promise<string>;
  /** Deletes a model's files; one that was added is then forgotten. */
  remove(id: string): Promise<void>;
}

/** Decodes frames for the eye, apart from the model, so that playing goes on while it computes. */
export interface PlayerApi {
  open(file: Blob): Promise<ClipInfo>;
  /** A frame as displayed. The bitmap is transferred: the receiver closes it. */
  frame(index: number): Promise<ImageBitmap>;
  census(): Promise<Census>;
}

/** Draws the stage with a GPU, apart from the UI thread and from the model. */
export interface StageApi {
  /** Opens a GPU. False if there is none that is worth using. @param allowSoftware whether an emulated one counts */
  open(allowSoftware: boolean): Promise<boolean>;
  /** Draws a pane on a canvas, which is transferred, instead of the one before. */
  connect(pane: Pane, canvas: OffscreenCanvas): Promise<void>;
  /**
   * Draws a frame and its masks on all panes that the look has, and answers when the GPU has done so.
   *
   * @param picture the frame, transferred; left out where it is the one before
   */
  draw(scene: StageScene, picture?: ImageBitmap): Promise<void>;
  /** Answers when the GPU is lost or has failed, with what it says of that. */
  failure(): Promise<string>;
  census(): Promise<Census>;
}

/** Looks through a whole clip once, in the background. */
export interface ScannerApi {
  /** The last event comes with the last frame. @param thumbnails how many, evenly through the clip */
  scan(file: Blob, thumbnails: number, stream: Stream<ScanEvent>): Promise<void>;
}

/** Writes masks to files. */
export interface ExporterApi {
  /** The bytes of a ZIP of PNG masks, made as they are read. */
  maskZip(request: MaskZipRequest, stream: Stream<Uint8Array>): Promise<void>;
}

/** Where the model computes. */
export interface DeviceInfo {
  readonly kind: 'webgpu' | 'wasm';
  /** For a person: the GPU's name, or `CPU, 4 threads`. */
  readonly label: string;
}

/** Which model is meant: one of the catalogue, or one that was added in this browser. */
export interface ModelAddress {
  /** Absolute address of the folder with the catalogue. */
  readonly folder: string;
  readonly id: string;
}

/** The architecture of a model's weights. Only weights of SAM 2 and its kin are called so. */
export type ModelFamily = 'embedded' | 'sam2' | 'sam2.1' | 'edgetam';

/** A model that a person can choose. */
export interface ModelListing {
  readonly id: string;
  readonly name: string;
  readonly family: ModelFamily;
  /** What it is good for. */
  readonly about: string;
  readonly licence: string;
  /** A page about the weights. */
  readonly source: string | undefined;
  /** The host that its files come from; `undefined` if a person added it from a folder. */
  readonly host: string | undefined;
  /** Of the files that this machine needs of it, and how much of that is kept here. */
  readonly totalBytes: number;
  readonly keptBytes: number;
  readonly isKept: boolean;
  /** Why it cannot run on this machine. */
  readonly unfit: string | undefined;
}

/** A file of a folder that a person gave. */
export interface FolderFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly file: File;
}

export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly family: ModelFamily;
  readonly device: DeviceInfo;
  /** Size of the weights, and whether this load took them from the cache. */
  readonly weightBytes: number;
  readonly fromCache: boolean;
}

/** How much of a model's files is here. */
export interface WeightProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly files: readonly {
    /** The graph, or `constants`. */
    readonly name: string;
    readonly loadedBytes: number;
    readonly totalBytes: number;
  }[];
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

/** An object and all its prompts, by frame: they condition the whole run. */
export interface ObjectToTrack {
  readonly objectId: number;
  readonly prompts: ReadonlyMap<number, FramePrompts>;
  /** The frames to follow it through; if left out, the whole clip: from the first prompt on, then from there back. */
  readonly spans?: readonly TrackSpan[];
}

/** Frames that a run follows an object through, in order. */
export interface TrackSpan {
  readonly direction: 'forward' | 'backward';
  /** Where it starts and ends; both are done. */
  readonly first: number;
  readonly last: number;
  /** The object's masks right behind the start, the nearest first: what is remembered of it there, beside its prompts. */
  readonly behind: readonly { readonly frame: number; readonly mask: MaskRle }[];
  /** The prompted frame that it leads away from. */
  readonly origin: number;
}

/** How a run treats masks and memories, whatever the model. */
export interface TrackSettings {
  /** Lets tracked masks of different objects share pixels; otherwise each pixel goes to the object that is surest of it. */
  readonly allowOverlap: boolean;
  /** Fills small holes in tracked masks. */
  readonly fillHoles: boolean;
  /** Keeps tracked frames of which the model is not sure, or that lack the object, out of its memory. */
  readonly skipDoubtful: boolean;
}

/** As the SAM 2 paper tracks, but that masks do not overlap. */
export const DEFAULT_SETTINGS: TrackSettings = { allowOverlap: false, fillHoles: false, skipDoubtful: false };

export interface TrackRequest {
  readonly objects: readonly ObjectToTrack[];
  readonly settings: TrackSettings;
}

export interface TrackedObject {
  readonly objectId: number;
  readonly mask: MaskRle;
  readonly score: number;
  readonly status: 'prompted' | 'tracked' | 'absent';
}

/** One frame of a run: the masks of all objects followed on it. */
export interface TrackEvent {
  readonly frame: number;
  readonly objects: readonly TrackedObject[];
  /** Frames done in this run, this one included, and all that it will do. */
  readonly doneFrames: number;
  readonly totalFrames: number;
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

export interface MaskZipRequest {
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** In drawing order: where masks overlap, a later object's pixels win. */
  readonly objects: readonly ExportObject[];
  /** Adds a folder for each object with a black and white PNG for each frame. */
  readonly binary: boolean;
}

export interface ExportObject {
  /** The pixel value in the ID maps, 1 to 255. */
  readonly objectId: number;
  readonly name: string;
  readonly masks: ReadonlyMap<number, MaskRle>;
}

/** Live memory outside the JavaScript heap, and work done, by one worker or all of them. */
export interface Census {
  /** Cached pictures and feature maps. */
  readonly buffers: number;
  readonly bytes: number;
  /** The bound on `bytes` that the caches keep. */
  readonly maxBytes: number;
  /** The most objects that the model takes in one run of a graph. */
  readonly objectsPerStep: number;
  /** Decoded frames not yet closed. */
  readonly frames: number;
  /** Loaded graphs. */
  readonly sessions: number;
  /** Buffers in use on the GPU beside ONNX Runtime's own (features, memories), and their bytes with those of spare ones. */
  readonly gpuBuffers: number;
  readonly gpuBytes: number;
  /** Bytes sent to and read back from a GPU since the model was loaded. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Dispatches of our own kernels on a GPU so far. */
  readonly dispatches: number;
  /** Milliseconds that read-backs have waited for the GPU. */
  readonly gpuWaitMs: number;
  /** Runs of each graph since the model was loaded, and the milliseconds that they took. */
  readonly graphs: Readonly<Record<string, { readonly runs: number; readonly milliseconds: number }>>;
  /** Frames that runs have done since the worker started. */
  readonly trackedFrames: number;
  /** Time spent since the worker started, by stage, in milliseconds. */
  readonly stageMs: Readonly<Partial<Record<Stage, number>>>;
}

/** The stages of the work on a frame. */
export type Stage = 'decode' | 'preprocess' | 'encoder' | 'memory' | 'decoder' | 'mask';
