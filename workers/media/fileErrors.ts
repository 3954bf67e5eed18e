import { MAX_FRAME_SIDE } from '../../src/core/clip.ts';
import { MaskletError } from '../../src/core/errors.ts';
import type { Size } from '../../src/core/geometry.ts';

/** The sentences for a file that cannot be opened: what happened, to which file, and what the person can do. */

function nameOf(file: Blob): string {
  return file instanceof File && file.name !== '' ? `“${file.name}”` : 'The file';
}

const CHOOSE_ANOTHER = 'Choose an MP4, MOV, WebM or MKV video, or a PNG, JPEG, WebP, AVIF or GIF picture.';

/** The error for a file of 0 bytes. */
export function emptyFile(file: Blob): MaskletError {
  return new MaskletError(
    'file-empty',
    `${nameOf(file)} is empty (0 bytes). Choose another file, or copy it again.`,
  );
}

/** The error for a file that is neither a video nor an image. */
export function notMedia(file: Blob, cause?: unknown): MaskletError {
  return new MaskletError('file-not-media', `${nameOf(file)} is not a video or an image. ${CHOOSE_ANOTHER}`, {
    cause,
  });
}

/** `detail` says in a clause what is wrong, for example `its index is missing`. */
export function damagedFile(file: Blob, detail: string, cause?: unknown): MaskletError {
  return new MaskletError(
    'file-damaged',
    `${nameOf(file)} is damaged or incomplete: ${detail}. Copy or download it again, or choose another file.`,
    { cause },
  );
}

/** The error for a video that the browser has no decoder for. @param codec its name */
export function unsupportedVideoCodec(file: Blob, codec: string): MaskletError {
  return new MaskletError(
    'codec-unsupported',
    `${nameOf(file)} is coded with ${codec}, which this browser cannot decode. Convert it to H.264 (MP4) or VP9 (WebM).`,
  );
}

/** The error for a picture that cannot be decoded. @param format its name */
export function unsupportedImage(file: Blob, format: string, cause?: unknown): MaskletError {
  return new MaskletError(
    'codec-unsupported',
    `${nameOf(file)} is a ${format} picture, which cannot be opened here. Convert it to PNG or JPEG.`,
    { cause },
  );
}

/** The error for a file with sound only. */
export function noVideoTrack(file: Blob): MaskletError {
  return new MaskletError(
    'no-frames',
    `${nameOf(file)} has sound but no picture. Choose a file with a video track.`,
  );
}

/** The error for a video track that is empty. */
export function noFrames(file: Blob): MaskletError {
  return new MaskletError(
    'no-frames',
    `${nameOf(file)} has a video track without a single frame. Export it again, or choose another file.`,
  );
}

/** @throws `too-large` if a side is above `MAX_FRAME_SIDE`. */
export function checkFrameSize(file: Blob, { width, height }: Size): void {
  if (width <= MAX_FRAME_SIDE && height <= MAX_FRAME_SIDE) return;
  throw new MaskletError(
    'too-large',
    `${nameOf(file)} is ${width} × ${height} pixels. The largest side that can be opened is ${MAX_FRAME_SIDE} pixels: ` +
      'scale it down first.',
  );
}

/** The error for a video of more frames than can be opened. */
export function tooManyFrames(file: Blob, most: number): MaskletError {
  return new MaskletError(
    'too-large',
    `${nameOf(file)} has more than ${most.toLocaleString('en')} frames, which is more than can be opened. Cut it into parts first.`,
  );
}

/** The error for a file that the browser cannot read any more. */
export function unreadableFile(file: Blob, cause: unknown): MaskletError {
  return new MaskletError(
    'file-damaged',
    `${nameOf(file)} cannot be read any more. It may have been moved, changed or deleted: choose it again.`,
    { cause },
  );
}
