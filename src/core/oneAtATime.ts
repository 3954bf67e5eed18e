/**
 * A queue for work that must not overlap. Each piece starts when all earlier ones have ended, whether they succeeded or not; its
 * caller gets its result, or what it threw.
 */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
}
