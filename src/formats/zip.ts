import { BlobReader, ZipReader, type Entry } from '@zip.js/zip.js';
import { makeZip } from 'client-zip';
import { throwIfAborted } from '../core/errors.ts';
import { FormatError } from '../core/formatError.ts';
import { joinBytes } from '../core/joinBytes.ts';
import type { InputFile, OutputFile } from './files.ts';

/** Files that a ZIP may hold: as many as the frames of hours of video. */
const MOST_ENTRIES = 1_000_000;

/** A file that is asked for without a limit. */
const MOST_BYTES = 2 ** 30;

/**
 * The files in a ZIP. Only its list is read; a file's bytes are unpacked when they are asked for, and no further than to the limit, whatever
 * the list claims. What macOS adds for itself is left out.
 *
 * @param name appears in errors
 * @throws FormatError if it is no ZIP, or one with a password
 */
export async function zipFiles(zip: Blob, name: string): Promise<InputFile[]> {
  const files: InputFile[] = [];
  try {
    const reader = new ZipReader(new BlobReader(zip), { useWebWorkers: false });
    for await (const entry of reader.getEntriesGenerator()) {
      if (files.length === MOST_ENTRIES) throw new FormatError(`${name} holds too many files.`);
      if (entry.directory || /(?:^|\/)(?:__MACOSX\/|\.)/.test(entry.filename)) continue;
      if (entry.encrypted) throw new FormatError(`${name} has a password: unpack it first.`);
      files.push({
        path: entry.filename.replaceAll('\\', '/'),
        bytes: (most = MOST_BYTES) => unpack(entry, most),
      });
    }
  } catch (cause) {
    throw asFormatError(cause, `${name} is not a ZIP that can be read: it may be damaged or cut off.`);
  }
  return files;
}

async function unpack(entry: Entry, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const sink = new WritableStream<Uint8Array>({
    write(piece) {
      length += piece.length;
      if (length > most)
        throw new FormatError(`${entry.filename} is larger than ${most} bytes when unpacked.`);
      pieces.push(piece.slice());
    },
  });
  try {
    if (entry.directory) throw new FormatError(`${entry.filename} is a folder.`);
    await entry.getData(sink, { useWebWorkers: false, checkSignature: true });
  } catch (cause) {
    throw asFormatError(cause, `${entry.filename} cannot be unpacked: the ZIP may be damaged.`);
  }
  return joinBytes(pieces);
}

function asFormatError(thrown: unknown, sentence: string): FormatError {
  return thrown instanceof FormatError ? thrown : new FormatError(sentence, { cause: thrown });
}

/** Size of the chunks of a ZIP; the last one is smaller. */
const CHUNK_BYTES = 1 << 16;

/**
 * The bytes of a ZIP, made as they are read: a file is asked for when its turn has come, and dropped when it is handed over. Whoever
 * receives a chunk owns it. Ends with `aborted` when the signal fires.
 */
export async function* zipBytes(
  files: AsyncIterable<OutputFile>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = makeZip(entriesOf(files, signal)).getReader();
  // Bytes are copied into chunks of our own, because makeZip computes a checksum from its bytes after it has yielded
  // them: the receiver may not take those away by transferring them.
  let chunk = new Uint8Array(CHUNK_BYTES);
  let used = 0;
  try {
    for (;;) {
      throwIfAborted(signal);
      const { done, value } = await reader.read();
      if (done) break;
      for (let rest = value; rest.length > 0;) {
        const part = rest.subarray(0, CHUNK_BYTES - used);
        chunk.set(part, used);
        used += part.length;
        rest = rest.subarray(part.length);
        if (used === CHUNK_BYTES) {
          yield chunk;
          chunk = new Uint8Array(CHUNK_BYTES);
          used = 0;
        }
      }
    }
    if (used > 0) yield chunk.slice(0, used);
  } finally {
    // Ends the writer by throwing into it, and then rejects with what was thrown: nothing that the caller wants to know.
    await reader.cancel().catch(() => undefined);
  }
}

async function* entriesOf(files: AsyncIterable<OutputFile>, signal: AbortSignal | undefined) {
  const lastModified = new Date();
  for await (const { path, bytes } of files) {
    throwIfAborted(signal);
    yield { name: path, input: bytes as Uint8Array<ArrayBuffer>, lastModified };
  }
}

/** What a ZIP takes for a file beside its bytes: two headers with its path, and a descriptor behind it. */
export function zipOverhead(path: string): number {
  return 92 + 2 * new TextEncoder().encode(path).length;
}
