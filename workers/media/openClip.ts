import type { Clip } from './clip.ts';
import { emptyFile, unreadableFile } from './fileErrors.ts';
import { openImage } from './imageClip.ts';
import { IMAGE_KIND_BYTES, imageKind } from './imageKind.ts';
import { openVideo } from './openVideo.ts';

/**
 * Opens a video or an image by what it contains; its name and MIME type are not asked. The caller disposes the clip.
 *
 * @throws `file-empty`, `file-not-media`, `file-damaged`, `no-frames`, `too-large` or `codec-unsupported`.
 */
export async function openClip(file: Blob): Promise<Clip> {
  if (file.size === 0) throw emptyFile(file);
  const header = await file
    .slice(0, IMAGE_KIND_BYTES)
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw unreadableFile(file, cause);
    });
  const kind = imageKind(new Uint8Array(header));
  return kind === undefined ? openVideo(file) : openImage(file, kind);
}
