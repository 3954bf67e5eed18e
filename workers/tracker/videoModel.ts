import type { FrameContent } from '../../src/core/frames.ts';
import type { ModelFit, Size, VideoPoint } from '../../src/core/geometry.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import type { MaskRle } from '../../src/core/rle.ts';
import type { DeviceTensor, Tensor } from '../models/graph.ts';
import type { Finish } from './masks/maskMaker.ts';
import type { MemoryRules, SelectedMemories } from './run/memoryBank.ts';

/** A mask of one object on one frame, as a model predicts it. */
export interface MaskPrediction {
  /** Mask logits on the model's low-resolution grid, [1, 1, L, L], where they were computed; object where positive. */
  readonly logits: DeviceTensor;
}

/** What looks like an object and is followed beside it, so that neither is taken for the other, as a model predicts it on one frame. */
export type Distractor<Prediction> = Prediction & {
  /** Whether it is followed from this frame on, in place of another. */
  readonly isNew: boolean;
};

/** A tracked mask, with the object's distractor where that was seen. */
export type Tracked<Prediction> = Prediction & { readonly distractor?: Distractor<Prediction> | undefined };

/** A mask as it is shown. */
export interface FinishedMask {
  /** In the clip's pixels. Empty where the object is not there. */
  readonly mask: MaskRle;
  /** The model's estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** False where the object is occluded or out of the frame. */
  readonly present: boolean;
}

/** A mask that a person prompted, and the logits that it is made of, [1, 1, L, L]. */
export interface PromptedMask extends FinishedMask {
  readonly logits: Tensor;
}

/** One of the masks that a click may mean. */
export interface MaskCandidate {
  /** Mask logits on the model's low-resolution grid; object where positive. */
  readonly logits: Float32Array;
  /** 0 to 1. */
  readonly predictedIou: number;
  /** Draws the mask, in the clip's pixels. */
  readonly mask: () => MaskRle;
}

/** What the cells of a frame look like, to compare things by. */
export interface FrameLook {
  readonly fit: ModelFit;
  /** The cells that the frame covers. */
  readonly grid: Size;
  /** Side of a cell, in model pixels. */
  readonly cell: number;
  /** [cells, channels], each cell's of length 1. */
  readonly units: Float32Array;
  /** [channels], the mean that they are centred on. */
  readonly mean: Float32Array;
}

/** Whether the masks of two objects of a frame are kept apart: what is the one's is not the other's. By their indices. */
export type AreApart = (a: number, b: number) => boolean;

/** A model of whatever family: its features and memories are its own business. */
export type AnyVideoModel = VideoModel<unknown, unknown>;

/**
 * What a model family can do. The tracker knows no family by name: SAM 2's memory attention and the embedded model's
 * untrained memory are both behind these verbs. A model keeps no state between calls; what it remembers is in the memories.
 */
export interface VideoModel<Features, Memory, Prediction extends MaskPrediction = MaskPrediction> {
  readonly memoryRules: MemoryRules<Memory>;
  /** The image encoder: once a frame, whatever the number of objects. */
  encode(frame: FrameContent): Promise<Features>;
  /** Bytes that the features hold outside the JavaScript heap or in large arrays; for the cache's bound. */
  featureBytes(features: Features): number;
  /**
   * A mask from prompts alone; its logits are plain data.
   *
   * @param memories of the object around the frame, where the prompts correct a tracked mask and the model decodes with memories
   * @throws RangeError if there are no prompts
   */
  segment(
    features: Features,
    prompts: FramePrompts,
    memories?: SelectedMemories<Memory>,
  ): Promise<Prediction & PromptedMask>;
  /** The masks that a click on a point may mean: of the thing, of its parts. No second look at any of them. */
  candidates(features: Features, point: VideoPoint): Promise<MaskCandidate[]>;
  /**
   * The mask of a thing that is known roughly: decoded anew, with that mask, its box and the point deepest inside it as prompts.
   *
   * @throws RangeError if the rough mask is empty
   */
  refine(features: Features, rough: MaskRle): Promise<FinishedMask>;
  /**
   * What the cells of a frame look like; models that cannot say have no such method.
   *
   * @param mean what they are centred on, where they are compared with another frame's: its mean. The frame's own where it is left out
   */
  look?(features: Features, mean?: Float32Array): Promise<FrameLook>;
  /**
   * Masks of several objects from their memories, at least one of which is conditioning for each. No mask is read back.
   *
   * @param areApart which of them are kept apart; a model that follows each object by itself may pass over it
   * @param whileWaiting called where the work is handed over and what comes of it is waited for: what it hands over comes after
   */
  track(
    features: Features,
    memories: readonly SelectedMemories<Memory>[],
    areApart: AreApart,
    whileWaiting?: () => void,
  ): Promise<Tracked<Prediction>[]>;
  /** What looks most like the object of a prompted mask; models that follow no distractors have no such method. */
  findDistractor?(features: Features, prompted: Prediction): Promise<Prediction | undefined>;
  /**
   * What later frames are told of each of these masks, those of distractors after all others; nothing where a tracked mask is not to be
   * remembered. Tracked masks come together with those that `track` kept them apart from. The memories take over what the predictions hold
   * outside the JavaScript heap, but for the logits.
   *
   * @param owned logits of other objects on the frame, which keep what they have; absent where masks may overlap
   */
  memorize(
    features: Features,
    predictions: readonly Prediction[],
    owned?: readonly DeviceTensor[],
  ): Promise<(Memory | undefined)[]>;
  /** The masks that tracked predictions make. Takes the logits; what else the predictions hold stays. */
  finish(features: Features, predictions: readonly Prediction[], how: Finish): Promise<FinishedMask[]>;
  /**
   * Whether masks are there later than their work is handed over, as on a GPU: the next frame is then begun before they are
   * waited for.
   */
  readonly finishesLater: boolean;
  /** Lets go of what features, a memory, or a prediction that was not memorized hold outside the JavaScript heap. */
  free(held: Features | Memory | Prediction): void;
  dispose(): Promise<void>;
}
