import type { DeviceTensor, Tensor, TensorStore } from '../../models/graph.ts';

/** What the decoder says of one object. */
export interface Decoded {
  /** Mask logits, [1, 1, L, L], where L is `maskSide`. */
  readonly logits: DeviceTensor;
  /** The same in model pixels, [1, 1, S, S], where the decoder gives that as well. */
  readonly full: DeviceTensor | undefined;
  /** [1, C]: the object pointer, that of no object where it is not there. */
  readonly pointer: DeviceTensor;
  /** [1, 1]: the object is there where this is positive. */
  readonly objectScore: DeviceTensor;
  /** [1, 1]: predicted IoU, as the decoder says it. */
  readonly predictedIou: DeviceTensor;
}

/** What the decoder says of a prompt, where a person or the next click waits for it: all but the pointer and `full` is read. */
export interface ReadDecoded extends Decoded {
  readonly logits: Tensor;
  readonly objectScore: Tensor;
  readonly predictedIou: Tensor;
}

/** The same with mask and scores as plain data; where they were, they are freed. */
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
