import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file under another name beside it and moves it into place: whoever reads `path`, also after a crash, finds all of
 * the old content or all of the new.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
