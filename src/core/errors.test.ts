import { describe, expect, it } from 'vitest';
import {
  abortedError,
  fromErrorEnvelope,
  isAborted,
  MaskletError,
  throwIfAborted,
  toErrorEnvelope,
  toMaskletError,
} from './errors.ts';

/** As a message between threads arrives. */
const cross = (thrown: unknown) => fromErrorEnvelope(structuredClone(toErrorEnvelope(thrown)));

describe('toMaskletError', () => {
  it('keeps a MaskletError as it is', () => {
    const error = new MaskletError('too-large', 'This picture is too large.');
    expect(toMaskletError(error)).toBe(error);
  });

  it('keeps the message and cause of an unknown error', () => {
    const cause = new TypeError('x is not a function');
    const error = toMaskletError(cause);
    expect(error).toMatchObject({ code: 'unknown', cause });
    expect(error.message).toContain('x is not a function');
  });

  it('understands what is thrown without being an error', () => {
    expect(toMaskletError('out of order')).toMatchObject({ code: 'unknown', cause: 'out of order' });
    expect(toMaskletError('out of order').message).toContain('out of order');
  });

  it('takes the platform’s AbortError for a cancellation', () => {
    expect(toMaskletError(new DOMException('stopped', 'AbortError')).code).toBe('aborted');
  });
});

describe('isAborted', () => {
  it('tells a cancellation from a failure', () => {
    expect(isAborted(abortedError())).toBe(true);
    expect(isAborted(new DOMException('stopped', 'AbortError'))).toBe(true);
    expect(isAborted(new MaskletError('superseded', 'Another run has begun.'))).toBe(false);
    expect(isAborted(new Error('aborted'))).toBe(false);
    expect(isAborted(undefined)).toBe(false);
  });
});

describe('throwIfAborted', () => {
  it('throws only when the signal has fired', () => {
    const abort = new AbortController();
    expect(() => throwIfAborted(undefined)).not.toThrow();
    expect(() => throwIfAborted(abort.signal)).not.toThrow();
    abort.abort();
    expect(() => throwIfAborted(abort.signal)).toThrow(expect.objectContaining({ code: 'aborted' }));
  });

  it('throws the reason where that says why', () => {
    const reason = new MaskletError('superseded', 'Another run has begun.');
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(reason);
  });
});

describe('error envelope', () => {
  it('keeps class, code, message and stack', () => {
    const error = new MaskletError('codec-unsupported', 'This browser cannot decode HEVC.');
    const arrived = cross(error);
    expect(arrived).toBeInstanceOf(MaskletError);
    expect(arrived).toMatchObject({ code: error.code, message: error.message, stack: error.stack });
  });

  it('keeps the cause’s trace in the stack', () => {
    const cause = new Error('the decoder gave up');
    const arrived = cross(new MaskletError('frame-undecodable', 'Frame 3 is damaged.', { cause }));
    expect(arrived.stack).toContain('Caused by: Error: the decoder gave up');
  });
});
