import { tensor, type DeviceTensor, type GraphSession, type TensorStore } from '../../models/graph.ts';
import type { MaskletManifest } from '../../models/sam2Manifest.ts';
import { inBatches } from '../run/inBatches.ts';
import type { SelectedMemories } from '../run/memoryBank.ts';
import type { StepTimer } from '../run/stepTimer.ts';
import type { Sam2Constants } from './constants.ts';
import type { Sam2Memory, Stepped } from './contract.ts';
import type { Sam2Features } from './features.ts';
import { fitsSlots, slotsOf } from './replayedStep.ts';
import { stepInputs } from './stepInputs.ts';

const OUTPUTS = ['masks', 'next_obj_ptr', 'obj_score', 'iou', 'next_memory'] as const;

/** The conditioned features are left out where nobody asks for them. */
type Outputs = Readonly<Record<(typeof OUTPUTS)[number], DeviceTensor>> & {
  readonly cond_embed?: DeviceTensor;
};

/** An object that is tracked. */
export interface ObjectToStep {
  readonly memories: SelectedMemories<Sam2Memory>;
  /** Whether its memory is made from the mask instead of from its probabilities. */
  readonly binarize: boolean;
}

/** What the step gives of an object. */
export interface StepResult {
  readonly stepped: Stepped;
  /** [1, C, S/16, S/16], where they were asked for. */
  readonly conditioned: DeviceTensor | undefined;
}

/** What the step needs of its model. */
export interface StepParts {
  readonly tensors: TensorStore;
  /** For any number of objects. */
  readonly graph: GraphSession;
  /** For one object with the slots of `slotsOf`, where a GPU replays it. */
  readonly replayed: GraphSession | undefined;
  readonly manifest: MaskletManifest;
  readonly constants: Sam2Constants;
  readonly timer: StepTimer;
  /** The most in one run that is not replayed. */
  readonly objectsPerStep: number;
}

/**
 * Memory attention, decoder and memory encoder in one run of a graph. Objects whose memories fit the slots of a replayed run have one each, for
 * it is handed over at once; all others share runs.
 */
export class MaskletStep {
  readonly #parts: StepParts;

  constructor(parts: StepParts) {
    this.#parts = parts;
  }

  /** What comes of each object. @param isConditioned whether the features as its memories condition them are wanted too */
  async run(
    features: Sam2Features,
    objects: readonly ObjectToStep[],
    isConditioned: boolean,
  ): Promise<StepResult[]> {
    const { replayed, manifest, objectsPerStep } = this.#parts;
    const isReplayed = objects.map(({ memories }) => replayed !== undefined && fitsSlots(memories, manifest));
    const together = objects.filter((_, i) => !isReplayed[i]);
    const others = await inBatches(together, objectsPerStep, (batch) =>
      this.#run(features, batch, isConditioned, undefined),
    );
    const results: StepResult[] = [];
    for (const [i, object] of objects.entries())
      results.push(
        ...(isReplayed[i]
          ? await this.#run(features, [object], isConditioned, replayed)
          : others.splice(0, 1)),
      );
    return results;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#parts.graph.dispose(), this.#parts.replayed?.dispose()]);
  }

  /** @param replayed the session with fixed slots, or else the one for any number of objects is run */
  async #run(
    features: Sam2Features,
    objects: readonly ObjectToStep[],
    isConditioned: boolean,
    replayed: GraphSession | undefined,
  ): Promise<StepResult[]> {
    const { tensors, graph, manifest, constants, timer } = this.#parts;
    const selected = objects.map(({ memories }) => memories);
    const inputs = await timer.time('memory', () =>
      stepInputs(tensors, selected, manifest, constants, replayed && slotsOf(manifest)),
    );
    const binarize = Float32Array.from(objects, (object) => Number(object.binarize));
    try {
      const outputs: Outputs = await timer.time('decoder', () =>
        (replayed ?? graph).runInPlace(
          {
            feat_s0: features.fine,
            feat_s1: features.middle,
            image_embed: features.image,
            ...inputs,
            binarize: tensor(binarize, [objects.length, 1, 1, 1]),
          },
          isConditioned ? ([...OUTPUTS, 'cond_embed'] as const) : OUTPUTS,
        ),
      );
      return this.#separate(outputs, objects.length);
    } finally {
      for (const each of Object.values(inputs)) tensors.free(each);
    }
  }

  /** One for each object; what they were together is freed. */
  #separate(outputs: Outputs, objects: number): StepResult[] {
    const { tensors } = this.#parts;
    const results = Array.from({ length: objects }, (_, i): StepResult => {
      const row = (together: DeviceTensor) => tensors.row(together, i);
      return {
        stepped: {
          logits: row(outputs.masks),
          full: undefined,
          pointer: row(outputs.next_obj_ptr),
          tokens: row(outputs.next_memory),
          objectScore: row(outputs.obj_score),
          predictedIou: row(outputs.iou),
        },
        conditioned: outputs.cond_embed && row(outputs.cond_embed),
      };
    });
    for (const together of Object.values(outputs)) tensors.free(together);
    return results;
  }
}
