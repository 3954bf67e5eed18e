import { MaskletError } from '../../src/core/errors.ts';

/** What every model's description says, whatever its graphs. */
export interface ModelDescription {
  /** Unique among the models of an app: of letters, digits, dots and hyphens. */
  readonly id: string;
  readonly name: string;
  /** What the model is good for, in a sentence for the person who chooses. */
  readonly about: string;
  readonly licence: string;
  /** Address of a page about the weights. */
  readonly source: string | undefined;
  /** Where the files are, relative to the manifest. */
  readonly base: string;
}

/** A file of weights: where it is, relative to the manifest's base, and what it must be. */
export interface WeightFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal; unknown for some files that others host. */
  readonly sha256: string | undefined;
}

/** How a graph computes: in floats of 32 or 16 bits, or with the weights of its matrix products as 8-bit integers. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** @throws MaskletError `weights-altered` if a part is missing. */
export function describedModel(manifest: Record<string, unknown>): ModelDescription {
  const { name, id = name, about = '', licence, source, base = '' } = manifest;
  if (typeof id !== 'string' || !/^[\w][\w.-]*$/.test(id)) throw malformed('id');
  if (typeof name !== 'string' || typeof licence !== 'string' || typeof about !== 'string')
    throw malformed('name, licence or about');
  if (source !== undefined && typeof source !== 'string') throw malformed('source');
  if (typeof base !== 'string') throw malformed('base');
  return { id, name, about, licence, source, base };
}

/** @param json `{ file, bytes, sha256? }`, the file's path with `/` between folders, none of them `..` */
export function weightFile(json: unknown, name: string): WeightFile {
  const { file, bytes, sha256 } = record(json, name);
  if (typeof file !== 'string' || file.split('/').some((part) => part === '' || part === '..'))
    throw malformed(`${name}: file`);
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes <= 0)
    throw malformed(`${name}: bytes`);
  if (sha256 !== undefined && (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)))
    throw malformed(`${name}: sha256`);
  return { path: file, bytes, sha256 };
}

/** `json` as an object. @param name names it in the error. @throws MaskletError `weights-altered` if it is none */
export function record(json: unknown, name: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null) throw malformed(name);
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
