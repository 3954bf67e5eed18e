import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import type { DeviceTensor } from '../../models/graph.ts';
import type { Places } from './contest.ts';
import type { EmbeddedFeatures } from './features.ts';
import type { AttendableFrame, AttentionPlan } from './memoryAttention.ts';
import type { Evidence } from './presence.ts';

/** What the encoder gives, where it ran. */
export interface EncoderOutputs {
  /** [1, 256, 64, 64]. */
  readonly embedding: DeviceTensor;
  /** [1, 4096, 160]. */
  readonly stage2: DeviceTensor;
  /** [1, 16384, 128]. */
  readonly stage1: DeviceTensor;
}

/** What one object's memories ask of a frame. */
export interface Search {
  readonly plan: AttentionPlan;
  /** [DESCRIPTOR], of the frame that descriptors are compared by. */
  readonly meanDescriptor: DeviceTensor;
  /** What is sought beside the object, so that neither is taken for the other. */
  readonly rival?: RivalSearch | undefined;
}

/** What is asked of the same frame beside the object: by the memories of a look-alike, or for one that nobody knows yet by its own. */
export interface RivalSearch {
  readonly plan: AttentionPlan;
  /** `undefined` where none is known: what is sought then is what would be taken for the object if that was not there. */
  readonly places: Places | undefined;
  /** Logits in the object's favour where both masks claim a cell. */
  readonly favour: number;
}

export interface FoundEvidence extends Evidence {
  /** The best predicted IoU of the decoder's other masks. */
  readonly readingIou: number;
}

/** A mask that memory has led to. */
export interface Found {
  /** [1, 1, 256, 256], surely background beside the frame. */
  readonly logits: DeviceTensor;
  readonly evidence: FoundEvidence;
}

/** What a search leads to; `undefined` where there is nothing to ask the decoder for. */
export interface Sighting {
  readonly object: Found | undefined;
  readonly rival: Found | undefined;
}

/** A mask to remember. */
export interface Rememberable {
  /** [1, 1, 256, 256]; stays the caller's. */
  readonly logits: DeviceTensor;
  /** The object's looks on earlier frames, at most `MOST_LOOKS`. */
  readonly earlierLooks: readonly DeviceTensor[];
}

/** The looks that one frame's can be compared with: those of the long-term memories and the first prompted frame. */
export const MOST_LOOKS = 4;

/** What a frame with an object's mask leaves. */
export interface Remembered extends AttendableFrame {
  /** [DESCRIPTOR], the frame's mean. */
  readonly meanDescriptor: DeviceTensor;
  /** [DESCRIPTOR], the sum of the object's descriptors, centred on the frame's mean. */
  readonly look: DeviceTensor;
  /** How much it resembles each of the earlier looks: cosines. */
  readonly likeness: readonly number[];
  /** Of the object, in mask cells. */
  readonly area: number;
}

/**
 * The embedded tracker's work between and around its graphs: in TypeScript on the CPU, or by kernels on the GPU, where nothing
 * but scalars comes back. The rules that decide what is asked, believed and kept are elsewhere, and the same for both.
 */
export interface EmbeddedTracking {
  /** A frame's features; takes the outputs. */
  describe(outputs: EncoderOutputs, video: Size, letterbox: ModelFit): EmbeddedFeatures;
  /** For each search the masks that it leads to. Those of an object and its rival do not overlap, unless the decoder doubts the rival's. */
  find(features: EmbeddedFeatures, searches: readonly Search[]): Promise<Sighting[]>;
  /** What masks leave of a frame. */
  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]>;
  dispose(): Promise<void>;
}
