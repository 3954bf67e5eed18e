import { MaskletError } from '../../src/core/errors.ts';

/** What every model's description says, whatever its graphs. */
export interface ModelDescription {
  /** Unique among the models of an app: of letters, digits, `_`, `.` and `-`. */
  readonly id: string;
  readonly name: string;
  /** What the model is good for, in a sentence for the person who chooses. */
  readonly about: string;
  readonly licence: string;
  /** Of the weights, where the manifest states one. */
  readonly version: string | undefined;
  /** Address of a page about the weights, by https. */
  readonly source: string | undefined;
  /** Where the files are, relative to the manifest. Empty, or with `/` at its end. */
  readonly base: string;
}

/** A file of weights: where it is, relative to the manifest's base, and what it must be. */
export interface WeightFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal; unknown for some files that others host. */
  readonly sha256: string | undefined;
}

/** How a graph computes: in floats of 32 or of 16 bits, or, as a graph for LiteRT, in floats of 32 bits with weights of 16. */
export const PRECISIONS = ['fp32', 'fp16', 'lite'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** The longest text that a description may hold, in UTF-16 units. */
const MAX_TEXT = 1000;
const MAX_NAME = 100;
/** A graph of more bytes does not fit into WebAssembly's memory. */
const MAX_FILE_BYTES = 2 ** 32;

/** @throws MaskletError `weights-altered` if a part is missing or not as it should be. */
export function describedModel(manifest: Record<string, unknown>): ModelDescription {
  const { name, id = name, about = '', licence, version, source, base = '' } = manifest;
  if (!isText(name, MAX_NAME) || !isText(licence, MAX_NAME) || !isText(about, MAX_TEXT))
    throw malformed('name, licence or about');
  if (!isText(id, MAX_NAME) || !isName(id)) throw malformed('id');
  if (source !== undefined && (!isText(source, MAX_TEXT) || webAddress(source)?.protocol !== 'https:'))
    throw malformed('source');
  if (version !== undefined && !isText(version, MAX_NAME)) throw malformed('version');
  if (!isText(base, MAX_TEXT) || !isBase(base)) throw malformed('base');
  return { id, name, about, licence, version, source, base };
}

/** @param json `{ file, bytes, sha256? }`, the file as a path of names (`isPath`) */
export function weightFile(json: unknown, name: string): WeightFile {
  const { file, bytes, sha256 } = record(json, name);
  if (!isText(file, MAX_TEXT) || !isPath(file)) throw malformed(`${name}: file`);
  if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes <= 0 || bytes > MAX_FILE_BYTES)
    throw malformed(`${name}: bytes`);
  if (sha256 !== undefined && (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)))
    throw malformed(`${name}: sha256`);
  return { path: file, bytes, sha256 };
}

/**
 * Whether a text is a path of plain names with `/` between them: letters, digits, `_`, `.` and `-`, with no `.` or `-` in front. It then
 * means the same as an address and as a path in a folder, and never leads out of either.
 */
export function isPath(text: string): boolean {
  return text.split('/').every(isName);
}

function isName(text: string): boolean {
  return /^\w[\w.-]*$/.test(text);
}

/** A folder's path, or its address on the web: by https, or by http on this very computer. Both end with `/`. */
function isBase(text: string): boolean {
  if (text === '') return true;
  if (!text.endsWith('/')) return false;
  return isPath(text.slice(0, -1)) || webAddress(text) !== undefined;
}

/** An address that nobody on the way can change, without a password in it. */
function webAddress(text: string): URL | undefined {
  if (!/^https?:\/\/[^\\]+$/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return isSafe && url.username === '' && url.password === '' ? url : undefined;
}

function isText(json: unknown, longest: number): json is string {
  return typeof json === 'string' && json.length <= longest;
}

/** The whole number at a key. @throws MaskletError `weights-altered` if there is none from `least` to `most` */
export function whole(of: Record<string, unknown>, key: string, least: number, most: number): number {
  const value = of[key];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw malformed(key);
  return value;
}

/** `json` as an object. @param name names it in the error. @throws MaskletError `weights-altered` if it is none */
export function record(json: unknown, name: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed(name);
  return json as Record<string, unknown>;
}

/** The error for a manifest that is not as it should be. @param part where */
export function malformed(part: string): MaskletError {
  return new MaskletError(
    'weights-altered',
    `The model’s description is not as it should be (${part}). Get the model’s files again, or set the app up again.`,
  );
}

/** @throws MaskletError `weights-altered` if `text` is no JSON. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed(name);
  }
}
