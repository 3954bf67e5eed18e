/** A value that holds from index `first` to index `last` of a row of states; to the end where `last` is `null`. */
export interface Interval<T> {
  readonly first: number;
  readonly last: number | null;
  readonly value: T;
}

/** The intervals of a row of values; where there is `undefined`, nothing holds. Neighbours that are the same become one. */
export function intervalsOf<T>(
  values: readonly (T | undefined)[],
  isSame: (a: T, b: T) => boolean,
): Interval<T>[] {
  const intervals: Interval<T>[] = [];
  let first = 0;
  for (const [at, value] of values.entries()) {
    const next = values[at + 1];
    const goesOn = value !== undefined && next !== undefined && isSame(value, next);
    if (goesOn) continue;
    if (value !== undefined) intervals.push({ first, last: at === values.length - 1 ? null : at, value });
    first = at + 1;
  }
  return intervals;
}

/** What makes one list of intervals from another: those that go, those that end elsewhere, those that are new. */
export interface IntervalChanges<T> {
  readonly drop: readonly Interval<T>[];
  readonly end: readonly Interval<T>[];
  readonly put: readonly Interval<T>[];
}

/** Compares two lists of intervals. */
export function changeIntervals<T>(
  former: readonly Interval<T>[],
  next: readonly Interval<T>[],
  isSame: (a: T, b: T) => boolean,
): IntervalChanges<T> {
  const drop: Interval<T>[] = [];
  const end: Interval<T>[] = [];
  const kept = new Set<Interval<T>>();
  for (const old of former) {
    const heir = next.find(({ first, value }) => first === old.first && isSame(old.value, value));
    if (heir === undefined) drop.push(old);
    else {
      kept.add(heir);
      if (heir.last !== old.last) end.push(heir);
    }
  }
  return { drop, end, put: next.filter((interval) => !kept.has(interval)) };
}
