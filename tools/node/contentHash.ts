import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureGraphs } from '../graphs/embeddedGraphs.ts';
import { frameFiles } from './ffmpegInput.ts';
import { DEFAULT_MODEL, type NodePrecision } from './models.ts';
import { describeFolder, readModelFiles } from './modelFolder.ts';

/** Digits of a hash: enough that two of a data set's clips never share one. */
const DIGITS = 32;

/** A hash of some texts and bytes, each kept apart from the next. */
export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return hash.digest('hex').slice(0, DIGITS);
}

/** A clip by its content: the bytes of a video, or the names and bytes of a folder's frames. */
export async function hashClip(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return hashOf(await hashFile(path));
  const parts: string[] = [];
  for (const name of await frameFiles(path)) parts.push(name, await hashFile(join(path, name)));
  return hashOf(...parts);
}

/** A model by its files, wherever they lie. @throws UsageError or MaskletError if it cannot be read */
export async function hashModel(id: string, precision: NodePrecision): Promise<string> {
  if (id === DEFAULT_MODEL) {
    const { encoder, decoder } = (await ensureGraphs()).manifest;
    return hashOf(encoder[precision].sha256 ?? '', decoder.sha256 ?? '');
  }
  const manifest = await describeFolder(id);
  const parts = [JSON.stringify(manifest)];
  for (const [name, content] of Object.entries(await readModelFiles(id, manifest, precision)))
    parts.push(name, hashOf(content));
  return hashOf(...parts);
}

/** Sources by their content. @param paths from the repository's root: files, and folders with `/` at the end */
export async function hashSources(paths: readonly string[]): Promise<string> {
  const parts: (string | Uint8Array)[] = [];
  for (const path of paths) {
    const at = fileURLToPath(new URL(`../../${path}`, import.meta.url));
    const names = path.endsWith('/') ? await readdir(at, { recursive: true }) : [''];
    const files = names.filter((name) => name === '' || /(?<!\.test)\.ts$/.test(name));
    for (const name of files.sort()) parts.push(name, await readFile(join(at, name)));
  }
  return hashOf(...parts);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) hash.update(part);
  return hash.digest('hex');
}
