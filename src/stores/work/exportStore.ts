import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import type { MaskZipRequest } from '../../core/protocol/exporter.ts';
import type { MaskDocument } from '../../document/document.ts';
import { download, openFileSink } from './exportFile.ts';
import { currentDocument } from './objectsStore.ts';
import { videoStore, type Clip } from '../clip/videoStore.ts';
import { exporter } from '../workers/workers.ts';

export type ExportState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly writtenBytes: number }
  | { readonly phase: 'done'; readonly writtenBytes: number; readonly fileName: string }
  | { readonly phase: 'failed'; readonly message: string };

export const exportStore = createStore<ExportState>(() => ({ phase: 'idle' }));

let running: AbortController | undefined;

/** The name of the ZIP of a clip's masks. */
export function exportName(clipName: string): string {
  return `${clipName.replace(/\.[^.]*$/, '') || 'clip'}-masks.zip`;
}

/** What the exporter needs of a document: every mask that there is, stale ones too. */
export function maskZipRequest(document: MaskDocument, { info }: Clip, binary: boolean): MaskZipRequest {
  const { width, height, frameCount } = info;
  const objects = document.objects
    .filter(({ track }) => track.size > 0)
    .map(({ id, name, track }) => ({
      objectId: id,
      name,
      masks: new Map(Array.from(track, ([frame, { mask }]) => [frame, mask])),
    }));
  return { width, height, frameCount, objects, binary };
}

/** Writes the masks as they are now to a ZIP and hands it to the browser's downloads. */
export async function saveMasks(binary: boolean): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip === undefined || running !== undefined) return;
  const controller = new AbortController();
  running = controller;
  exportStore.setState({ phase: 'running', writtenBytes: 0 }, true);
  const fileName = exportName(clip.name);
  const sink = await openFileSink('application/zip');
  let writtenBytes = 0;
  try {
    for await (const bytes of exporter.maskZip(
      maskZipRequest(currentDocument(), clip, binary),
      controller.signal,
    )) {
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

/** Stops writing; no file is left. */
export function cancelExport(): void {
  running?.abort();
}

/** Forgets the outcome of the last export. */
export function closeExport(): void {
  if (running === undefined) exportStore.setState({ phase: 'idle' }, true);
}
