/** Where the model computes. */
export interface DeviceInfo {
  readonly kind: 'webgpu' | 'wasm';
  /** For a person: the GPU's name, or `CPU, 4 threads`. */
  readonly label: string;
}

/** Which model is meant: one of the catalogue, or one that was added in this browser. */
export interface ModelAddress {
  /** Absolute address of the folder with the catalogue. */
  readonly folder: string;
  readonly id: string;
}

/** The architecture of a model's weights. Only weights of SAM 2 and its kin are called so. */
export type ModelFamily = 'embedded' | 'sam2' | 'sam2.1' | 'edgetam';

export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly family: ModelFamily;
  readonly device: DeviceInfo;
  /** Size of the weights, and whether this load took them from the cache. */
  readonly weightBytes: number;
  readonly fromCache: boolean;
}

/** How much of a model's files is here. */
export interface WeightProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly files: readonly {
    /** The graph, or `constants`. */
    readonly name: string;
    readonly loadedBytes: number;
    readonly totalBytes: number;
  }[];
}
