/** How well the tracker's own score tells which frames went wrong. */

/** One tracked frame: what the tracker said, and what is true. */
export interface Judged {
  readonly score: number;
  readonly iou: number;
}

/** Flagging all frames with a score below `threshold`. */
export interface Flagging {
  readonly threshold: number;
  /** Share of the flagged frames that are bad; NaN if none is flagged. */
  readonly precision: number;
  /** Share of the bad frames that are flagged; NaN if none is bad. */
  readonly recall: number;
  readonly flagged: number;
}

export interface DoubtReport {
  /** A frame is bad below this IoU. */
  readonly badBelow: number;
  readonly bad: number;
  readonly frames: number;
  /** At the threshold of the largest F1 on these very frames: an upper bound. */
  readonly best: Flagging | null;
  readonly fixed: Flagging;
}

/** What flagging the frames with a score below `threshold` finds; `badBelow` is an IoU. */
export function flag(frames: readonly Judged[], badBelow: number, threshold: number): Flagging {
  const flagged = frames.filter(({ score }) => score < threshold);
  const hits = flagged.filter(({ iou }) => iou < badBelow).length;
  const bad = frames.filter(({ iou }) => iou < badBelow).length;
  return { threshold, precision: hits / flagged.length, recall: hits / bad, flagged: flagged.length };
}

/** How well scores tell the frames with an IoU below `badBelow`: at the best threshold, and at `threshold`. */
export function reportDoubt(frames: readonly Judged[], badBelow: number, threshold: number): DoubtReport {
  const bad = frames.filter(({ iou }) => iou < badBelow).length;
  return {
    badBelow,
    bad,
    frames: frames.length,
    best: bad === 0 ? null : bestFlagging(frames, badBelow),
    fixed: flag(frames, badBelow, threshold),
  };
}

/** Sweeps all thresholds that make a difference: just above each score. */
function bestFlagging(frames: readonly Judged[], badBelow: number): Flagging {
  const byScore = [...frames].sort((a, b) => a.score - b.score);
  const bad = frames.filter(({ iou }) => iou < badBelow).length;
  let best = flag(frames, badBelow, 0);
  let bestF1 = -1;
  let hits = 0;
  byScore.forEach(({ score, iou }, i) => {
    if (iou < badBelow) hits++;
    const next = byScore[i + 1]?.score ?? 1;
    if (next === score) return;
    const f1 = (2 * hits) / (i + 1 + bad);
    if (f1 <= bestF1) return;
    bestF1 = f1;
    best = flag(frames, badBelow, (score + next) / 2);
  });
  return best;
}

/** Spearman's rank correlation; equal values share their mean rank. NaN where one side does not vary. */
export function spearman(pairs: readonly (readonly [number, number])[]): number {
  return pearson(ranks(pairs.map(([a]) => a)), ranks(pairs.map(([, b]) => b)));
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const result = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end++;
    for (const { index } of order.slice(start, end)) result[index] = (start + end - 1) / 2;
    start = end;
  }
  return result;
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const average = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [average(a), average(b)];
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const [da, db] = [value - meanA, (b[i] ?? 0) - meanB];
    product += da * db;
    squaresA += da * da;
    squaresB += db * db;
  });
  return product / Math.sqrt(squaresA * squaresB);
}
