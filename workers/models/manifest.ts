import { MaskletError } from '../../src/core/errors.ts';

/** A file of weights: where it is, relative to the manifest, and what it must be. */
export interface WeightFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What `public/models/ID.json` says of a model. */
export interface ModelManifest {
  readonly id: string;
  readonly name: string;
  readonly family: 'embedded';
  readonly licence: string;
  readonly files: { readonly encoder: WeightFile; readonly decoder: WeightFile };
}

/** @throws MaskletError `weights-altered` if `json` is not a manifest. */
export function parseManifest(json: unknown): ModelManifest {
  const { id, name, family, licence, files } = record(json, 'manifest');
  if (typeof id !== 'string' || typeof name !== 'string' || typeof licence !== 'string') {
    throw malformed('id, name or licence');
  }
  if (family !== 'embedded') throw malformed('family');
  const { encoder, decoder } = record(files, 'files');
  return {
    id,
    name,
    family,
    licence,
    files: { encoder: weightFile(encoder, 'encoder'), decoder: weightFile(decoder, 'decoder') },
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
