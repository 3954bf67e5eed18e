import type { Budget } from '../../models/budget.ts';
import type { DeviceTensor, TensorStore } from '../../models/graph.ts';
import type { Grid } from '../masks/grid.ts';
import type { MemoryRules, SelectedMemories } from '../run/memoryBank.ts';
import type { Normalisation } from '../../gpu/framePreparer.ts';
import type { Sam2Features } from './features.ts';
import type { LabelledPoint } from './promptTokens.ts';
import type { Decoded, ReadDecoded } from './decoded.ts';

/** What a machine allows of the step. */
export type StepBudget = Pick<Budget, 'objectsPerStep' | 'replaysStep'>;

/** Logits of a mask that a person gives, and the object score that it stands for. */
export const GIVEN_LOGIT = 10;

/** What one frame leaves for later ones. */
export interface Sam2Memory {
  /** [1, T, Cm]: the memory encoder's tokens. */
  readonly tokens: DeviceTensor;
  /** [1, C]: the object pointer. */
  readonly pointer: DeviceTensor;
}

/** A mask that memories made, and what later frames are told of it. */
export interface Stepped extends Decoded {
  /** [1, T, Cm] */
  readonly tokens: DeviceTensor;
}

/** The features of a frame, without what the caller knows of it. */
export type EncodedFrame = Omit<Sam2Features, 'video'>;

/**
 * A set of graphs with what belongs to it: how tensors are named and laid out, and what the tracker computes between them. The
 * model's behaviour is the same over each; S is the side of the input, C the hidden size, T and Cm the tokens of a memory and
 * their width. What comes out stays where it was computed; whoever it is given to frees it.
 */
export interface Sam2Contract {
  readonly tensors: TensorStore;
  readonly normalisation: Normalisation;
  readonly memoryRules: MemoryRules<Sam2Memory>;
  /** Cells along a side of the decoder's mask grid, S/4 as a rule. */
  readonly maskSide: number;
  /** Whether the decoder takes a mask, or the logits of an earlier one, as a prompt. */
  readonly takesMasks: boolean;
  /** @param pixels [1, 3, S, S], normalised */
  encode(pixels: DeviceTensor): Promise<EncodedFrame>;
  /**
   * The decoder for one object.
   *
   * @param image [1, C, S/16, S/16]: features with the no-memory embedding, or as memories condition them
   * @param points in model pixels, a box's corners first
   * @param feedback logits of an earlier mask, on the mask grid; only where masks are taken
   */
  decode(
    features: Sam2Features,
    image: DeviceTensor,
    points: readonly LabelledPoint[],
    feedback?: Grid,
  ): Promise<Decoded>;
  /**
   * What a click may mean on a frame that no memory conditions: one mask for each of the decoder's tokens 1 to 3, in this order,
   * whatever the object score, or the one that the decoder chooses where its graph gives no other.
   */
  readings(features: Sam2Features, click: LabelledPoint): Promise<ReadDecoded[]>;
  /** [1, C]: the object pointer of a given mask. @param inside 0 or 1, S×S */
  pointerOf(features: Sam2Features, inside: Grid): Promise<DeviceTensor>;
  /**
   * [1, T, Cm]: what later frames are told of a mask.
   *
   * @param mask logits, on the mask grid or in model pixels: [1, 1, L, L] or [1, 1, S, S]; where the decoder gives both, those in
   *   model pixels
   * @param binarize whether the memory is made from the mask instead of from its probabilities
   */
  remember(
    features: Sam2Features,
    mask: DeviceTensor,
    objectScore: DeviceTensor,
    binarize: boolean,
  ): Promise<DeviceTensor>;
  /** Masks of several objects from their memories, at least one of which is conditioning. */
  step(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<Stepped[]>;
  /** `step`, and the features as the memories condition them: [1, C, S/16, S/16] for each object. */
  stepConditioned(
    features: Sam2Features,
    objects: readonly SelectedMemories<Sam2Memory>[],
    binarize: readonly boolean[],
  ): Promise<{ stepped: Stepped[]; conditioned: DeviceTensor[] }>;
  dispose(): Promise<void>;
}
