import { beforeEach, describe, expect, it } from 'vitest';
import { MaskletError } from '../../core/errors.ts';
import {
  clearClipNotices,
  dismissNotice,
  noticesStore,
  notify,
  notifyError,
  notifyProblem,
  readingTime,
} from './noticesStore.ts';

const shown = () => noticesStore.getState().notices;
const messages = () => shown().map(({ message }) => message);

beforeEach(() => shown().forEach(({ id }) => dismissNotice(id)));

describe('a notice', () => {
  it('passes by itself, later the longer it is; an error and an offer stay', () => {
    notify('Short.');
    const [short] = shown();
    notify('Much longer than the other.');
    const long = shown()[1];
    expect(readingTime(short!)).toBeGreaterThan(3000);
    expect(readingTime(long!)).toBeGreaterThan(readingTime(short!)!);
    notifyError(new MaskletError('unknown', 'Broken.'));
    notify('Shall it?', { label: 'Yes', run: () => undefined });
    expect(shown().map(readingTime)).toEqual([undefined, undefined]);
  });

  it('goes with its clip, whether news or error; what is about the app stays', () => {
    notify('No frame is doubtful.');
    clearClipNotices();
    expect(messages()).toEqual([]);
    notifyError(new MaskletError('unknown', 'Frame 3 cannot be decoded.'));
    notifyProblem('The model stopped.', { about: 'app' });
    clearClipNotices();
    expect(messages()).toEqual(['The model stopped.']);
  });

  it('gives way to newer ones, news before errors', () => {
    notifyProblem('Error.', { about: 'clip' });
    notify('a');
    notify('b');
    expect(messages()).toEqual(['Error.', 'b']);
    notify('b');
    expect(messages()).toEqual(['Error.', 'b']);
    notifyProblem('Second.', { about: 'clip' });
    notifyProblem('Third.', { about: 'clip' });
    expect(messages()).toEqual(['Second.', 'Third.']);
  });

  it('is not shown of what the person asked for', () => {
    notifyError(new MaskletError('aborted', 'Cancelled.'));
    notifyError(new MaskletError('superseded', 'Newer.'));
    expect(messages()).toEqual([]);
  });
});
