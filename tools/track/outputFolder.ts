import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Size } from '../../src/core/geometry.ts';
import { composeIdMap } from '../../src/core/idMap.ts';
import { DAVIS_PALETTE } from '../../src/core/palette.ts';
import { encodeGrayPng, encodeIndexedPng } from '../../src/core/png.ts';
import type { PromptedObject } from '../../src/core/promptFile.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { paintRle } from '../../src/core/rle.ts';
import type { RunState } from '../../workers/tracker/run/propagation.ts';
import { entryNames } from '../../workers/export/entryNames.ts';
import { UsageError } from '../node/usage.ts';
import { writeWhole } from '../node/writeWhole.ts';
import { firstDifference, type RunIdentity } from './identity.ts';

/** What is known of one object on one frame beside its mask. */
export interface ObjectScore {
  readonly id: number;
  readonly score: number;
  readonly status: TrackedObject['status'];
}

/** A run that was interrupted. */
export interface SavedRun {
  readonly identity: RunIdentity;
  readonly state: RunState<unknown>;
  /** Of frames that are written; frames count within the range. */
  readonly scores: ReadonlyMap<number, readonly ObjectScore[]>;
  /** Of frames that wait for the other pass. */
  readonly pending: ReadonlyMap<number, readonly TrackedObject[]>;
}

/** Says which run the folder holds, also once it is finished. */
const RUN_FILE = 'run.json';
/** All that an interrupted run needs to go on; gone once it is finished. */
const STATE_FILE = 'run.state';
const SCORES_FILE = 'scores.json';

/** The folder that a run writes to. Every file in it is whole, whatever happens. */
export class OutputFolder {
  readonly path: string;
  readonly #identity: RunIdentity;
  readonly #size: Size;
  /** In the order of the prompt file: where masks overlap, the later object's pixels win. */
  readonly #objects: readonly PromptedObject[];
  readonly #binary: boolean;

  constructor(
    path: string,
    identity: RunIdentity,
    size: Size,
    objects: readonly PromptedObject[],
    binary: boolean,
  ) {
    this.path = path;
    this.#identity = identity;
    this.#size = size;
    this.#objects = objects;
    this.#binary = binary;
  }

  /**
   * Makes the folder ready for a new run.
   * @throws UsageError if there is anything in it.
   */
  async startRun(): Promise<void> {
    await mkdir(this.path, { recursive: true });
    if ((await readdir(this.path)).length > 0) {
      throw new UsageError(
        `The folder ${this.path} is not empty. Choose another one, or --resume to go on with the run that it holds.`,
      );
    }
    await this.#writeRun();
  }

  /**
   * Finds out where the run of this folder stopped: `finished`; a state to go on from; or `undefined`, to start at the
   * beginning.
   * @throws UsageError if the folder holds another run, or something else.
   */
  async resumeRun(names: readonly string[]): Promise<SavedRun | 'finished' | undefined> {
    await mkdir(this.path, { recursive: true });
    const files = new Set(await readdir(this.path));
    if (files.size === 0) {
      await this.#writeRun();
      return undefined;
    }
    if (!files.has(RUN_FILE)) {
      throw new UsageError(`The folder ${this.path} holds no run that --resume could go on with.`);
    }
    const { identity } = JSON.parse(await readFile(join(this.path, RUN_FILE), 'utf8')) as {
      identity: RunIdentity;
    };
    const difference = firstDifference(identity, this.#identity);
    if (difference !== undefined) {
      throw new UsageError(
        `The folder ${this.path} holds another run: ${difference} what it was started with. Choose another --out.`,
      );
    }
    const hasFrame = (name: string | undefined) => name !== undefined && files.has(`${name}.png`);
    if (!files.has(STATE_FILE)) {
      return files.has(SCORES_FILE) && names.every(hasFrame) ? 'finished' : undefined;
    }
    const saved = deserialize(await readFile(join(this.path, STATE_FILE))) as SavedRun;
    // Without a frame that was there, the state before that frame would be needed.
    return [...saved.scores.keys()].every((frame) => hasFrame(names[frame])) ? saved : undefined;
  }

  /** Writes the ID map of a frame, and with `--binary` each object's mask. */
  async writeFrame(name: string, tracked: readonly TrackedObject[]): Promise<void> {
    const maskOf = (objectId: number) => tracked.find((object) => object.objectId === objectId)?.mask;
    if (this.#binary) {
      const names = entryNames(1);
      for (const object of this.#objects) {
        const pixels = new Uint8Array(this.#size.width * this.#size.height);
        const mask = maskOf(object.objectId);
        if (mask) paintRle(mask, pixels, 255);
        const path = join(this.path, names.folder(object));
        await mkdir(path, { recursive: true });
        await writeWhole(join(path, `${name}.png`), await encodeGrayPng(pixels, this.#size));
      }
    }
    const map = composeIdMap(
      this.#size,
      this.#objects.map(({ objectId }) => ({ objectId, mask: maskOf(objectId) })),
    );
    const png = await encodeIndexedPng(map, this.#size, DAVIS_PALETTE);
    await writeWhole(join(this.path, `${name}.png`), png);
  }

  async saveState(saved: Omit<SavedRun, 'identity'>): Promise<void> {
    await writeWhole(join(this.path, STATE_FILE), serialize({ ...saved, identity: this.#identity }));
  }

  async forgetState(): Promise<void> {
    await rm(join(this.path, STATE_FILE), { force: true });
  }

  /** @param first the clip's frame that is the range's frame 0 */
  async writeScores(
    scores: ReadonlyMap<number, readonly ObjectScore[]>,
    names: readonly string[],
    first: number,
  ): Promise<void> {
    const frames = [...scores]
      .sort(([a], [b]) => a - b)
      .map(([frame, objects]) => ({ frame: frame + first, name: names[frame], objects }));
    const json = JSON.stringify({ version: 1, model: this.#identity.model, frames }, null, 1);
    await writeWhole(join(this.path, SCORES_FILE), `${json}\n`);
  }

  async #writeRun(): Promise<void> {
    const json = JSON.stringify({ version: 1, identity: this.#identity }, null, 2);
    await writeWhole(join(this.path, RUN_FILE), `${json}\n`);
  }
}
