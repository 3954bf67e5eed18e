import { imageSize } from 'image-size';
import type { ClipInfo } from '../../src/core/clip.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { Size } from '../../src/core/geometry.ts';
import { canDecodeFrames, openAnimatedImage } from './animatedClip.ts';
import { isAnimated } from './animatedImage.ts';
import type { Clip } from './clip.ts';
import { checkFrameSize, damagedFile, unsupportedImage } from './fileErrors.ts';
import type { ImageKind } from './imageKind.ts';
import { FrameCanvas, MediaFrame } from './mediaFrame.ts';

/**
 * Opens an image: an animated one as a clip of its frames where the browser can decode them, any other as a clip of one frame. Its size is read from its header first: an absurd one is refused before
 * it takes memory. Then it is decoded once, so that damage shows now.
 */
export async function openImage(file: Blob, kind: ImageKind): Promise<Clip> {
  const isMoving = await isAnimated(file, kind);
  // An AVIF sequence has its size in its tracks, where `imageSize` does not look.
  if (!isMoving || kind !== 'image/avif') checkFrameSize(file, await sizeFromHeader(file));
  if (isMoving && (await canDecodeFrames(kind))) return openAnimatedImage(file, kind);
  const bitmap = await decode(file, kind);
  const { width, height } = bitmap;
  bitmap.close();
  checkFrameSize(file, { width, height });
  return new ImageClip(file, {
    kind: 'image',
    width,
    height,
    frameCount: 1,
    timestamps: Float64Array.of(0),
    duration: 0,
    codec: kind,
    ...(isMoving ? { firstFrameOnly: true as const } : {}),
  });
}

class ImageClip implements Clip {
  readonly info: ClipInfo;
  readonly #file: Blob;
  readonly #canvas: FrameCanvas;
  #disposed = false;

  constructor(file: Blob, info: ClipInfo) {
    this.#file = file;
    this.info = info;
    this.#canvas = new FrameCanvas(info);
  }

  decodeStart(): number {
    return 0;
  }

  async frame(index: number, signal?: AbortSignal): Promise<MediaFrame> {
    if (index !== 0) throw new RangeError(`An image has no frame ${index}.`);
    if (this.#disposed) throw new MaskletError('disposed', 'The image was used after it had been closed.');
    throwIfAborted(signal);
    const bitmap = await decode(this.#file, this.info.codec);
    if (signal?.aborted) bitmap.close();
    throwIfAborted(signal);
    return new MediaFrame(0, bitmap, this.#canvas);
  }

  async *frames(
    first: number,
    last: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MediaFrame, void, undefined> {
    if (last !== 0) throw new RangeError(`An image has no frame ${last}.`);
    yield await this.frame(first, signal);
  }

  dispose(): void {
    this.#disposed = true;
  }
}

/** Upright: the browser applies the EXIF orientation. */
async function decode(file: Blob, kind: string): Promise<ImageBitmap> {
  try {
    // The browser too goes by the content, but some only after a look at the type.
    return await createImageBitmap(new Blob([file], { type: kind }), { imageOrientation: 'from-image' });
  } catch (cause) {
    if (kind === 'image/heic') throw unsupportedImage(file, 'HEIC', cause);
    throw damagedFile(file, 'its picture cannot be decoded', cause);
  }
}

/** Metadata can push a JPEG's size far back: if the first bytes do not tell, more are read. */
const HEADER_BYTES = [1 << 16, 1 << 20, 1 << 26];

async function sizeFromHeader(file: Blob): Promise<Size> {
  let failure: unknown;
  for (const bytes of HEADER_BYTES) {
    try {
      return imageSize(new Uint8Array(await file.slice(0, bytes).arrayBuffer()));
    } catch (thrown) {
      failure = thrown;
    }
    if (bytes >= file.size) break;
  }
  throw damagedFile(file, 'its header does not tell its size', failure);
}
