/** Live memory outside the JavaScript heap, and work done, by one worker or all of them. */
export interface Census {
  /** Cached pictures and feature maps. */
  readonly buffers: number;
  readonly bytes: number;
  /** The bound on `bytes` that the caches keep. */
  readonly maxBytes: number;
  /** The most objects that the model takes in one run of a graph. */
  readonly objectsPerStep: number;
  /** Decoded frames not yet closed. */
  readonly frames: number;
  /** Loaded graphs. */
  readonly sessions: number;
  /** Buffers in use on the GPU beside ONNX Runtime's own (features, memories), and their bytes with those of spare ones. */
  readonly gpuBuffers: number;
  readonly gpuBytes: number;
  /** Bytes sent to and read back from a GPU since the model was loaded. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Dispatches of our own kernels on a GPU so far. */
  readonly dispatches: number;
  /** Decoded frames that the model was given on a GPU: as they are, and through a bitmap. */
  readonly directFrames: number;
  readonly bitmapFrames: number;
  /** Milliseconds that read-backs have waited for the GPU. */
  readonly gpuWaitMs: number;
  /** Runs of each graph since the model was loaded, and the milliseconds that they took. */
  readonly graphs: Readonly<Record<string, { readonly runs: number; readonly milliseconds: number }>>;
  /** Frames that runs have done since the worker started. */
  readonly trackedFrames: number;
  /** Time spent since the worker started, by step, in milliseconds. */
  readonly stepMs: Readonly<Partial<Record<Step, number>>>;
}

/** The steps of the work on a frame. */
export type Step = 'decode' | 'preprocess' | 'encoder' | 'memory' | 'decoder' | 'mask';

export const EMPTY_CENSUS: Census = {
  buffers: 0,
  bytes: 0,
  maxBytes: 0,
  objectsPerStep: 0,
  frames: 0,
  sessions: 0,
  gpuBuffers: 0,
  gpuBytes: 0,
  bytesUp: 0,
  bytesDown: 0,
  dispatches: 0,
  directFrames: 0,
  bitmapFrames: 0,
  gpuWaitMs: 0,
  graphs: {},
  trackedFrames: 0,
  stepMs: {},
};

/** What two workers hold and have done. */
export function addCensus(a: Census, b: Census): Census {
  return combine(a, b, 1);
}

/** What was done, and what more is held, from `before` to `after`. */
export function subtractCensus(after: Census, before: Census): Census {
  return combine(after, before, -1);
}

function combine(a: Census, b: Census, sign: 1 | -1): Census {
  const graphs = { ...a.graphs };
  for (const [name, { runs, milliseconds }] of Object.entries(b.graphs)) {
    const other = graphs[name] ?? { runs: 0, milliseconds: 0 };
    graphs[name] = {
      runs: other.runs + sign * runs,
      milliseconds: other.milliseconds + sign * milliseconds,
    };
  }
  const stepMs: Partial<Record<Step, number>> = { ...a.stepMs };
  for (const [step, ms] of Object.entries(b.stepMs) as [Step, number][])
    stepMs[step] = (stepMs[step] ?? 0) + sign * ms;
  const sum = (key: Exclude<keyof Census, 'graphs' | 'stepMs'>) => a[key] + sign * b[key];
  return {
    buffers: sum('buffers'),
    bytes: sum('bytes'),
    maxBytes: sum('maxBytes'),
    objectsPerStep: sum('objectsPerStep'),
    frames: sum('frames'),
    sessions: sum('sessions'),
    gpuBuffers: sum('gpuBuffers'),
    gpuBytes: sum('gpuBytes'),
    bytesUp: sum('bytesUp'),
    bytesDown: sum('bytesDown'),
    dispatches: sum('dispatches'),
    directFrames: sum('directFrames'),
    bitmapFrames: sum('bitmapFrames'),
    gpuWaitMs: sum('gpuWaitMs'),
    trackedFrames: sum('trackedFrames'),
    ...{ graphs, stepMs },
  };
}
