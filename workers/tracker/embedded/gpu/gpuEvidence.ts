import type { Size } from '../../../../src/core/geometry.ts';
import type { GpuMemory, GpuSlice } from '../../../gpu/gpuMemory.ts';
import { Kernel } from '../../../gpu/kernel.ts';
import { asIou, MASK_PROMPT_BOUND, MASK_SIDE } from '../decoder.ts';
import { SMALLEST_GUESS } from '../guess.ts';
import { TEMPERATURE } from '../memoryAttention.ts';
import type { FoundEvidence } from '../tracking.ts';
import type { GpuGuess } from './gpuAttention.ts';
import type { GpuPrompts } from './gpuGuessPrompts.ts';
import evidenceShader from './evidence.wgsl?raw';

const WORD = 4;
const EVIDENCE_WORDS = 8;

/** The decoder's answer, on the GPU. */
export interface GpuDecoded {
  /** [1, 4, 256, 256]. */
  readonly masks: GpuSlice;
  /** [1, 4]. */
  readonly ious: GpuSlice;
}

/** Weighs a decoded mask against the guess that asked for it. */
export class GpuEvidence {
  readonly #memory: GpuMemory;
  readonly #kernel: Kernel;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#kernel = new Kernel(memory, 'evidence', evidenceShader, {
      MASK_SIDE,
      BACKGROUND: -MASK_PROMPT_BOUND,
      TEMPERATURE,
    });
  }

  /** The mask's logits, [256, 256], and the evidence for `readEvidence`. */
  weigh(
    { probability, best }: GpuGuess,
    { mask, extent }: GpuPrompts,
    { masks, ious }: GpuDecoded,
    content: Size,
  ): { logits: GpuSlice; evidence: GpuSlice } {
    const logits = this.#memory.allocate(WORD * MASK_SIDE ** 2);
    const evidence = this.#memory.allocate(WORD * EVIDENCE_WORDS);
    // A uniform's size is a multiple of eight bytes.
    const asked = Uint32Array.of(content.width, content.height, probability.bytes / WORD, 0).buffer;
    this.#kernel.run(asked, [probability, best, mask, extent, masks, ious, logits, evidence], [1, 1]);
    return { logits, evidence };
  }
}

/** What came back of the kernel; `undefined` where the guess found nothing to ask the decoder for. */
export function readEvidence(read: ArrayBuffer): FoundEvidence | undefined {
  const values = new Float32Array(read);
  const [guessArea = 0, bestProbability = 0, peak = 0, predictedIou = 0] = values;
  const [readingIou = 0, both = 0, either = 0, area = 0] = values.subarray(4);
  if (guessArea < SMALLEST_GUESS) return undefined;
  return {
    ...{ bestProbability, peak, area },
    predictedIou: asIou(predictedIou),
    readingIou: asIou(readingIou),
    agreement: either === 0 ? 0 : both / either,
  };
}
