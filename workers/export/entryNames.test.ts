import { describe, expect, it } from 'vitest';
import { entryNames, safeName } from './entryNames.ts';

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

describe('entryNames', () => {
  it('numbers frames with five digits, as DAVIS does', () => {
    expect(entryNames(1).idMap(0)).toBe('masks/00000.png');
    expect(entryNames(100_000).idMap(99_999)).toBe('masks/99999.png');
  });

  it('takes more digits for a longer clip, so that names sort as frames do', () => {
    expect(entryNames(100_001).idMap(7)).toBe('masks/000007.png');
  });
});
