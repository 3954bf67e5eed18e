import { MaskletError } from '../core/errors.ts';
import type { ScanEvent, ScannerApi } from '../core/protocol/scanner.ts';
import { clientOf } from './client.ts';
import { PATIENCE, WorkerHost } from './worker.ts';

/** A worker that has one clip open, to look through it and to make small pictures of it. */
export interface Scanner {
  /** @param thumbnails how many, evenly through the clip; the receiver closes their bitmaps */
  scan(thumbnails: number, signal: AbortSignal): AsyncGenerator<ScanEvent, void, undefined>;
  /** A small picture of a frame, to be closed by the receiver. */
  thumbnail(frame: number): Promise<ImageBitmap>;
  /** Ends the worker. */
  close(): void;
}

/** Opens a clip in a worker of its own. What fails is told by the calls. */
export function openScanner(file: Blob): Scanner {
  const host = new WorkerHost<ScannerApi>(
    (name) =>
      new Worker(new URL('../../workers/scanner.worker.ts', import.meta.url), { type: 'module', name }),
    { patience: PATIENCE },
  );
  const client = clientOf(host, { open: 'answers', scan: 'streams', thumbnail: 'answers' });
  const opened = client.open(file);
  opened.catch(() => undefined);
  return {
    async *scan(thumbnails, signal) {
      await opened;
      yield* client.scan(thumbnails, signal);
    },
    thumbnail: (frame) => opened.then(() => client.thumbnail(frame)),
    close: () => host.stop(new MaskletError('disposed', 'The clip was closed.')),
  };
}
