import { parseEmbeddedManifest, type EmbeddedManifest } from './embeddedManifest.ts';
import { record, type Precision, type WeightFile } from './manifestParts.ts';
import { parseSam2Manifest, type Sam2Manifest } from './sam2Manifest.ts';

/** What `public/models/ID.json` says of a model. */
export type ModelManifest = EmbeddedManifest | Sam2Manifest;

/** @throws MaskletError `weights-altered` if `json` is not a manifest; says which part is not. */
export function parseManifest(json: unknown): ModelManifest {
  return record(json, 'manifest')['family'] === 'embedded'
    ? parseEmbeddedManifest(json)
    : parseSam2Manifest(json);
}

/** All files that a model needs in a precision, by graph; `undefined` if it is not made in that. */
export function weightFiles(
  manifest: ModelManifest,
  precision: Precision,
): Readonly<Record<string, WeightFile>> | undefined {
  if (manifest.family === 'embedded') {
    return { encoder: manifest.encoder[precision], decoder: manifest.decoder };
  }
  const graphs = precision === 'lite' ? undefined : manifest.graphs[precision];
  return graphs && { ...graphs, constants: manifest.constants };
}
