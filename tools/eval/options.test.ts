import { describe, expect, it } from 'vitest';
import { RULES } from '../../workers/tracker/embedded/tuned.ts';
import { UsageError } from '../node/usage.ts';
import { foldOf } from './clips.ts';
import { HELP, parseEvalOptions } from './options.ts';

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

describe('--shown', () => {
  it('is a frame, or the middle one', () => {
    expect(parse()).toMatchObject({ shown: undefined });
    expect(parse('--shown', 'middle', '--init', 'click')).toMatchObject({ init: 'click', shown: 'middle' });
    expect(parse('--shown', '6')).toMatchObject({ init: 'mask', shown: 6 });
    expect(() => parse('--shown', 'first')).toThrow('--shown');
  });

  it.each([['--interactive', 'online'], ['--cost'], ['--backward'], ['--planted', 'cut']])(
    'is refused with %s',
    (...other) => {
      expect(() => parse(...other, '--shown', '6')).toThrow('--shown goes with --init');
    },
  );
});

describe('--crop', () => {
  it('is columns to rows', () => {
    expect(parse()).toMatchObject({ crop: undefined });
    expect(parse('--crop', '3:4')).toMatchObject({ crop: { width: 3, height: 4 } });
  });

  it.each(['3', '3:0', '3x4', '-1:2', '3:4:5'])('is refused as %s', (text) => {
    expect(() => parse(`--crop=${text}`)).toThrow('--crop is columns to rows');
  });
});

describe('--without', () => {
  it('names rules of the embedded tracker, which the help lists', () => {
    expect(parse()).toMatchObject({ without: [] });
    expect(parse('--without', 'discount,favour')).toMatchObject({ without: ['discount', 'favour'] });
    for (const rule of Object.keys(RULES)) expect(HELP).toMatch(new RegExp(`\\s${rule}\\s`));
  });

  it('is refused with a rule that there is not, and says which there are', () => {
    expect(() => parse('--without', 'discuont')).toThrow(UsageError);
    expect(() => parse('--without', 'discuont')).toThrow(/discount, .*favour.*, not “discuont”/);
  });

  it('is refused with another model', () => {
    expect(() => parse('--without', 'favour', '--model', 'models/edgetam')).toThrow(UsageError);
  });
});

describe('--fold', () => {
  it('names one of two halves, in which every clip is once', () => {
    expect(parse('--fold', 'b')).toMatchObject({ fold: 'b' });
    const names = ['camel', 'blackswan', 'libby', 'goat', 'soapbox'];
    expect(foldOf(names, 'a')).toEqual(['blackswan', 'goat', 'soapbox']);
    expect(foldOf(names, 'b')).toEqual(['camel', 'libby']);
  });

  it('is refused with another name, with --clips, and where a half is empty', () => {
    expect(() => parse('--fold', 'c')).toThrow('--fold is a, b, not “c”.');
    expect(() => parse('--fold', 'a', '--clips', 'camel')).toThrow(UsageError);
    expect(() => foldOf(['camel'], 'b')).toThrow(UsageError);
  });
});

describe('marked look-alikes', () => {
  it('are painted pairs without --data, or planted twins', () => {
    expect(parseEvalOptions(['--pairs', 'held'])).toMatchObject({ mode: 'marked', pairs: 'held' });
    expect(parse('--planted', 'cross', '--marked')).toMatchObject({ mode: 'marked', planted: 'cross' });
  });

  it("are refused where there is no twin, with data of one's own, and with another evaluation", () => {
    expect(() => parse('--marked', '--planted', 'cut')).toThrow('there is no twin to mark');
    expect(parseEvalOptions(['--pairs', 'held', '--alone'])).toMatchObject({ alone: true });
    expect(() => parse('--alone')).toThrow('--alone goes with --pairs');
    expect(() => parse('--pairs', 'held')).toThrow('no --data');
    expect(() => parseEvalOptions(['--pairs', 'held', '--cost'])).toThrow('choose one');
    expect(() => parseEvalOptions(['--pairs', 'all'])).toThrow('--pairs is tuning, held, three, not “all”.');
  });
});
