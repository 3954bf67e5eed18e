import type { Census, Stage } from './protocol.ts';

export const EMPTY_CENSUS: Census = {
  buffers: 0,
  bytes: 0,
  maxBytes: 0,
  frames: 0,
  sessions: 0,
  gpuBuffers: 0,
  gpuBytes: 0,
  bytesUp: 0,
  bytesDown: 0,
  dispatches: 0,
  gpuWaitMs: 0,
  graphs: {},
  trackedFrames: 0,
  stageMs: {},
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
  const stageMs: Partial<Record<Stage, number>> = { ...a.stageMs };
  for (const [stage, ms] of Object.entries(b.stageMs) as [Stage, number][])
    stageMs[stage] = (stageMs[stage] ?? 0) + sign * ms;
  const sum = (key: Exclude<keyof Census, 'graphs' | 'stageMs'>) => a[key] + sign * b[key];
  return {
    buffers: sum('buffers'),
    bytes: sum('bytes'),
    maxBytes: sum('maxBytes'),
    frames: sum('frames'),
    sessions: sum('sessions'),
    gpuBuffers: sum('gpuBuffers'),
    gpuBytes: sum('gpuBytes'),
    bytesUp: sum('bytesUp'),
    bytesDown: sum('bytesDown'),
    dispatches: sum('dispatches'),
    gpuWaitMs: sum('gpuWaitMs'),
    trackedFrames: sum('trackedFrames'),
    ...{ graphs, stageMs },
  };
}
