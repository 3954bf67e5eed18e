import { describe, expect, it } from 'vitest';
import { UsageError } from '../node/usage.ts';
import { parseEvalOptions } from './options.ts';

const parse = (...args: string[]) => parseEvalOptions(['--data', 'clips', ...args]);

describe('--backward', () => {
  it('is off unless it is given, and goes with --init and --planted', () => {
    expect(parse()).toMatchObject({ init: 'mask', backward: false });
    expect(parse('--backward')).toMatchObject({ init: 'mask', backward: true });
    expect(parse('--init', 'box', '--planted', 'cut', '--backward')).toMatchObject({
      init: 'box',
      planted: 'cut',
      backward: true,
    });
  });

  it.each([['--interactive', 'online'], ['--cost']])('is refused with %s', (...mode) => {
    expect(() => parse(...mode, '--backward')).toThrow(UsageError);
    expect(() => parse(...mode, '--backward')).toThrow('--backward goes with --init');
  });
});
