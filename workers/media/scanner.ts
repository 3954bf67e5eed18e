import * as Comlink from 'comlink';
import type { ClipInfo } from '../../src/core/clip.ts';
import { MaskletError, throwIfAborted } from '../../src/core/errors.ts';
import type { ScanEvent, ScannerApi } from '../../src/core/protocol/scanner.ts';
import { pumpToPort, type Stream } from '../../src/core/stream.ts';
import type { Clip } from './clip.ts';
import { FrameCanvas } from './mediaFrame.ts';
import { openClip } from './openClip.ts';
import { ShotFinder, shotSize } from './shotFinder.ts';
import { evenFrames, keyFramesFor } from './thumbnailPlan.ts';

/** Height of a thumbnail, in pixels. */
const THUMBNAIL_HEIGHT = 72;
/** How many frames are reported at a time. */
const BATCH = 24;

/** Looks through a whole clip once, apart from the player and the model, and makes thumbnails. */
export class ScannerService implements ScannerApi {
  #clip: Clip | undefined;

  async open(file: Blob): Promise<void> {
    this.#clip = await openClip(file);
  }

  async scan(thumbnails: number, stream: Stream<ScanEvent>): Promise<void> {
    const clip = this.#open();
    await pumpToPort(
      stream,
      (signal) => scanClip(clip, thumbnails, signal),
      ({ pictures }) => pictures.map(({ bitmap }) => bitmap),
    );
  }

  async thumbnail(frame: number): Promise<ImageBitmap> {
    const clip = this.#open();
    const bitmap = await pictureOf(clip, frame, new FrameCanvas(thumbnailSize(clip.info)));
    return Comlink.transfer(bitmap, [bitmap]);
  }

  #open(): Clip {
    if (this.#clip === undefined) throw new MaskletError('not-ready', 'The scanner has no clip open.');
    return this.#clip;
  }
}

async function* scanClip(
  clip: Clip,
  thumbnails: number,
  signal: AbortSignal,
): AsyncGenerator<ScanEvent, void, undefined> {
  const medium = new FrameCanvas(thumbnailSize(clip.info));
  const frames = evenFrames(clip.info.frameCount, thumbnails);
  const keys = keyFramesFor(frames, (frame) => clip.decodeStart(frame));
  for (const frame of keys) {
    // What cannot be decoded is told where the clip is looked through.
    const bitmap = await pictureOf(clip, frame, medium, signal).catch(() => undefined);
    throwIfAborted(signal);
    if (bitmap) yield { scannedFrames: 0, shots: [], pictures: [{ frame, bitmap }] };
  }
  const small = new FrameCanvas(shotSize(clip.info));
  const last = clip.info.frameCount - 1;
  const wanted = new Set(frames.filter((frame) => !keys.includes(frame)));
  const finder = new ShotFinder();
  let [shots, pictures]: [number[], { frame: number; bitmap: ImageBitmap }[]] = [[], []];
  const find = (shot: number | undefined) => shot !== undefined && shots.push(shot);
  for await (const frame of clip.frames(0, last, signal)) {
    try {
      find(finder.add(frame.scaled(small)));
      if (wanted.has(frame.index))
        pictures.push({ frame: frame.index, bitmap: await frame.scaledBitmap(medium) });
    } finally {
      frame.close();
    }
    if (frame.index === last) find(finder.finish());
    else if ((frame.index + 1) % BATCH > 0) continue;
    yield { scannedFrames: frame.index + 1, shots, pictures };
    [shots, pictures] = [[], []];
  }
}

async function pictureOf(
  clip: Clip,
  index: number,
  canvas: FrameCanvas,
  signal?: AbortSignal,
): Promise<ImageBitmap> {
  const frame = await clip.frame(index, signal);
  try {
    return await frame.scaledBitmap(canvas);
  } finally {
    frame.close();
  }
}

function thumbnailSize({ width, height }: ClipInfo): { width: number; height: number } {
  return { width: Math.max(1, Math.round((THUMBNAIL_HEIGHT * width) / height)), height: THUMBNAIL_HEIGHT };
}
