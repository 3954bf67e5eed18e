import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import { exportScope, framesOf } from '../../document/exportScope.ts';
import { videoStore } from '../clip/videoStore.ts';
import { currentDocument } from './objectsStore.ts';
import { download, openFileSink } from './exportFile.ts';
import { exportFormat, exportName, type ExportFormatId, type ExportOrder } from './exportFormats.ts';

export type ExportState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly writtenBytes: number }
  | { readonly phase: 'done'; readonly writtenBytes: number; readonly fileName: string }
  | { readonly phase: 'failed'; readonly message: string };

export const exportStore = createStore<ExportState>(() => ({ phase: 'idle' }));

let running: AbortController | undefined;

/** Writes masks as they are now and hands the file to the browser's downloads. */
export async function saveExport(format: ExportFormatId, order: ExportOrder): Promise<void> {
  if (running !== undefined) return;
  const controller = new AbortController();
  running = controller;
  exportStore.setState({ phase: 'running', writtenBytes: 0 }, true);
  const fileName = exportName(order.clip.name, format);
  const { mimeType, write } = exportFormat(format);
  const sink = await openFileSink(mimeType);
  let writtenBytes = 0;
  try {
    for await (const bytes of write(order, controller.signal)) {
      await sink.write(bytes);
      writtenBytes += bytes.length;
      exportStore.setState({ phase: 'running', writtenBytes }, true);
    }
    download(await sink.finish(), fileName);
    exportStore.setState({ phase: 'done', writtenBytes, fileName }, true);
  } catch (thrown) {
    await sink.discard();
    const error = toMaskletError(thrown);
    exportStore.setState(
      error.code === 'aborted' ? { phase: 'idle' } : { phase: 'failed', message: describe(error) },
      true,
    );
  } finally {
    running = undefined;
  }
}

function describe(error: Error): string {
  const cause = error.cause;
  const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  return isFull
    ? 'There is no space left to write the file. Free some disk space, then save again.'
    : error.message;
}

/** Writes PNG masks of all frames: the way out where the dialog cannot be drawn. */
export async function saveAllMasks(): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip === undefined) return;
  const { frameCount } = clip.info;
  const document = currentDocument();
  const frames = framesOf('all', document, { frameCount, range: undefined });
  await saveExport('png', { clip, scope: exportScope(document, frames, frameCount), binary: false });
}

/** Stops writing; no file is left. */
export function cancelExport(): void {
  running?.abort();
}

/** Forgets the outcome of the last export. */
export function closeExport(): void {
  if (running === undefined) exportStore.setState({ phase: 'idle' }, true);
}
