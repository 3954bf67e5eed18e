import { parseEmbeddedManifest, type EmbeddedManifest } from './embeddedManifest.ts';
import { record } from './manifestParts.ts';
import { parseSam2Manifest, type Sam2Manifest } from './sam2Manifest.ts';

/** What `public/models/ID.json` says of a model. */
export type ModelManifest = EmbeddedManifest | Sam2Manifest;

/** @throws MaskletError `weights-altered` if `json` is not a manifest; says which part is not. */
export function parseManifest(json: unknown): ModelManifest {
  return record(json, 'manifest')['family'] === 'embedded'
    ? parseEmbeddedManifest(json)
    : parseSam2Manifest(json);
}
