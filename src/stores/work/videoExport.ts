import { createStore } from 'zustand/vanilla';
import type { Look } from '../../core/looks.ts';
import type { VideoKind } from '../../core/protocol/video.ts';
import { exportNumbers } from '../../document/exportNumbers.ts';
import { framesBetween, type ExportScope } from '../../document/exportScope.ts';
import { stemOf } from '../../formats/files.ts';
import type { Clip } from '../clip/videoStore.ts';
import { lookStore } from '../stage/lookStore.ts';
import { exporter } from '../workers/workers.ts';
import { download, openFileSink, writeFault } from './exportFile.ts';
import { masksOfScope } from './exportTask.ts';

/** How a video that shows masks is being written. */
export type VideoExportState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running' | 'ending'; readonly done: number; readonly total: number }
  | {
      readonly phase: 'done';
      readonly bytes: number;
      readonly frames: number;
      readonly note: string | undefined;
    }
  | { readonly phase: 'failed'; readonly message: string };

export const videoExportStore = createStore<VideoExportState>(() => ({ phase: 'idle' }));

/** A video: which frames, which look. */
export interface VideoOrder {
  readonly clip: Clip;
  readonly scope: ExportScope;
  readonly look: Look;
}

/** Said where a video cannot be written. */
export const NO_ENCODER = 'This browser encodes no such video. Chrome and Edge do.';

/** How a video of a clip can be written in a look; nothing if this browser encodes none. */
export function videoKind({ info }: Clip, look: Look): Promise<VideoKind | undefined> {
  return exporter.videoKind(look, { width: info.width, height: info.height });
}

/** The name of a video of a clip. */
export function videoName(clipName: string, look: Look, ending: string): string {
  return `${stemOf(clipName) || 'clip'}-${look}${ending}`;
}

/** Writes a video and hands it to the browser's downloads: all frames from the first to the last of the scope. */
export async function saveVideo(order: VideoOrder): Promise<void> {
  const task = videoTask(order);
  if (task === undefined || isWriting()) return;
  const { request, passes, total } = task;
  set({ phase: 'running', done: 0, total });
  const kind = await videoKind(order.clip, order.look).catch(() => undefined);
  if (kind === undefined) return set({ phase: 'failed', message: NO_ENCODER });
  const { ending, mimeType } = kind;
  const sink = await openFileSink(mimeType);
  let [frames, note]: [number, string | undefined] = [0, undefined];
  try {
    for await (const event of exporter.video(request, passes)) {
      if (event.type === 'bytes') await sink.write(event.bytes, event.position);
      else if (event.type === 'note') note = event.sentence;
      else {
        frames = event.done;
        const { phase } = videoExportStore.getState();
        set({ phase: phase === 'ending' ? 'ending' : 'running', done: frames, total });
      }
    }
    const file = await sink.finish();
    download(file, videoName(order.clip.name, order.look, ending));
    set({ phase: 'done', bytes: file.size, frames, note });
  } catch (thrown) {
    await sink.discard();
    set({ phase: 'failed', message: writeFault(thrown) });
  }
}

/** Ends the video after the frame that is being written. What there is of it is saved. */
export function endVideo(): void {
  const state = videoExportStore.getState();
  if (state.phase !== 'running') return;
  set({ ...state, phase: 'ending' });
  void exporter.endVideo();
}

/** Whether a video is being written. */
export function isWriting(state = videoExportStore.getState()): boolean {
  return state.phase === 'running' || state.phase === 'ending';
}

/** Forgets the outcome of the last video. */
export function closeVideoExport(): void {
  if (!isWriting()) set({ phase: 'idle' });
}

const set = (state: VideoExportState) => videoExportStore.setState(state, true);

/** What is asked of the exporter; nothing where the clip's file is not at hand, or no frame was chosen. */
export function videoTask({ clip, scope, look }: VideoOrder) {
  const [first, last] = [scope.frames[0], scope.frames.at(-1)];
  if (clip.file === undefined || first === undefined || last === undefined) return undefined;
  const { opacity, background } = lookStore.getState();
  const numbers = exportNumbers(scope.objects);
  const colors = new Map(scope.objects.map(({ id, color }) => [numbers.get(id) ?? id, color]));
  const edges = new Map(
    scope.objects.flatMap(({ id, edge }) => (edge ? [[numbers.get(id) ?? id, edge] as const] : [])),
  );
  const frames = framesBetween(first, last);
  return {
    request: { file: clip.file, look, opacity, background, first, last, colors, edges },
    passes: masksOfScope({ ...scope, frames }),
    total: frames.length,
  };
}
