import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import { parseManifest, type ModelManifest } from '../models/manifest.ts';
import { malformed, parseJson, record, type WeightFile } from '../models/manifestParts.ts';
import { ModelFolder, partName, storageBusy } from './modelFolder.ts';
import { keptName, reach, refused, type WeightPlace } from './weightFiles.ts';

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
    const added = (await ModelFolder.list()).filter((id) => !(id in catalogue));
    const found = await Promise.allSettled([
      ...added.map((id) => readAdded(id)),
      ...Object.entries(catalogue).map(([id, path]) => this.#own(id, path, signal)),
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
    const path = (await this.#catalogue(signal))[id];
    const found = path === undefined ? await readAdded(id) : await this.#own(id, path, signal);
    if (found) return found;
    throw new MaskletError('weights-missing', `The model “${id}” is not here any more. Choose another one.`);
  }

  /** Paths of manifests, relative to the catalogue, by the models' ids. */
  async #catalogue(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const models = Object.entries(record(await this.#describe(CATALOGUE, signal), CATALOGUE));
    if (!models.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
      throw malformed(CATALOGUE);
    return Object.fromEntries(models);
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
      const kept = await folder?.readText(name);
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
  const folder = await ModelFolder.open(manifest.id);
  if (!folder) return { bytes: 0, isWhole: false };
  const kept = { bytes: 0, isWhole: true };
  for (const file of files) {
    const name = keptName(file, base);
    const whole = await folder.size(name);
    kept.isWhole &&= whole > 0;
    kept.bytes += whole || (await folder.size(partName(name)));
  }
  return kept;
}

/**
 * Writes a model that a person gave into the browser's storage: its files, which were checked, and last its manifest, without
 * which it is not there. @throws MaskletError `storage-full`
 */
export async function keepAdded(
  id: string,
  manifest: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<WeightFile, Blob>,
): Promise<void> {
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
    await ModelFolder.remove(id);
    throw error;
  }
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
