/**
 * Turns a callback into an iteration: yields what `work` reports, the latest only where the consumer is slower, and returns
 * its result.
 */
export async function* reporting<Report, Result>(
  work: (report: (value: Report) => void) => Promise<Result>,
): AsyncGenerator<Report, Result, undefined> {
  let latest: { value: Report } | undefined;
  let settled = false;
  let wake: (() => void) | undefined;
  const result = work((value) => {
    latest = { value };
    wake?.();
  }).finally(() => {
    settled = true;
    wake?.();
  });
  // It is awaited below; until then a failure is not unhandled.
  result.catch(() => undefined);
  for (;;) {
    if (latest) {
      const { value } = latest;
      latest = undefined;
      yield value;
    } else if (settled) {
      return await result;
    } else {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}
