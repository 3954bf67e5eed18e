/** What `npm run parity -- --embedded` asks the page for. */
export interface RealTask {
  /** Of the encoder on the GPU; the CPU's is fp32. */
  readonly precision: string;
  readonly frames: number;
  /** Frames that the GPU encodes itself; the others' features are those of the CPU. */
  readonly encoded: number;
  readonly objects: number;
}

/** How far the GPU is from the CPU. */
export interface RealComparison {
  readonly device: string;
  /** Of features: the length of the difference by that of the CPU's. */
  readonly errors: readonly { readonly frame: number; readonly name: string; readonly error: number }[];
  /** Masks of the CPU and of the GPU, with the scores of both. */
  readonly masks: readonly {
    readonly frame: number;
    readonly iou: number;
    readonly scores: readonly [number, number];
  }[];
  /** Buffers of the GPU in use when all is disposed. */
  readonly left: number;
}
