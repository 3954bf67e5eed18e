/**
 * What can go wrong, by a stable code. The message is a sentence for the person in front of the page: what happened,
 * to what, and what they can do.
 */
export type ErrorCode =
  | 'file-not-media'
  | 'file-empty'
  | 'file-damaged'
  | 'codec-unsupported'
  | 'no-frames'
  | 'too-large'
  | 'frame-undecodable'
  | 'mask-format'
  | 'weights-missing'
  | 'weights-altered'
  | 'weights-unreachable'
  | 'storage-full'
  | 'storage-failed'
  | 'storage-busy'
  | 'project-newer'
  | 'project-damaged'
  | 'project-busy'
  | 'project-missing'
  | 'file-not-project'
  | 'video-differs'
  | 'model-failed'
  | 'model-unfit'
  | 'gpu-lost'
  | 'gpu-memory'
  | 'gpu-failed'
  | 'worker-crashed'
  | 'aborted'
  | 'superseded'
  | 'disposed'
  | 'not-ready'
  | 'unknown';

/** An error with a stable code, whose message is a sentence for the person at the page. */
export class MaskletError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MaskletError';
    this.code = code;
  }
}

/** Any thrown value as a `MaskletError`; an unknown one keeps its message and becomes the cause. */
export function toMaskletError(thrown: unknown): MaskletError {
  if (thrown instanceof MaskletError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return abortedError(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new MaskletError('unknown', `Something unexpected went wrong: ${message}`, { cause: thrown });
}

/** The error of work that was cancelled. @param cause what the signal or the browser gave as the reason */
export function abortedError(cause?: unknown): MaskletError {
  return new MaskletError('aborted', 'Cancelled.', { cause });
}

/** Whether a thrown value only says that work was cancelled. */
export function isAborted(thrown: unknown): boolean {
  return toMaskletError(thrown).code === 'aborted';
}

/** Throws if the signal has fired: its reason where that says why (`superseded`, …), else `aborted`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof MaskletError ? signal.reason : abortedError(signal.reason);
}

/** An error as it crosses a worker's boundary: structured clone drops the class and the code of an `Error`. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly stack: string | undefined;
}

/** A thrown value, ready to cross a worker’s boundary; the stack of its cause is kept in its own. */
export function toErrorEnvelope(thrown: unknown): ErrorEnvelope {
  const error = toMaskletError(thrown);
  const cause =
    error.cause instanceof Error ? `\nCaused by: ${error.cause.stack ?? error.cause.message}` : '';
  return { code: error.code, message: error.message, stack: error.stack && error.stack + cause };
}

/** The error that an envelope was made of, with its code and stack. */
export function fromErrorEnvelope(envelope: ErrorEnvelope): MaskletError {
  const error = new MaskletError(envelope.code, envelope.message);
  if (envelope.stack !== undefined) error.stack = envelope.stack;
  return error;
}

interface ThrownValue {
  readonly value: unknown;
}

interface TransferHandlers {
  get(name: string): unknown;
  set(name: string, handler: unknown): unknown;
}

/**
 * Makes Comlink carry errors with their code. Both sides of a boundary call it once with Comlink's `transferHandlers`.
 * Replaces Comlink's own handler named `throw`, which keeps the message only.
 */
export function carryErrorCodes(transferHandlers: TransferHandlers): void {
  const original = transferHandlers.get('throw') as { canHandle(value: unknown): boolean };
  transferHandlers.set('throw', {
    canHandle: (value: unknown) => original.canHandle(value),
    serialize: ({ value }: ThrownValue) => [toErrorEnvelope(value), []],
    deserialize: (envelope: ErrorEnvelope) => {
      throw fromErrorEnvelope(envelope);
    },
  });
}
