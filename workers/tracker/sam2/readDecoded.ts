import type { Tensor, TensorStore } from '../../models/graph.ts';
import type { Decoded } from './contract.ts';

/** What the decoder says of a prompt, where a person or the next click waits for it: all but the pointer and `full` is read. */
export interface ReadDecoded extends Decoded {
  readonly logits: Tensor;
  readonly objectScore: Tensor;
  readonly predictedIou: Tensor;
}

export async function readDecoded(tensors: TensorStore, decoded: Decoded): Promise<ReadDecoded> {
  const [logits, objectScore, predictedIou] = await tensors.take([
    decoded.logits,
    decoded.objectScore,
    decoded.predictedIou,
  ]);
  return { ...decoded, logits, objectScore, predictedIou };
}

/** Lets go of what is left of it outside the JavaScript heap. */
export function freeRead(tensors: TensorStore, { pointer, full }: ReadDecoded): void {
  tensors.free(pointer);
  if (full) tensors.free(full);
}
