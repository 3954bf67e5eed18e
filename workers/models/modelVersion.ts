import type { ModelVersion } from '../../src/core/provenance.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { weightFiles, type ModelManifest } from './manifest.ts';
import type { Precision } from './manifestParts.ts';

/** Hexadecimal digits of a version that is a hash. */
const DIGITS = 12;

/**
 * Which model it is that made a mask. Its version is what the manifest states, of the embedded model that of its npm package; else a hash of the
 * hashes of its files in a precision, which is the same wherever they lie; else the revision of the hub that they come from. Without all of
 * these, there is none.
 */
export async function modelVersion(manifest: ModelManifest, precision: Precision): Promise<ModelVersion> {
  const { id } = manifest;
  const version = manifest.version ?? (await contentVersion(manifest, precision)) ?? revisionOf(manifest);
  return { id, ...(version !== undefined && { version }) };
}

async function contentVersion(manifest: ModelManifest, precision: Precision): Promise<string | undefined> {
  const files = Object.entries(weightFiles(manifest, precision) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const hashes = files.map(([name, file]) => file.sha256 && `${name} ${file.sha256}`);
  if (hashes.length === 0 || !hashes.every((hash) => hash !== undefined)) return undefined;
  const hash = await sha256(new TextEncoder().encode(hashes.join('\n')));
  return hash.slice(0, DIGITS);
}

/** The revision in the address of a folder on a hub: `…/resolve/REVISION/`. */
function revisionOf({ base }: ModelManifest): string | undefined {
  return /\/resolve\/([0-9a-f]{40})\//.exec(base)?.[1]?.slice(0, DIGITS);
}
