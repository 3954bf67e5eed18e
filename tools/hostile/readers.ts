import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MaskletError } from '../../src/core/errors.ts';
import { decodePng } from '../../src/core/decodePng.ts';
import { parsePromptFile } from '../../src/core/promptFile.ts';
import { readHistory } from '../../src/document/saved/readHistory.ts';
import { openClip } from '../../workers/media/openClip.ts';
import { parseManifest, weightFiles } from '../../workers/models/manifest.ts';
import { PRECISIONS } from '../../workers/models/manifestParts.ts';
import type { Database } from '../../workers/project/database.ts';
import { loadProject } from '../../workers/project/projectDatabase.ts';
import { isSound, recoverInto } from '../../workers/project/recover.ts';
import { openDatabase } from '../project/projectFile.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import type { Random } from './random.ts';

/** Something that reads files of others, and real files for it. */
export interface Reader {
  /** Paths of real files. */
  readonly files: () => Promise<string[]>;
  /** A real file, changed. */
  readonly mutate: (file: Buffer, random: Random) => Buffer;
  /** @throws what a person is told of a file that cannot be read */
  readonly read: (bytes: Buffer<ArrayBuffer>) => Promise<void>;
}

const listed = (folder: string, pattern: RegExp) => async () =>
  (await readdir(folder)).filter((name) => pattern.test(name)).map((name) => join(folder, name));

const changedJson = (file: Buffer, random: Random) =>
  Buffer.from(JSON.stringify(mutateJson(JSON.parse(file.toString()), random)));

/** Of `e2e/fixtures/image.png`. */
const PNG_SIZE = { width: 320, height: 180 };

function readProject(database: Database): void {
  const { history, facts } = loadProject(database);
  readHistory(history, facts.clip);
}

function recoveredInto(target: Database, damaged: Database): Database {
  recoverInto(target, damaged);
  return target;
}

/** The readers by name. */
export const READERS: Readonly<Record<string, Reader>> = {
  media: {
    files: listed('e2e/fixtures', /\.(mp4|mov|webm|mkv|png|jpg|gif|webp|avif)$/),
    mutate: mutateBytes,
    async read(bytes) {
      (await openClip(new File([bytes], 'clip'))).dispose();
    },
  },
  manifest: {
    files: async () => [
      ...(await listed('public/models', /^(?!catalogue).*\.json$/)()),
      'fixtures/models/sam2.1-tiny-random/manifest.json',
      'fixtures/models/edgetam-tiny-random/manifest.json',
    ],
    mutate: changedJson,
    read(bytes) {
      const manifest = parseManifest(JSON.parse(bytes.toString()));
      const base = 'https://hub.example/models/';
      for (const precision of PRECISIONS)
        for (const { path } of Object.values(weightFiles(manifest, precision) ?? {}))
          if (!new URL(path, base).href.startsWith(base)) throw new Error(`${path} leads out of the folder.`);
      return Promise.resolve();
    },
  },
  prompts: {
    files: () => Promise.resolve(['tools/hostile/prompts.json']),
    mutate: changedJson,
    read(bytes) {
      parsePromptFile(JSON.parse(bytes.toString()));
      return Promise.resolve();
    },
  },
  png: {
    files: () => Promise.resolve(['e2e/fixtures/image.png']),
    mutate: mutateBytes,
    async read(bytes) {
      await decodePng(bytes, 'mask.png', PNG_SIZE);
    },
  },
  project: {
    files: listed('fixtures/projects', /\.masklet$/),
    mutate: mutateBytes,
    async read(bytes) {
      const [database, recovered] = [await openDatabase(bytes), await openDatabase()];
      try {
        readProject(isSound(database) ? database : recoveredInto(recovered, database));
      } catch (thrown) {
        // As workers/project/projectService.ts does: of what is damaged, what can be read is put together.
        if (!(thrown instanceof MaskletError) || thrown.code !== 'project-damaged') throw thrown;
        readProject(recoveredInto(recovered, database));
      } finally {
        database.close();
        recovered.close();
      }
    },
  },
};

/** A file that a reader gets: one of its real files, changed as the number says. */
export async function hostileFile(reader: Reader, random: Random): Promise<Buffer> {
  const files = (await reader.files()).toSorted();
  const path = files[Math.floor(random() * files.length)];
  if (path === undefined) throw new RangeError('The reader has no files.');
  return reader.mutate(await readFile(path), random);
}
