import { FormatError } from '../core/formatError.ts';
import type { InputFile } from './files.ts';

/** A JSON file larger than this cannot be one string in a browser. */
const MOST_JSON_BYTES = 400 * 2 ** 20;

/** A JSON object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

/** A text file as it is. @throws FormatError if it is not UTF-8, or too large */
export async function readText(file: InputFile): Promise<string> {
  const bytes = await file.bytes(MOST_JSON_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${file.path} is no text in UTF-8.`, { cause });
  }
}

/** @throws FormatError if the file is not JSON with an object at the top. */
export async function readJson(file: InputFile): Promise<Json> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${file.path} is not JSON: it may be damaged or cut off.`, { cause });
  }
  return asObject(value, file.path);
}

/** @param place named in the error. @throws FormatError if it is no object */
export function asObject(value: unknown, place: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new FormatError(`${place} is ${show(value)}: it must be an object.`);
}

/** @param place named in the error. @throws FormatError if it is no list */
export function asList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new FormatError(`${place} is ${show(value)}: it must be a list.`);
}

/** @param place named in the error. @throws FormatError if it is no whole number from `least` on */
export function asWhole(value: unknown, place: string, least = 0): number {
  if (isWhole(value) && value >= least) return value;
  throw new FormatError(`${place} is ${show(value)}: it must be a whole number from ${least}.`);
}

/** @param place named in the error. @throws FormatError if it is no text */
export function asText(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  throw new FormatError(`${place} is ${show(value)}: it must be a text.`);
}

/** Whether a value is a number without a fraction. */
export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}
