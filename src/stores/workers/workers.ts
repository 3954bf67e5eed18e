import type { MaskletError } from '../../core/errors.ts';
import { exporterClient } from '../../engine/exporter.ts';
import { libraryClient } from '../../engine/library.ts';
import { playerClient } from '../../engine/player.ts';
import { projectClient } from '../../engine/project.ts';
import { segmenterClient } from '../../engine/segmenter.ts';
import { stageClient } from '../../engine/stage.ts';

export type WorkerName = 'segmenter' | 'player' | 'exporter' | 'library' | 'project';

type CrashListener = (worker: WorkerName, error: MaskletError) => void;

const listeners = new Set<CrashListener>();

/** Tells of every worker that dies. Returns what ends the telling. */
export function onWorkerCrash(listener: CrashListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function crashed(worker: WorkerName): (error: MaskletError) => void {
  return (error) => {
    for (const listener of listeners) listener(worker, error);
  };
}

const silenceListeners = new Set<(isSilent: boolean) => void>();

/** Tells when the model's worker owes an answer for long, and when it is heard again. Returns what ends the telling. */
export function onModelSilence(listener: (isSilent: boolean) => void): () => void {
  silenceListeners.add(listener);
  return () => silenceListeners.delete(listener);
}

/** The page's workers. Each starts with the first call to it. */
export const segmenter = segmenterClient(crashed('segmenter'), (isSilent) => {
  for (const listener of silenceListeners) listener(isSilent);
});
export const player = playerClient(crashed('player'));
export const exporter = exporterClient(crashed('exporter'));
export const library = libraryClient(crashed('library'));
export const project = projectClient(crashed('project'));
export const stage = stageClient();
