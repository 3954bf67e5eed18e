import { describe, expect, it } from 'vitest';
import { ByteLru } from './byteLru.ts';

interface Block {
  bytes: number;
}

function cacheOf(maxBytes: number) {
  const evicted: string[] = [];
  const cache = new ByteLru<string, Block>({
    maxBytes,
    sizeOf: (block) => block.bytes,
    onEvict: (_block, key) => evicted.push(key),
  });
  return { cache, evicted };
}

describe('ByteLru', () => {
  it('keeps what fits and counts its bytes', () => {
    const { cache, evicted } = cacheOf(10);
    cache.set('a', { bytes: 4 });
    cache.set('b', { bytes: 6 });
    expect([cache.bytes, cache.size, evicted]).toEqual([10, 2, []]);
    expect(cache.get('a')).toEqual({ bytes: 4 });
    expect(cache.get('c')).toBeUndefined();
  });

  it('evicts the least recently used first, and no more than it must', () => {
    const { cache, evicted } = cacheOf(10);
    for (const key of ['a', 'b', 'c']) cache.set(key, { bytes: 3 });
    cache.get('a');
    cache.set('d', { bytes: 4 });
    expect(evicted).toEqual(['b']);
    expect([cache.has('a'), cache.has('c'), cache.has('d')]).toEqual([true, true, true]);
    expect(cache.bytes).toBe(10);
  });

  it('does not take has() for a use', () => {
    const { cache, evicted } = cacheOf(2);
    cache.set('a', { bytes: 1 });
    cache.set('b', { bytes: 1 });
    cache.has('a');
    cache.set('c', { bytes: 1 });
    expect(evicted).toEqual(['a']);
  });

  it('disposes the value that a new one replaces', () => {
    const { cache, evicted } = cacheOf(10);
    cache.set('a', { bytes: 8 });
    cache.set('a', { bytes: 5 });
    expect([cache.bytes, cache.size, evicted]).toEqual([5, 1, ['a']]);
  });

  it('keeps a value that is set again as it is', () => {
    const { cache, evicted } = cacheOf(10);
    const block = { bytes: 8 };
    cache.set('a', block);
    expect(cache.set('a', block)).toBe(true);
    expect([cache.bytes, evicted]).toEqual([8, []]);
  });

  it('refuses a value above the bound without giving up the others', () => {
    const { cache, evicted } = cacheOf(10);
    cache.set('a', { bytes: 4 });
    expect(cache.set('big', { bytes: 11 })).toBe(false);
    expect([cache.bytes, cache.size, evicted]).toEqual([4, 1, ['big']]);
  });

  it('keeps its sum right when a value changes its size while cached', () => {
    const { cache } = cacheOf(10);
    const block = { bytes: 4 };
    cache.set('a', block);
    block.bytes = 1;
    cache.delete('a');
    expect(cache.bytes).toBe(0);
  });

  it('disposes every value once on clear', () => {
    const { cache, evicted } = cacheOf(10);
    cache.set('a', { bytes: 1 });
    cache.set('b', { bytes: 1 });
    cache.clear();
    cache.clear();
    expect([cache.bytes, cache.size, evicted]).toEqual([0, 0, ['a', 'b']]);
    expect(cache.delete('a')).toBe(false);
  });
});
