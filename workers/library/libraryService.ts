import type { FolderFile, LibraryApi, ModelListing } from '../../src/core/protocol/library.ts';
import type { ModelAddress, WeightProgress } from '../../src/core/protocol/model.ts';
import { pumpToPort, type Stream } from '../../src/core/stream.ts';
import { keptBytes, ModelLibrary, placeOf, removeModel, type KnownModel } from './library.ts';
import { weightFiles } from '../models/manifest.ts';
import { addModel } from './addModel.ts';
import { findWays, NO_WAY, noWay } from '../models/devices.ts';
import { obtainAll } from './obtainModel.ts';
import { reporting } from './reporting.ts';

/** The library worker's side of the contract. */
export class LibraryService implements LibraryApi {
  #isSwept = false;

  async list(folder: string): Promise<ModelListing[]> {
    const library = new ModelLibrary(folder);
    const { signal } = new AbortController();
    const listings = await Promise.all((await library.list(signal)).map(describe));
    if (!this.#isSwept) {
      this.#isSwept = true;
      void library.sweep(signal).catch((error: unknown) => console.warn('Nothing was tidied up.', error));
    }
    return listings;
  }

  async download(model: ModelAddress, stream: Stream<WeightProgress>): Promise<void> {
    await pumpToPort(stream, (signal) => this.#download(model, signal));
  }

  add(files: readonly FolderFile[]): Promise<string> {
    return addModel(files);
  }

  remove(id: string): Promise<void> {
    return removeModel(id);
  }

  async *#download(
    { folder, id }: ModelAddress,
    signal: AbortSignal,
  ): AsyncGenerator<WeightProgress, void, undefined> {
    const known = await new ModelLibrary(folder).find(id, signal);
    const files = await neededFiles(known);
    if (!files) throw noWay(known.manifest);
    const place = await placeOf(known);
    // Without storage nothing can be brought ahead: loading the model downloads it.
    if (!place.folder) return;
    const onFile = () => undefined;
    yield* reporting<WeightProgress, void>((onProgress) =>
      obtainAll({ modelId: id, files, place }, { onProgress, onFile, signal, unkept: 'fail' }),
    );
  }
}

/** The files of the fastest way to run a model on this machine. */
async function neededFiles({ manifest }: KnownModel) {
  const [way] = await findWays(manifest);
  return way && weightFiles(manifest, way.precision);
}

async function describe(known: KnownModel): Promise<ModelListing> {
  const { manifest, base } = known;
  const { id, name, family, about, licence, source } = manifest;
  const fitting = await neededFiles(known);
  const files = Object.values(fitting ?? weightFiles(manifest, 'fp16') ?? {});
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const kept = await keptBytes(known, files);
  return {
    ...{ id, name, family, about, licence, source, totalBytes },
    host: base === undefined ? undefined : new URL(base).host,
    keptBytes: kept.bytes,
    isKept: kept.isWhole,
    isPinned: files.every(({ sha256 }) => sha256 !== undefined),
    unfit: fitting ? undefined : NO_WAY,
  };
}
