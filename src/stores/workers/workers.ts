import type { MaskletError } from '../../core/errors.ts';
import { Exporter } from '../../engine/exporter.ts';
import { Library } from '../../engine/library.ts';
import { Player } from '../../engine/player.ts';
import { Segmenter } from '../../engine/segmenter.ts';
import { StageDrawer } from '../../engine/stage.ts';

export type WorkerName = 'segmenter' | 'player' | 'exporter' | 'library';

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

/** The page's workers. Each starts with the first call to it. */
export const segmenter = new Segmenter(crashed('segmenter'));
export const player = new Player(crashed('player'));
export const exporter = new Exporter(crashed('exporter'));
export const library = new Library(crashed('library'));
export const stage = new StageDrawer();
