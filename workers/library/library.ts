import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { parseManifest, weightFiles, type ModelManifest } from '../models/manifest.ts';
import {
  isPath,
  malformed,
  parseJson,
  PRECISIONS,
  record,
  type WeightFile,
} from '../models/manifestParts.ts';
import { ModelFolder, partName, storageBusy, storageFailed } from './modelFolder.ts';
import { reach, refused } from './fetchWeights.ts';
import { keptName, namesOf, type WeightPlace } from './weightFiles.ts';

/** A model that can be loaded, and where its files are. */
export interface KnownModel {
  readonly manifest: ModelManifest;
  /** Absolute address of the manifest's files; `undefined` for a model that was added from a folder. */
  readonly base: string | undefined;
}

const CATALOGUE = 'catalogue.json';
/** Descriptions of the app's own models as they last came, for when the server is out of reach. */
const DESCRIPTIONS = '.descriptions';
const ADDED_MANIFEST = 'manifest.json';

/** The models that this app knows: those of its catalogue, and those that were added in this browser. */
export class ModelLibrary {
  readonly #address: string;

  /** @param address of the folder with `catalogue.json` and the manifests that it names */
  constructor(address: string) {
    this.#address = address;
  }

  /** The added models, then the catalogue's in its order. @throws MaskletError as `find` does */
  async list(signal: AbortSignal): Promise<KnownModel[]> {
    const catalogue = await this.#catalogue(signal);
    const added = (await ModelFolder.list()).filter((id) => id !== DESCRIPTIONS && !catalogue.has(id));
    const found = await Promise.allSettled([
      ...added.map((id) => readAdded(id)),
      ...Array.from(catalogue, ([id, path]) => this.#own(id, path, signal)),
    ]);
    throwIfAborted(signal);
    return found.flatMap((each) => {
      if (each.status === 'fulfilled') return each.value ?? [];
      // One that cannot be described does not take the others with it.
      console.warn('A model is left out of the list.', each.reason);
      return [];
    });
  }

  /**
   * @throws MaskletError `weights-missing` if there is no such model or its description is gone, `weights-unreachable`,
   *   `weights-altered`, `aborted`
   */
  async find(id: string, signal: AbortSignal): Promise<KnownModel> {
    const path = (await this.#catalogue(signal)).get(id);
    const found = path === undefined ? await readAdded(id) : await this.#own(id, path, signal);
    if (found) return found;
    throw new MaskletError('weights-missing', `The model “${id}” is not here any more. Choose another one.`);
  }

  /**
   * Deletes files that no model names: those of earlier releases of its weights, and of models that are in no catalogue and were
   * not added whole. A model whose files are in use, or whose description cannot be had, is left as it is.
   */
  async sweep(signal: AbortSignal): Promise<void> {
    const catalogue = await this.#catalogue(signal);
    for (const id of await ModelFolder.list()) {
      if (id === DESCRIPTIONS) continue;
      const path = catalogue.get(id);
      const sweepOne = async (folder: ModelFolder) => {
        if (path === undefined) return sweepAdded(id, folder);
        const known = await this.#own(id, path, signal);
        await folder.keepOnly(new Set(allFiles(known).flatMap((file) => namesOf(file, known.base))));
      };
      await navigator.locks
        .request(lockName(id), { ifAvailable: true }, async (lock) => {
          const folder = lock && (await ModelFolder.open(id));
          if (folder) await sweepOne(folder);
        })
        .catch(warnOfSweep);
    }
  }

  /** Paths of manifests, relative to the catalogue, by the models' ids. */
  async #catalogue(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const models = Object.entries(record(await this.#describe(CATALOGUE, signal), CATALOGUE));
    const isListed = (entry: [string, unknown]): entry is [string, string] =>
      typeof entry[1] === 'string' && isPath(entry[1]);
    if (!models.every(isListed)) throw malformed(CATALOGUE);
    return new Map(models);
  }

  async #own(id: string, path: string, signal: AbortSignal): Promise<KnownModel> {
    const manifest = parseManifest(await this.#describe(path, signal));
    if (manifest.id !== id) throw malformed(`${path}: id`);
    const folder = new URL(path, this.#address);
    return { manifest, base: new URL(manifest.base, folder).href };
  }

  /** From the server, so that it is never older than the app; as it was kept where the server is out of reach. */
  async #describe(path: string, signal: AbortSignal): Promise<unknown> {
    const url = new URL(path, this.#address);
    const what = 'The model’s description';
    const folder = await ModelFolder.open(DESCRIPTIONS);
    const name = path.replaceAll('/', '-');
    let text: string;
    try {
      const response = await reach(what, url, signal, () => fetch(url, { signal, cache: 'no-cache' }));
      if (!response.ok) throw refused(what, url, response.status);
      text = await reach(what, url, signal, () => response.text());
    } catch (error) {
      throwIfAborted(signal);
      const kept = await folder?.readText(name).catch(() => undefined);
      if (kept === undefined) throw error;
      text = kept;
    }
    const json = parseJson(text, path);
    // Another worker may be writing the same.
    await folder?.write(name, new TextEncoder().encode(text)).catch(() => undefined);
    return json;
  }
}

/** Where a model's files are kept and come from. */
export async function placeOf({ manifest, base }: KnownModel): Promise<WeightPlace> {
  return { base, folder: await ModelFolder.open(manifest.id) };
}

/**
 * How much of a model's files this browser has, begun downloads included, and whether all of them are there.
 */
export async function keptBytes(
  { manifest, base }: KnownModel,
  files: readonly WeightFile[],
): Promise<{ bytes: number; isWhole: boolean }> {
  const nothing = { bytes: 0, isWhole: false };
  const folder = await ModelFolder.open(manifest.id);
  if (!folder) return nothing;
  const kept = { bytes: 0, isWhole: true };
  try {
    for (const file of files) {
      const name = keptName(file, base);
      const whole = await folder.size(name);
      kept.isWhole &&= whole > 0;
      kept.bytes += whole || (await folder.size(partName(name)));
    }
  } catch (error) {
    console.warn(`The files of the model “${manifest.id}” could not be counted.`, error);
    return nothing;
  }
  return kept;
}

/**
 * Writes a model that a person gave into the browser's storage: its files, which were checked, then its manifest, without
 * which it is not there. Where the model is there already, its manifest and files serve until the new manifest has taken the
 * old one's place, for a file's name holds its hash; then what only the old one named is deleted.
 *
 * @throws MaskletError `storage-full`, `storage-failed`; what was there before then still serves
 */
export function keepAdded(
  id: string,
  manifest: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<WeightFile, Blob>,
): Promise<void> {
  return navigator.locks.request(lockName(id), async () => {
    const folder = await ModelFolder.open(id);
    if (!folder) {
      throw new MaskletError(
        'storage-full',
        'This browser keeps nothing for this page (a private window?), so a model cannot be added.',
      );
    }
    try {
      for (const [file, content] of files)
        await folder.write(keptName(file), new Uint8Array(await content.arrayBuffer()));
      await folder.write(ADDED_MANIFEST, new TextEncoder().encode(JSON.stringify(manifest)));
    } catch (error) {
      throw error instanceof MaskletError ? error : storageFailed(error);
    } finally {
      await sweepAdded(id, folder).catch(warnOfSweep);
    }
  });
}

/** Deletes what an added model's manifest does not name; all of it where there is no manifest. */
async function sweepAdded(id: string, folder: ModelFolder): Promise<void> {
  const known = await readAdded(id);
  if (known)
    await folder.keepOnly(new Set([ADDED_MANIFEST, ...allFiles(known).map((file) => keptName(file))]));
  else await ModelFolder.remove(id);
}

/** The files of a model in all precisions. */
function allFiles({ manifest }: KnownModel): WeightFile[] {
  return PRECISIONS.flatMap((precision) => Object.values(weightFiles(manifest, precision) ?? {}));
}

function warnOfSweep(error: unknown): void {
  console.warn('Files of models that nothing uses could not be deleted.', error);
}

/** Runs `work` on a model's files; they are not deleted meanwhile, by this tab or another one. */
export function withFilesOf<Result>(
  id: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  return navigator.locks.request(lockName(id), { mode: 'shared', signal }, work);
}

/** Deletes a model's files. @throws MaskletError `storage-busy` while they are downloaded or loaded */
export function removeModel(id: string): Promise<void> {
  return navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) => {
    if (!lock) throw storageBusy(undefined);
    await ModelFolder.remove(id);
  });
}

function lockName(id: string): string {
  return `masklet-model-${id}`;
}

async function readAdded(id: string): Promise<KnownModel | undefined> {
  const text = await (await ModelFolder.open(id))?.readText(ADDED_MANIFEST);
  if (text === undefined) return undefined;
  return { manifest: parseManifest(parseJson(text, ADDED_MANIFEST)), base: undefined };
}
