/** A command line, or a file named on it, that makes no sense: printed as its sentence, exit code 2. */
export class UsageError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** @throws UsageError if the option is not a whole number from `least` to `most`. */
export function wholeNumber(option: string, text: string, least: number, most = Infinity): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`${option} is a whole number ${range}, not “${text}”.`);
}

/** A range of frames as people write it, both ends included: `10-20`, or one frame, `7`. */
export function frameRange(text: string): { first: number; last: number } {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!match || last < first) {
    throw new UsageError(`--range is two frames, the first not after the last, as in 0-49; not “${text}”.`);
  }
  return { first, last };
}
