import { EMPTY_CENSUS, type Census } from '../../src/core/census.ts';
import type { RuntimeStats } from './graph.ts';

/** What a runtime holds and has done so far. Later work does not change it. */
export function runtimeCensus({
  liveBuffers,
  liveBytes,
  spareBytes,
  graphs,
  ...stats
}: RuntimeStats): Census {
  const copies = Object.entries(graphs).map(([name, graph]) => [name, { ...graph }] as const);
  return {
    ...EMPTY_CENSUS,
    ...stats,
    gpuBuffers: liveBuffers,
    gpuBytes: liveBytes + spareBytes,
    graphs: Object.fromEntries(copies),
  };
}
