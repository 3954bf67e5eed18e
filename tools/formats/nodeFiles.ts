import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FormatError } from '../../src/core/formatError.ts';
import { hasEnding, type InputFile, type OutputFile } from '../../src/formats/files.ts';
import { zipBytes, zipFiles } from '../../src/formats/zip.ts';
import { UsageError } from '../node/usage.ts';
import { writeWhole } from '../node/writeWhole.ts';

/** A file that is asked for without a limit. */
const MOST_BYTES = 2 ** 30;

/**
 * The files of a folder with all that is in it, of a ZIP, or a single file.
 * @throws UsageError if there is nothing at the path
 */
export async function openFiles(path: string): Promise<InputFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`There is no file or folder ${path}.`, { cause });
  });
  if (found.isDirectory()) {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return fileAt(file, file.slice(join(path, '/').length).replaceAll('\\', '/'));
      })
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  if (hasEnding(path, '.zip')) return zipFiles(await openAsBlob(path), path);
  return [fileAt(path, path.slice(dirname(path).length).replace(/^[/\\]/, ''))];
}

function fileAt(file: string, path: string): InputFile {
  return {
    path,
    bytes: async (most = MOST_BYTES) => {
      const handle = await open(file);
      try {
        // What a device or a pipe holds, its size does not say; only as much is read as a file of that size has.
        const { size } = await handle.stat();
        if (size > most) throw new FormatError(`${path} is larger than ${most} bytes.`);
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    },
  };
}

/** Where files go: a folder, a ZIP, or one file, by the ending of the path. */
export interface Output {
  readonly path: string;
  write(files: AsyncIterable<OutputFile>): Promise<number>;
}

/**
 * Makes ready to write to a path: a ZIP where it ends with `.zip`, one file where it ends as the format's only file does, else a new or
 * empty folder.
 * @param ending of the format's file, where it consists of one
 * @throws UsageError if there is something already
 */
export async function openOutput(path: string, ending: string | undefined): Promise<Output> {
  const found = await stat(path).catch(() => undefined);
  const isFile = hasEnding(path, '.zip') || (ending !== undefined && hasEnding(path, ending));
  if (found && (isFile || !found.isDirectory())) {
    throw new UsageError(`There is a file ${path} already. Choose another name, or delete it first.`);
  }
  if (isFile) {
    return {
      path,
      write: (files) => (hasEnding(path, '.zip') ? writeZip(path, files) : writeOnly(path, files)),
    };
  }
  if (found && (await readdir(path)).length > 0) {
    throw new UsageError(`The folder ${path} is not empty. Choose another one.`);
  }
  return { path, write: (files) => writeFolder(path, files) };
}

async function writeZip(path: string, files: AsyncIterable<OutputFile>): Promise<number> {
  let count = 0;
  const counted = async function* () {
    for await (const file of files) {
      count++;
      yield file;
    }
  };
  await writeStream(path, zipBytes(counted()));
  return count;
}

async function writeOnly(path: string, files: AsyncIterable<OutputFile>): Promise<number> {
  let count = 0;
  for await (const { bytes } of files) {
    if (count++ > 0) throw new Error(`There is more than one file to write to ${path}.`);
    await writeFile(path, bytes);
  }
  return count;
}

/** Writes files below a folder. @returns how many */
export async function writeFolder(folder: string, files: AsyncIterable<OutputFile>): Promise<number> {
  let count = 0;
  for await (const { path, bytes } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    count++;
  }
  return count;
}

async function writeFile(path: string, bytes: OutputFile['bytes']): Promise<void> {
  if (bytes instanceof Uint8Array) await writeWhole(path, bytes);
  else await writeStream(path, bytes);
}

/** A file is there when it is whole. */
async function writeStream(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(bytes, createWriteStream(temporary));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
