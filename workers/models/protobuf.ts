/**
 * The wire format of Protocol Buffers, without a schema: a message is a list of numbered fields, so whatever is not
 * understood is written back as it was read. Source: protobuf.dev/programming-guides/encoding.
 */
import { joinBytes } from '../../src/core/joinBytes.ts';

/** A number of up to 64 bits, an embedded message or packed values or text, or 4 or 8 bytes of fixed size. */
export type Field = { readonly number: number } & (
  | { readonly wire: 0; readonly value: bigint }
  | { readonly wire: 1 | 2 | 5; readonly value: Uint8Array }
);

/** @throws RangeError if the bytes are no message. */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  const reader = new VarintReader(bytes);
  const take = (length: number) => {
    if (reader.at + length > bytes.length) throw new RangeError('A field reaches beyond its message.');
    return bytes.subarray(reader.at, (reader.at += length));
  };
  while (reader.at < bytes.length) {
    const key = Number(reader.next());
    const number = key >>> 3;
    const wire = key & 7;
    if (wire === 0) fields.push({ number, wire, value: reader.next() });
    else if (wire === 1) fields.push({ number, wire, value: take(8) });
    else if (wire === 2) fields.push({ number, wire, value: take(Number(reader.next())) });
    else if (wire === 5) fields.push({ number, wire, value: take(4) });
    else throw new RangeError(`There is no wire type ${wire}.`);
  }
  return fields;
}

/** A message of Protocol Buffers from its fields, in their order. */
export function writeFields(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts = fields.map(({ number, wire, value }) => {
    const key = varint(number * 8 + wire);
    if (wire === 0) return [key, varint(value)];
    return wire === 2 ? [key, varint(value.length), value] : [key, value];
  });
  return joinBytes(parts.flat());
}

/** Values that stand one after the other in a packed field. Negative ones are those of int64. */
export function readPacked(bytes: Uint8Array): bigint[] {
  const reader = new VarintReader(bytes);
  const values: bigint[] = [];
  while (reader.at < bytes.length) values.push(BigInt.asIntN(64, reader.next()));
  return values;
}

/** A field that is a varint. */
export function integer(number: number, value: number | bigint): Field {
  return { number, wire: 0, value: BigInt(value) };
}

/** A field that is bytes. */
export function bytes(number: number, value: Uint8Array): Field {
  return { number, wire: 2, value };
}

/** A field that is text, in UTF-8. */
export function text(number: number, value: string): Field {
  return bytes(number, new TextEncoder().encode(value));
}

/** A field that is a message itself. */
export function message(number: number, fields: readonly Field[]): Field {
  return bytes(number, writeFields(fields));
}

class VarintReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(source: Uint8Array) {
    this.#bytes = source;
  }

  next(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError('A number reaches beyond its message.');
  }
}

/** A 64-bit two's complement variable-length integer. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const result: number[] = [];
  while (rest > 127n) {
    result.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.from([...result, Number(rest)]);
}
