import { cellCount, type AttentionPlan } from '../memoryAttention.ts';

/** Keys that a workgroup goes through, at most: a search with few queries has more workgroups by it. */
const SPAN = 512;

/** Queries of a search, and some of its keys. By rows of a batch. */
export interface Span {
  readonly query: number;
  readonly queries: number;
  readonly key: number;
  readonly keys: number;
  /** Where what is found for the first query goes. */
  readonly part: number;
}

/** What is gathered and compared at once. */
export interface Batch {
  /** By search, the row of its first query. */
  readonly queries: ReadonlyMap<number, number>;
  /** One search's after another's. */
  readonly windows: readonly WindowKeys[];
  readonly queryRows: number;
  readonly keyRows: number;
  readonly spans: readonly Span[];
}

/** The keys of a window that a search remembers. */
export interface WindowKeys {
  readonly search: number;
  /** The window's index in the search's plan. */
  readonly remembered: number;
  /** That of its first key. */
  readonly row: number;
}

/** Where what the spans of a search find lies: parts of one span after those of another. */
export interface SearchParts {
  readonly queries: number;
  readonly part: number;
  readonly spans: number;
}

export interface AttentionSpans {
  readonly batches: readonly Batch[];
  /** By search. */
  readonly searches: readonly SearchParts[];
  /** Of all searches. */
  readonly parts: number;
}

/** A batch that is being filled. */
class OpenBatch implements Batch {
  readonly queries = new Map<number, number>();
  readonly windows: WindowKeys[] = [];
  readonly spans: Span[] = [];
  queryRows = 0;
  keyRows = 0;
}

/**
 * Divides a frame's attention into spans, and those into batches.
 *
 * @param mostRows of queries, and of keys, in a batch; a window of more, or one of a search with more queries, is a batch of its own
 * @throws RangeError if a search remembers nothing
 */
export function attentionSpans(plans: readonly AttentionPlan[], mostRows: number): AttentionSpans {
  let batch = new OpenBatch();
  const batches = [batch];
  let parts = 0;
  const searches = plans.map(({ asked, remembered }, search) => {
    if (remembered.length === 0) throw new RangeError('A search needs something to compare with.');
    const queries = cellCount(asked);
    const part = parts;
    remembered.forEach(({ window }, i) => {
      const count = cellCount(window);
      const more = batch.queries.has(search) ? 0 : queries;
      const isFull = batch.queryRows + more > mostRows || batch.keyRows + count > mostRows;
      if (isFull && batch.spans.length > 0) batches.push((batch = new OpenBatch()));
      let query = batch.queries.get(search);
      if (query === undefined) {
        batch.queries.set(search, (query = batch.queryRows));
        batch.queryRows += queries;
      }
      batch.windows.push({ search, remembered: i, row: batch.keyRows });
      for (let done = 0; done < count; done += SPAN, parts += queries) {
        const keys = Math.min(SPAN, count - done);
        batch.spans.push({ query, queries, key: batch.keyRows + done, keys, part: parts });
      }
      batch.keyRows += count;
    });
    return { queries, part, spans: (parts - part) / queries };
  });
  return { batches, searches, parts };
}
