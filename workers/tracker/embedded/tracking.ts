import type { ModelFit, Size } from '../../../src/core/geometry.ts';
import type { DeviceTensor } from '../../models/graph.ts';
import type { Round } from './contest.ts';
import type { EmbeddedFeatures } from './features.ts';
import type { AttendableFrame, AttentionPlan } from './memoryAttention.ts';
import type { Evidence } from './presence.ts';

/** What the encoder gives, where it ran. */
export interface EncoderOutputs {
  /** [1, 256, 64, 64]. */
  readonly embedding: DeviceTensor;
  /** [1, rows/16 · columns/16, 160], of the encoder's input. */
  readonly stage2: DeviceTensor;
  /** [1, rows/8 · columns/8, 128]. */
  readonly stage1: DeviceTensor;
}

/** What is sought on a frame: an object, or what looks like it. */
export interface Search {
  readonly plan: AttentionPlan;
  /** [DESCRIPTOR], of the frame that descriptors are compared by. */
  readonly meanDescriptor: DeviceTensor;
  /** Whether nobody knows of it yet: it is judged by what those who contest it leave. */
  readonly unknown: boolean;
  /** Whether it is of a lost object, and all over the frame. */
  readonly lost: boolean;
  /** The search for the nearest that makes a pair with it; its deepest point is told the decoder as not the object's. */
  readonly beside: number | undefined;
}

/** Whether what is found is judged by what others leave of its guess: where nobody knows of it yet, or in a pair. */
export function isJudgedByRest({ unknown, beside }: Pick<Search, 'unknown' | 'beside'>): boolean {
  return unknown || beside !== undefined;
}

/** What a frame is searched for. */
export interface FrameSearch {
  readonly searches: readonly Search[];
  /** Who contests whom. */
  readonly rounds: readonly Round[];
  /** What is expected to be there: those whose masks are kept apart from each other, together. */
  readonly expected: readonly (readonly Expected[])[];
}

/** A search that is expected to find its target; a GPU then makes what is remembered of it in the same commands. */
export interface Expected extends Pick<Rememberable, 'earlierLooks'> {
  /** By its index. */
  readonly search: number;
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
  /** On a GPU, of what was expected: what the mask leaves of the frame if all those are there that it is kept apart from. */
  readonly remembered?: Remembered | undefined;
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
  /**
   * The mask that each search leads to; `undefined` where there is nothing to ask the decoder for. Masks of those who contest each
   * other do not overlap.
   *
   * @param whileWaiting called on a GPU once all work is handed over
   */
  find(
    features: EmbeddedFeatures,
    sought: FrameSearch,
    whileWaiting?: () => void,
  ): Promise<(Found | undefined)[]>;
  /** What masks leave of a frame. */
  remember(features: EmbeddedFeatures, masks: readonly Rememberable[]): Promise<Remembered[]>;
  dispose(): Promise<void>;
}
