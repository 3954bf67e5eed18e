import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import type { ExportPreview, ExportRequest } from '../../core/protocol/exporter.ts';
import { exportScope, framesOf } from '../../document/exportScope.ts';
import { videoStore } from '../clip/videoStore.ts';
import { exporter } from '../workers/workers.ts';
import { currentDocument } from './objectsStore.ts';
import { writeFault } from './exportFile.ts';
import { folderSink, makeFolder } from './exportFolder.ts';
import { exportName, writerOf } from './exportFormats.ts';
import { downloadSink, type ExportSink } from './exportSink.ts';
import { logWork } from './workLog.ts';
import {
  DEFAULT_NAME_PATTERN,
  exportTask,
  masksOfScope,
  previewTask,
  type ExportOrder,
} from './exportTask.ts';

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
      /** What is known of where it is, in words. */
      readonly outcome: string;
      /** What the format could not hold, a sentence each. */
      readonly notes: readonly string[];
    }
  | {
      readonly phase: 'failed';
      readonly message: string;
      /** Where whole files were kept and the export can go on with the others, in words. */
      readonly kept: string | undefined;
    };

export const exportStore = createStore<ExportState>(() => ({ phase: 'idle' }));

let running: AbortController | undefined;

/** An export into a folder that failed, with what is needed to go on. */
interface FolderExport {
  readonly order: ExportOrder;
  readonly folder: FileSystemDirectoryHandle;
  /** Paths of the files that are whole. */
  readonly written: Set<string>;
}

let failed: FolderExport | undefined;

/** Writes masks as they are now and hands the file to the browser's downloads. */
export function saveExport(order: ExportOrder): Promise<void> {
  const writer = writerOf(order.format, order.switches);
  const isZip = writer?.facts.ending === undefined;
  const type = isZip ? 'application/zip' : 'application/octet-stream';
  const fileName = exportName(order.clip.name, order.format, order.switches);
  return write(order, isZip ? 'zip' : 'file', () => downloadSink(type, fileName));
}

/** Writes masks as they are now into a new folder in this one, file by file. */
export async function saveExportInFolder(
  order: ExportOrder,
  parent: FileSystemDirectoryHandle,
): Promise<void> {
  const name = exportName(order.clip.name, order.format, order.switches).replace(/\.[a-z]+$/, '');
  const written = new Set<string>();
  await write(order, 'folder', async () => {
    const folder = await makeFolder(parent, name);
    failed = { order, folder, written };
    return folderSink(folder, written);
  });
}

/** Writes what an export into a folder that failed has not written: the masks as they were when it was asked for. */
export async function continueExport(): Promise<void> {
  if (failed === undefined) return;
  const { order, folder, written } = failed;
  await write(order, 'folder', () => Promise.resolve(folderSink(folder, written)));
}

async function write(
  order: ExportOrder,
  container: ExportRequest['container'],
  openSink: () => Promise<ExportSink>,
): Promise<void> {
  const task = exportTask(order);
  if (running !== undefined || task === undefined) return;
  const controller = new AbortController();
  running = controller;
  let state = { phase: 'running' as const, writtenBytes: 0, doneFrames: 0, totalFrames: 0 };
  exportStore.setState(state, true);
  let sink: ExportSink | undefined;
  let notes: readonly string[] = [];
  try {
    sink = await openSink();
    const events = exporter.write({ ...task, container }, masksOfScope(order.scope), controller.signal);
    for await (const event of events) {
      if (event.type === 'notes') notes = event.sentences;
      else if (event.type === 'file') await sink.begin(event.path);
      else if (event.type === 'frames')
        state = { ...state, doneFrames: event.done, totalFrames: event.total };
      else {
        await sink.write(event.bytes);
        state = { ...state, writtenBytes: state.writtenBytes + event.bytes.length };
      }
      exportStore.setState(state, true);
    }
    await sink.finish();
    failed = undefined;
    logWork('page', 'export', { detail: order.format });
    const { writtenBytes } = state;
    exportStore.setState({ phase: 'done', writtenBytes, outcome: sink.outcome, notes }, true);
  } catch (thrown) {
    await sink?.discard();
    const isCancelled = toMaskletError(thrown).code === 'aborted';
    if (isCancelled || container !== 'folder') failed = undefined;
    const kept = failed && sink?.place;
    exportStore.setState(
      isCancelled ? { phase: 'idle' } : { phase: 'failed', message: writeFault(thrown), kept },
      true,
    );
  } finally {
    running = undefined;
  }
}

/** The first files of an export, and how large all of it will be; nothing where that cannot be told. */
export async function previewExport(order: ExportOrder): Promise<ExportPreview | undefined> {
  const task = previewTask(order);
  if (task === undefined || order.scope.frames.length === 0) return undefined;
  // What is wrong is said where the export itself fails.
  return exporter.preview(task).catch(() => undefined);
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

/** Stops writing. No file is left; in a folder, whole files are. */
export function cancelExport(): void {
  running?.abort();
}

/** Forgets the outcome of the last export. */
export function closeExport(): void {
  if (running === undefined) exportStore.setState({ phase: 'idle' }, true);
}
