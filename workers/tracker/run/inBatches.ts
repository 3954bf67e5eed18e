/**
 * The results of all items, in their order, worked on by at most `most` at a time, one batch after the other.
 *
 * @param work given a batch and where it starts
 */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (batch: readonly Item[], from: number) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += most)
    results.push(...(await work(items.slice(from, from + most), from)));
  return results;
}
