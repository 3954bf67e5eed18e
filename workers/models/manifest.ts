import { MaskletError } from '../../src/core/errors.ts';

/** A file of weights: where it is, relative to the manifest, and what it must be. */
export interface WeightFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** How an encoder computes: in floats of 32 or 16 bits, or with the weights of its matrix products as 8-bit integers. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** What `public/models/ID.json` says of a model. */
export interface ModelManifest {
  readonly id: string;
  readonly name: string;
  readonly family: 'embedded';
  readonly licence: string;
  readonly files: { readonly encoder: Readonly<Record<Precision, WeightFile>>; readonly decoder: WeightFile };
}

/** @throws MaskletError `weights-altered` if `json` is not a manifest. */
export function parseManifest(json: unknown): ModelManifest {
  const { id, name, family, licence, files } = record(json, 'manifest');
  if (typeof id !== 'string' || typeof name !== 'string' || typeof licence !== 'string') {
    throw malformed('id, name or licence');
  }
  if (family !== 'embedded') throw malformed('family');
  const { encoder, decoder } = record(files, 'files');
  const { fp32, fp16, int8 } = record(encoder, 'encoder');
  return {
    id,
    name,
    family,
    licence,
    files: {
      encoder: {
        fp32: weightFile(fp32, 'encoder in fp32'),
        fp16: weightFile(fp16, 'encoder in fp16'),
        int8: weightFile(int8, 'encoder in int8'),
      },
      decoder: weightFile(decoder, 'decoder'),
    },
  };
}

export function weightFile(json: unknown, name: string): WeightFile {
  const { path, bytes, sha256 } = record(json, name);
  if (typeof path !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string')
    throw malformed(name);
  return { path, bytes, sha256 };
}

export function record(json: unknown, name: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null) throw malformed(name);
  return json as Record<string, unknown>;
}

export function malformed(part: string): MaskletError {
  return new MaskletError(
    'weights-altered',
    `The model’s description is not as it should be (${part}). Reload the page, or set the app up again.`,
  );
}
