import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Size } from '../../src/core/geometry.ts';
import { composeIdMap } from '../../src/core/idMap.ts';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import { encodeIndexedPng } from '../../src/core/png.ts';
import type { PromptedObject } from '../../src/core/promptFile.ts';
import type { ModelVersion } from '../../src/core/provenance.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { binaryFolder, blackAndWhite } from '../../src/formats/pngMasks.ts';
import { UsageError } from '../node/usage.ts';
import { isTemporary, writeError, writeWhole } from '../node/writeWhole.ts';
import { FolderLock, LOCK_FILE } from './folderLock.ts';
import type { RunIdentity } from './identity.ts';
import {
  checkRunFile,
  forgetState,
  readState,
  RUN_FILE,
  STATE_FILE,
  writeRunFile,
  writeState,
  type ObjectScore,
  type SavedRun,
} from './runFiles.ts';

const SCORES_FILE = 'scores.json';

type NamedObject = Pick<PromptedObject, 'objectId' | 'name'>;

/** Where a run begins: at the start, after what an earlier one saved, or not at all. */
export type Beginning =
  | { readonly at: 'start'; readonly lost?: 'state' }
  | { readonly at: 'saved'; readonly saved: SavedRun }
  | { readonly at: 'end' };

export interface OutputOptions {
  readonly path: string;
  readonly identity: RunIdentity;
  /** The model that scores.json names. */
  readonly madeBy: ModelVersion;
  readonly size: Size;
  /** In the order of the prompt file: where masks overlap, the later object's pixels win. */
  readonly objects: readonly NamedObject[];
  /** Names of the range's frames. */
  readonly names: readonly string[];
  readonly binary: boolean;
  /** Goes on with the run that the folder holds. */
  readonly resume: boolean;
}

/** The folder that a run writes to. Every file in it is whole, whatever happens. */
export class OutputFolder {
  readonly #options: OutputOptions;
  #lock: FolderLock | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /**
   * Finds out where a run in this folder would begin, and writes nothing.
   * @throws UsageError if the folder holds another run, or something else.
   */
  async look(): Promise<Beginning> {
    const { path, identity, names, resume } = this.#options;
    const files = new Set((await filesIn(path)).filter((name) => name !== LOCK_FILE && !isTemporary(name)));
    if (files.size === 0) return { at: 'start' };
    if (!resume) {
      throw new UsageError(
        `The folder ${path} is not empty. Choose another one, or --resume to go on with the run that it holds.`,
      );
    }
    if (!files.has(RUN_FILE)) {
      throw new UsageError(`The folder ${path} holds no run that --resume could go on with.`);
    }
    await checkRunFile(path, identity);
    const hasFrame = (name: string | undefined) => name !== undefined && files.has(`${name}.png`);
    if (!files.has(STATE_FILE)) {
      return { at: files.has(SCORES_FILE) && names.every(hasFrame) ? 'end' : 'start' };
    }
    const saved = await readState(path, identity);
    // Without a frame that was there, the state before that frame would be needed.
    return saved && [...saved.scores.keys()].every((frame) => hasFrame(names[frame]))
      ? { at: 'saved', saved }
      : { at: 'start', lost: 'state' };
  }

  /**
   * Takes the folder for this run, until `close`.
   * @throws UsageError as `look` does; MaskletError `storage-busy` if another run is writing to it
   */
  async open(): Promise<Beginning> {
    const { path, identity } = this.#options;
    await mkdir(path, { recursive: true }).catch((cause: unknown) => {
      throw writeError(path, cause);
    });
    this.#lock = await FolderLock.take(path);
    try {
      const beginning = await this.look();
      const leftOver = (await readdir(path)).filter(isTemporary);
      for (const name of leftOver) await rm(join(path, name), { force: true, recursive: true });
      if (beginning.at === 'start') await writeRunFile(path, identity);
      return beginning;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Lets the folder go. */
  async close(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  /**
   * Writes the ID map of a frame, and with `--binary` each object's mask.
   * @param objects in drawing order, where they are others than at the start
   */
  async writeFrame(
    name: string,
    tracked: readonly TrackedObject[],
    objects: readonly NamedObject[] = this.#options.objects,
  ): Promise<void> {
    this.#lock?.check();
    const { path: folder, size, binary } = this.#options;
    const maskOf = (objectId: number) => tracked.find((object) => object.objectId === objectId)?.mask;
    if (binary) {
      for (const { objectId: id, name: objectName } of objects) {
        const path = join(binaryFolder({ id, name: objectName }), `${name}.png`);
        await this.writeFile(path, await blackAndWhite(size, maskOf(id)));
      }
    }
    const map = composeIdMap(
      size,
      objects.map(({ objectId }) => ({ objectId, mask: maskOf(objectId) })),
    );
    await writeWhole(join(folder, `${name}.png`), await encodeIndexedPng(map, size, DAVIS_PALETTE));
  }

  /** Writes a file of another kind, with the folders to it. @param name from the folder on */
  async writeFile(name: string, content: Uint8Array | string): Promise<void> {
    this.#lock?.check();
    const path = join(this.#options.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, content);
  }

  async saveState(saved: Omit<SavedRun, 'identity'>): Promise<void> {
    this.#lock?.check();
    const { path, identity } = this.#options;
    await writeState(path, { ...saved, identity });
  }

  async forgetState(): Promise<void> {
    await forgetState(this.#options.path);
  }

  /** @param first the clip's frame that is the range's frame 0 */
  async writeScores(scores: ReadonlyMap<number, readonly ObjectScore[]>, first: number): Promise<void> {
    this.#lock?.check();
    const { path, names, madeBy } = this.#options;
    const frames = [...scores]
      .sort(([a], [b]) => a - b)
      .map(([frame, objects]) => ({ frame: frame + first, name: names[frame], objects }));
    const { id: model, version: modelVersion } = madeBy;
    const json = JSON.stringify({ version: 1, model, modelVersion, frames }, null, 1);
    await writeWhole(join(path, SCORES_FILE), `${json}\n`);
  }
}

/** Nothing where the folder does not exist yet. @throws UsageError if the path is no folder. */
async function filesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw new UsageError(`--out is a folder; ${path} is a file.`);
    throw error;
  }
}
