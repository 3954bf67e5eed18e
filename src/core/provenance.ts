/** A model, as far as it is known which one. */
export interface ModelVersion {
  /** Names its weights, such as `sam2.1-tiny`. */
  readonly id: string;
  /** Of the weights; see `modelVersion` in workers/models/modelVersion.ts. Absent where nobody knows. */
  readonly version?: string;
}

/** How a mask can have come about. */
const ORIGINS = ['click', 'box', 'brush', 'mask', 'track', 'interpolation', 'detail', 'import'] as const;

/**
 * How a mask came about: by points or a box on this very frame, with the brush, as a mask that was given as it is (proposed or copied), by tracking
 * from prompts on other frames, by a fast run that filled it in between tracked frames, by the detail pass over a tracked mask, or from a file.
 */
export type MaskOrigin = (typeof ORIGINS)[number];

/** Where a mask comes from. Equal ones are mostly the very same object, so that a long clip holds few. */
export interface Provenance {
  readonly origin: MaskOrigin;
  /** The model that made it; absent where none did, or nobody knows which. */
  readonly model?: ModelVersion;
}

/** Frames, by their numbers in the clip, whose masks come from the same. Frames between them may have no mask. */
export interface ProvenanceRun {
  readonly first: number;
  readonly last: number;
  readonly provenance: Provenance;
}

const known = new Map<string, Provenance>();

/** Where a mask comes from; the same object for the same. */
export function provenance(origin: MaskOrigin, model?: ModelVersion): Provenance {
  const key = [origin, model?.id, model?.version].join('\n');
  let found = known.get(key);
  if (found === undefined) {
    const { id, version } = model ?? {};
    found = {
      origin,
      ...(id !== undefined && { model: { id, ...(version !== undefined && { version }) } }),
    };
    known.set(key, found);
  }
  return found;
}

/** What masks say of where they come from, by runs. @param masks by the numbers of their frames, in rising order */
export function provenanceRuns(
  masks: Iterable<readonly [frame: number, provenance: Provenance | undefined]>,
): ProvenanceRun[] {
  const runs: { first: number; last: number; provenance: Provenance }[] = [];
  let before: (typeof runs)[number] | undefined;
  for (const [frame, from] of masks) {
    if (before && isSame(before.provenance, from)) before.last = frame;
    else {
      before = from && { first: frame, last: frame, provenance: from };
      if (before) runs.push(before);
    }
  }
  return runs;
}

/** What runs say of a frame. */
export function provenanceOn(
  runs: readonly ProvenanceRun[] | undefined,
  frame: number,
): Provenance | undefined {
  const listed = runs ?? [];
  let [low, high] = [0, listed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((listed[middle]?.last ?? 0) < frame) low = middle + 1;
    else high = middle;
  }
  const run = listed[low];
  return run && run.first <= frame ? run.provenance : undefined;
}

function isSame(a: Provenance, b: Provenance | undefined): boolean {
  return (
    a === b ||
    (a.origin === b?.origin && a.model?.id === b.model?.id && a.model?.version === b.model?.version)
  );
}

/** The longest text by which a file may name a model, or its version. */
const LONGEST = 200;

/**
 * What a file says of where a mask comes from; nothing where it names no origin that there is. What it says of the model counts as far as it is text.
 */
export function readProvenance(origin: unknown, model: unknown, version: unknown): Provenance | undefined {
  const found = ORIGINS.find((each) => each === origin);
  return found && provenance(found, readModel(model, version));
}

/** What a file says of a model, as far as it is text. */
export function readModel(id: unknown, version: unknown): ModelVersion | undefined {
  return isText(id) ? { id, ...(isText(version) && { version }) } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST;
}
