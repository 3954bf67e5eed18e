import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fingerprintOf, videoDifferences, type Fingerprinted } from '../../../src/core/fingerprint.ts';
import type { Fingerprint, ProjectFacts } from '../../../src/core/protocol/project.ts';
import { FfmpegSource } from '../../node/ffmpegSource.ts';
import { UsageError } from '../../node/usage.ts';

/**
 * Opens the video of a project: the one that is given, else the one of its name beside the project. A folder of its frames will do.
 *
 * @throws UsageError if it is not there, or is another one
 */
export async function openProjectVideo(
  project: string,
  { clip, clipName, fingerprint }: ProjectFacts,
  given: string | undefined,
): Promise<FfmpegSource> {
  if (clip.kind === 'image')
    throw new UsageError(`${project} is about an image, “${clipName}”: there is nothing to track.`);
  const path = given ?? join(dirname(project), clipName);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new UsageError(
      given === undefined
        ? `The project’s video “${clipName}” is not beside it. Name it with --video FILE.`
        : `There is no file or folder ${path}.`,
    );
  const own = found.isFile() ? await fingerprintOfFile(path) : null;
  const source = await FfmpegSource.open(path);
  // Programs work out the duration in ways of their own.
  const differences = videoDifferences(
    { fingerprint, clip },
    { fingerprint: own, clip: { ...source.info, duration: clip.duration } },
  );
  if (differences.length > 0)
    throw new UsageError(`${path} is not the video of this project: ${differences.join('; ')}.`);
  return source;
}

async function fingerprintOfFile(path: string): Promise<Fingerprint> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const part = (start: number, end = size): Fingerprinted => {
      const [from, to] = [start < 0 ? Math.max(0, size + start) : start, Math.min(end, size)];
      return {
        size: to - from,
        slice: part,
        arrayBuffer: async () => {
          const bytes = new Uint8Array(to - from);
          await file.read(bytes, 0, bytes.length, from);
          return bytes.buffer;
        },
      };
    };
    return await fingerprintOf(part(0));
  } finally {
    await file.close();
  }
}
