export interface ByteLruOptions<K, V> {
  /** The bound on the sum of all values' bytes. */
  readonly maxBytes: number;
  readonly sizeOf: (value: V) => number;
  /** Told of each value that leaves the cache, for whatever reason: the place to dispose it. */
  readonly onEvict?: (value: V, key: K) => void;
}

/**
 * A cache with a bound in bytes, for things that hold memory outside the JavaScript heap. It owns its values: the least
 * recently used leave when a new one needs their room.
 */
export class ByteLru<K, V> {
  readonly maxBytes: number;
  readonly #sizeOf: (value: V) => number;
  readonly #onEvict: (value: V, key: K) => void;
  /** In order of use, the oldest first. The size is kept, so that a value that changes cannot unbalance the sum. */
  readonly #entries = new Map<K, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  constructor({ maxBytes, sizeOf, onEvict }: ByteLruOptions<K, V>) {
    this.maxBytes = maxBytes;
    this.#sizeOf = sizeOf;
    this.#onEvict = onEvict ?? (() => undefined);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which is now the most recently used. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Whether the value is there; does not count as a use. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /**
   * Puts a value in place of the one before. A value that alone is above the bound is evicted at once.
   *
   * @returns whether the cache holds the value.
   */
  set(key: K, value: V): boolean {
    const before = this.#entries.get(key);
    if (before?.value === value) {
      this.get(key);
      return true;
    }
    this.delete(key);
    const bytes = this.#sizeOf(value);
    if (bytes > this.maxBytes) {
      this.#onEvict(value, key);
      return false;
    }
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.maxBytes) break;
      this.delete(oldest);
    }
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** @returns whether there was such a value. */
  delete(key: K): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#onEvict(entry.value, key);
    return true;
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
  }
}
