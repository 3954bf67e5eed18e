import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import { asIou, MASK_PROMPT_BOUND, MASK_SIDE } from '../decoder.ts';
import { cellCount } from '../memoryAttention.ts';
import type { FoundEvidence } from '../tracking.ts';
import { TUNED } from '../tuned.ts';
import type { GuessBatch } from './guessBatch.ts';
import type { GpuPrompts } from './gpuGuessPrompts.ts';
import evidenceShader from './evidence.wgsl?raw';

const WORD = 4;
const PLANE_BYTES = WORD * MASK_SIDE ** 2;
const EVIDENCE_WORDS = 8;

/** The decoder's answers, on the GPU. */
export interface GpuDecoded {
  /** [objects, 4, 256, 256]. */
  readonly masks: GpuSlice;
  /** [objects, 4]. */
  readonly ious: GpuSlice;
}

/** Weighs decoded masks against the guesses that asked for them. */
export class GpuEvidence {
  readonly #memory: GpuMemory;
  readonly #kernel: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#kernel = new Kernel(memory, 'evidence', evidenceShader, {
      MASK_SIDE,
      BACKGROUND: -MASK_PROMPT_BOUND,
      TEMPERATURE: TUNED.temperature,
    });
  }

  /** The masks' logits, [objects, 256, 256], and the evidence for `readEvidence`. */
  weigh(
    { values, guesses }: GuessBatch,
    { masks: prompts, extents }: GpuPrompts,
    { masks, ious }: GpuDecoded,
    content: Size,
  ): { logits: GpuSlice; evidence: GpuSlice } {
    const logits = this.#memory.allocate(PLANE_BYTES * guesses.length);
    const evidence = this.#memory.allocate(WORD * EVIDENCE_WORDS * guesses.length);
    const asked = guesses.flatMap((guess) => [...[cellCount(guess.asked), guess.judged], ...[guess.best, 0]]);
    this.#kernel.run(
      Uint32Array.of(content.width, content.height, ...asked).buffer,
      [values, prompts, extents, masks, ious, logits, evidence],
      [guesses.length, 1],
    );
    return { logits, evidence };
  }
}

/** What came back of the kernel for one of the objects; `undefined` where the guess found nothing to ask the decoder for. */
export function readEvidence(read: ArrayBuffer, object: number): FoundEvidence | undefined {
  const values = new Float32Array(read, WORD * EVIDENCE_WORDS * object, EVIDENCE_WORDS);
  const [guessArea = 0, bestProbability = 0, peak = 0, predictedIou = 0] = values;
  const [readingIou = 0, both = 0, either = 0, area = 0] = values.subarray(4);
  if (guessArea === 0) return undefined;
  return {
    ...{ bestProbability, peak, area },
    predictedIou: asIou(predictedIou),
    readingIou: asIou(readingIou),
    agreement: either === 0 ? 0 : both / either,
  };
}
