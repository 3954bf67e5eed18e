import { useStore } from 'zustand';
import type { Doubted, Doubts } from '../core/doubt.ts';
import { doubtfulStore, doubtsOf } from '../stores/work/doubtful.ts';

/** The doubtful frames of a document's objects, by id. */
export function useDoubts(objects: readonly Doubted[]): ReadonlyMap<number, Doubts> {
  // What is not known yet comes when all masks are judged.
  useStore(doubtfulStore, (state) => state.judged === undefined);
  return doubtsOf(objects);
}
