import type { WeightProgress } from '../../src/core/protocol/model.ts';
import { withFilesOf } from './library.ts';
import type { WeightFile } from '../models/manifestParts.ts';
import { obtainFile, type ObtainedFile, type ObtainOptions, type WeightPlace } from './weightFiles.ts';

export interface ModelFiles {
  readonly modelId: string;
  /** By graph, and `constants`. */
  readonly files: Readonly<Record<string, WeightFile>>;
  readonly place: WeightPlace;
}

interface ObtainAllOptions extends Omit<ObtainOptions, 'onProgress'> {
  readonly onProgress: (progress: WeightProgress) => void;
  /** Given each file as soon as it is there. */
  readonly onFile: (name: string, file: ObtainedFile) => void;
}

/** Obtains a model's files, one after the other; progress is of each and of all. @throws MaskletError as `obtainFile` does */
export async function obtainAll(
  { modelId, files, place }: ModelFiles,
  { onProgress, onFile, ...options }: ObtainAllOptions,
): Promise<void> {
  const named = Object.entries(files);
  const loaded = new Map<string, number>();
  const totalBytes = named.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const report = () => {
    const parts = named.map(([name, { bytes }]) => ({
      name,
      loadedBytes: loaded.get(name) ?? 0,
      totalBytes: bytes,
    }));
    const loadedBytes = parts.reduce((sum, part) => sum + part.loadedBytes, 0);
    onProgress({ loadedBytes, totalBytes, files: parts });
  };
  await withFilesOf(modelId, options.signal, async () => {
    for (const [name, file] of named) {
      const obtained = await obtainFile(file, place, {
        ...options,
        onProgress: (loadedBytes) => {
          loaded.set(name, loadedBytes);
          report();
        },
      });
      onFile(name, obtained);
    }
  });
}
