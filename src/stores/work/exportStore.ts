import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import type { ExportPreview } from '../../core/protocol/exporter.ts';
import { exportScope, framesOf } from '../../document/exportScope.ts';
import { videoStore } from '../clip/videoStore.ts';
import { exporter } from '../workers/workers.ts';
import { currentDocument } from './objectsStore.ts';
import { download, openFileSink, writeFault } from './exportFile.ts';
import { exportName, writerOf } from './exportFormats.ts';
import { DEFAULT_NAME_PATTERN, exportTask, masksOfScope, sampleOf, type ExportOrder } from './exportTask.ts';

export type ExportState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running';
      readonly writtenBytes: number;
      readonly doneFrames: number;
      /** 0 while it is not known. */
      readonly totalFrames: number;
    }
  | {
      readonly phase: 'done';
      readonly writtenBytes: number;
      readonly fileName: string;
      /** What the format could not hold, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly phase: 'failed'; readonly message: string };

export const exportStore = createStore<ExportState>(() => ({ phase: 'idle' }));

let running: AbortController | undefined;

/** Writes masks as they are now and hands the file to the browser's downloads. */
export async function saveExport(order: ExportOrder): Promise<void> {
  const task = exportTask(order);
  const writer = writerOf(order.format, order.switches);
  if (running !== undefined || task === undefined || writer === undefined) return;
  const controller = new AbortController();
  running = controller;
  let state = { phase: 'running' as const, writtenBytes: 0, doneFrames: 0, totalFrames: 0 };
  exportStore.setState(state, true);
  const fileName = exportName(order.clip.name, order.format, order.switches);
  const container = writer.facts.ending === undefined ? 'zip' : 'file';
  const sink = await openFileSink(container === 'zip' ? 'application/zip' : 'application/octet-stream');
  let notes: readonly string[] = [];
  try {
    const events = exporter.write({ ...task, container }, masksOfScope(order.scope), controller.signal);
    for await (const event of events) {
      if (event.type === 'notes') notes = event.sentences;
      else if (event.type === 'frames')
        state = { ...state, doneFrames: event.done, totalFrames: event.total };
      else {
        await sink.write(event.bytes);
        state = { ...state, writtenBytes: state.writtenBytes + event.bytes.length };
      }
      exportStore.setState(state, true);
    }
    download(await sink.finish(), fileName);
    exportStore.setState({ phase: 'done', writtenBytes: state.writtenBytes, fileName, notes }, true);
  } catch (thrown) {
    await sink.discard();
    const isCancelled = toMaskletError(thrown).code === 'aborted';
    exportStore.setState(
      isCancelled ? { phase: 'idle' } : { phase: 'failed', message: writeFault(thrown) },
      true,
    );
  } finally {
    running = undefined;
  }
}

/** The first files of an export, and how large all of it will be; nothing where that cannot be told. */
export async function previewExport(order: ExportOrder): Promise<ExportPreview | undefined> {
  const task = exportTask(order);
  if (task === undefined || order.scope.frames.length === 0) return undefined;
  // What is wrong is said where the export itself fails.
  return exporter.preview({ ...task, sample: sampleOf(order) }).catch(() => undefined);
}

/** Writes PNG masks of all frames: the way out where the dialog cannot be drawn. */
export async function saveAllMasks(): Promise<void> {
  const { clip } = videoStore.getState();
  if (clip === undefined) return;
  const { frameCount } = clip.info;
  const document = currentDocument();
  const frames = framesOf('all', document, { frameCount, range: undefined });
  const scope = exportScope(document, frames, frameCount);
  await saveExport({ clip, scope, format: 'png', switches: {}, namePattern: DEFAULT_NAME_PATTERN });
}

/** Stops writing; no file is left. */
export function cancelExport(): void {
  running?.abort();
}

/** Forgets the outcome of the last export. */
export function closeExport(): void {
  if (running === undefined) exportStore.setState({ phase: 'idle' }, true);
}
