/** Two ways to do the same, taking turns so that what else the machine does falls on both; milliseconds are medians. */
export interface BenchPair {
  /** What is done. */
  readonly task: string;
  readonly ours: string;
  readonly baseline: string;
  /** Runs of each. */
  readonly rounds: number;
  readonly oursMs: number;
  readonly baselineMs: number;
  /** Median of the rounds' ratios: ours by the baseline's. */
  readonly ratio: number;
}

/** Something to time, for a person and for the clock. */
export interface Contender {
  readonly name: string;
  /** Does it once and gives its milliseconds. */
  readonly run: () => Promise<number>;
}

/** Times two contenders alternately, after one run of each that does not count. */
export async function takeTurns(
  task: string,
  ours: Contender,
  baseline: Contender,
  rounds: number,
): Promise<BenchPair> {
  const times: { readonly ours: number; readonly baseline: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const taken = { baseline: await baseline.run(), ours: await ours.run() };
    if (round >= 0) times.push(taken);
  }
  return {
    ...{ task, rounds, ours: ours.name, baseline: baseline.name },
    oursMs: median(times.map((time) => time.ours)),
    baselineMs: median(times.map((time) => time.baseline)),
    ratio: median(times.map((time) => time.ours / time.baseline)),
  };
}

/** @returns `NaN` of none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? NaN : (low + high) / 2;
}

/** How long a piece of work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
