import { MaskletError } from '../core/errors.ts';
import type { ScanEvent, ScannerApi } from '../core/protocol/scanner.ts';
import { clientOf } from './client.ts';
import { WorkerHost } from './worker.ts';

/**
 * Looks through one clip in a worker of its own, which then ends.
 *
 * @param thumbnails how many, evenly through the clip; the receiver closes their bitmaps
 */
export async function* scan(
  file: Blob,
  thumbnails: number,
  signal: AbortSignal,
): AsyncGenerator<ScanEvent, void, undefined> {
  const host = new WorkerHost<ScannerApi>(
    (name) =>
      new Worker(new URL('../../workers/scanner.worker.ts', import.meta.url), { type: 'module', name }),
  );
  try {
    yield* clientOf(host, { scan: 'streams' }).scan(file, thumbnails, signal);
  } finally {
    host.stop(new MaskletError('disposed', 'The clip was looked through.'));
  }
}
