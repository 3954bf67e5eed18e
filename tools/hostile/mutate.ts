import type { Random } from './random.ts';

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const oneOf = <Value>(random: Random, values: readonly Value[]): Value => {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new RangeError('There is nothing to choose from.');
  return value;
};

/** Numbers at which readers go wrong. */
const EDGES = [
  0, 1, 2, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xd6000001, 0xffffffff,
];

type Change = (bytes: Buffer<ArrayBuffer>, random: Random) => Buffer<ArrayBuffer>;

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    for (let left = 1 + below(random, 8); left > 0; left--) {
      const at = below(random, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
    }
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length >= 4) bytes.writeUInt32BE(oneOf(random, EDGES), below(random, bytes.length - 3));
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length >= 2)
      bytes.writeUInt16LE(oneOf(random, EDGES) & 0xffff, below(random, bytes.length - 1));
    return bytes;
  },
  (bytes, random) => Buffer.from(bytes.subarray(0, below(random, bytes.length))),
  (bytes, random) => {
    const [from, length] = [below(random, bytes.length), below(random, 64)];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  },
  (bytes, random) => {
    const [from, to, length] = [below(random, bytes.length), below(random, bytes.length), below(random, 256)];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    return bytes.fill(oneOf(random, [0, 0xff]), from, Math.min(from + below(random, 64), bytes.length));
  },
];

/** A file with one or two changes: flipped bits, extreme numbers, parts cut out, doubled, blanked or missing at the end. */
export function mutateBytes(file: Uint8Array, random: Random): Buffer<ArrayBuffer> {
  let bytes = Buffer.from(file);
  for (let left = 1 + below(random, 2); left > 0 && bytes.length > 0; left--)
    bytes = oneOf(random, CHANGES)(bytes, random);
  return bytes;
}

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, 2 ** 31, 2 ** 53, -(2 ** 53), '', 'x', 'x'.repeat(5000), [], {}],
  ...[
    '../x',
    '..\\x',
    '\\\\host\\x',
    '//host/x',
    '%2e%2e/x',
    'data:,x',
    'https://host/x',
    'C:x',
    '/x',
    '__proto__',
  ],
];

/** A JSON value with one to three of its parts replaced, left out or moved. */
export function mutateJson(json: unknown, random: Random): unknown {
  const copy: { root?: unknown } = { root: structuredClone(json) };
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const places = Array.from(placesIn(copy));
    if (places.length === 0) break;
    const [holder, key] = oneOf(random, places);
    const choice = random();
    if (choice < 0.15 && !Array.isArray(holder)) Reflect.deleteProperty(holder, key);
    else if (choice < 0.3) {
      const [other, otherKey] = oneOf(random, places);
      holder[key] = structuredClone(other[otherKey]);
    } else holder[key] = structuredClone(oneOf(random, VALUES));
  }
  return copy.root ?? null;
}

type Holder = Record<string, unknown>;

function* placesIn(value: unknown): Generator<readonly [Holder, string], void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    yield [value as Holder, key];
    yield* placesIn((value as Holder)[key]);
  }
}
