import type { ClipInfo } from '../../src/core/clip.ts';
import type { ScanEvent, ScannerApi } from '../../src/core/protocol/scanner.ts';
import { pumpToPort, type Stream } from '../../src/core/stream.ts';
import { FrameCanvas } from './mediaFrame.ts';
import { openClip } from './openClip.ts';
import { ShotFinder, shotSize } from './shotFinder.ts';

/** Height of a thumbnail, in pixels. */
const THUMBNAIL_HEIGHT = 72;
/** How many frames are reported at a time. */
const BATCH = 24;

/** Looks through a whole clip once, apart from the player and the model. */
export class ScannerService implements ScannerApi {
  async scan(file: Blob, thumbnails: number, stream: Stream<ScanEvent>): Promise<void> {
    await pumpToPort(
      stream,
      (signal) => scanClip(file, thumbnails, signal),
      ({ pictures }) => pictures.map(({ bitmap }) => bitmap),
    );
  }
}

async function* scanClip(
  file: Blob,
  thumbnails: number,
  signal: AbortSignal,
): AsyncGenerator<ScanEvent, void, undefined> {
  const clip = await openClip(file);
  try {
    const small = new FrameCanvas(shotSize(clip.info));
    const medium = new FrameCanvas(thumbnailSize(clip.info));
    const last = clip.info.frameCount - 1;
    const wanted = new Set(
      Array.from({ length: thumbnails }, (_, i) => Math.round((i * last) / Math.max(1, thumbnails - 1))),
    );
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
  } finally {
    clip.dispose();
  }
}

function thumbnailSize({ width, height }: ClipInfo): { width: number; height: number } {
  return { width: Math.max(1, Math.round((THUMBNAIL_HEIGHT * width) / height)), height: THUMBNAIL_HEIGHT };
}
