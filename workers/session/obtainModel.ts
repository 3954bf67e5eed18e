import type { WeightProgress } from '../../src/core/protocol.ts';
import type { WeightFile } from '../models/manifestParts.ts';
import { obtainFile, type ObtainOptions, type WeightPlace } from '../models/weightFiles.ts';

export interface ObtainedModel {
  /** The files' contents, by the names under which they were asked for. */
  readonly bytes: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly totalBytes: number;
  /** Whether all were there before. */
  readonly wasKept: boolean;
}

interface ObtainAllOptions extends Omit<ObtainOptions, 'onProgress'> {
  readonly onProgress: (progress: WeightProgress) => void;
}

/** Obtains a model's files, one after the other; progress is of each and of all. @throws MaskletError as `obtainFile` does */
export async function obtainAll(
  files: Readonly<Record<string, WeightFile>>,
  place: WeightPlace,
  { onProgress, ...options }: ObtainAllOptions,
): Promise<ObtainedModel> {
  const named = Object.entries(files);
  const loaded = new Map<string, number>();
  const totalBytes = named.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  let wasKept = true;
  for (const [name, file] of named) {
    const obtained = await obtainFile(file, place, {
      ...options,
      onProgress: (loadedBytes) => {
        loaded.set(name, loadedBytes);
        const parts = named.map(([each, { bytes: all }]) => ({
          name: each,
          loadedBytes: loaded.get(each) ?? 0,
          totalBytes: all,
        }));
        const loadedAll = parts.reduce((sum, part) => sum + part.loadedBytes, 0);
        onProgress({ loadedBytes: loadedAll, totalBytes, files: parts });
      },
    });
    bytes.set(name, obtained.bytes);
    wasKept &&= obtained.wasKept;
  }
  return { bytes, totalBytes, wasKept };
}
