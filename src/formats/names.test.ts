import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameName, frameStem, safeName, uniqueNames } from './names.ts';

describe('safeName', () => {
  it.each([
    ['swan', 'swan'],
    ['Object 1', 'Object 1'],
    ['../../etc/passwd', 'etc-passwd'],
    ['a\\b:c*d?e"f<g>h|i', 'a-b-c-d-e-f-g-h-i'],
    ['/', 'object'],
    ['..', 'object'],
    ['', 'object'],
    ['   ', 'object'],
    ['trailing. . ', 'trailing'],
    ['лебедь', 'лебедь'],
    ['白鳥 2', '白鳥 2'],
    ['a\u0000b\nc', 'a-b-c'],
    ['right\u202Eto left', 'right-to left'],
    ['🦢', 'object'],
    ['con', 'con_'],
    ['LPT1', 'LPT1_'],
    ['console', 'console'],
  ])('makes %j %j', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  it('writes one letter in one way, however it was typed', () => {
    expect(safeName('a\u0308')).toBe(safeName('ä'));
  });

  it('fits any file system', () => {
    expect(new TextEncoder().encode(safeName('𠀀'.repeat(500))).length).toBeLessThanOrEqual(250);
  });
});

describe('uniqueNames', () => {
  it('keeps objects of one name apart, also where case does not count', () => {
    expect(uniqueNames(['duck', 'Duck', 'duck', 'duck-2'])).toEqual(['duck', 'Duck-2', 'duck-3', 'duck-2-2']);
  });

  it('gives as many names as it gets, and none twice', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 4 })), (names) => {
        const unique = uniqueNames(names).map((name) => name.toLowerCase());
        expect(new Set(unique).size).toBe(names.length);
      }),
    );
  });
});

describe('names of frames', () => {
  it('are numbers of five digits, or of more for a longer clip', () => {
    expect(frameName(7, 100)).toBe('00007');
    expect(frameName(7, 100_001)).toBe('000007');
  });

  it.each([
    ['swan.0001', 'swan.0001'],
    ['../a', '-a'],
    ['nul.1', '_nul.1'],
    ['a.', 'a'],
    ['', '0'],
  ])('%j stay what they are as far as every system allows: %j', (name, stem) => {
    expect(frameStem({ frames: [{ number: 0, name }] }, 0)).toBe(stem);
  });
});
