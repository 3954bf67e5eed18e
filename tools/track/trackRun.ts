import type { ObjectToTrack, TrackedObject, TrackSettings } from '../../src/core/protocol/segmenter.ts';
import type { RunState } from '../../workers/tracker/run/propagation.ts';
import type { TrackingSession } from '../node/trackingSession.ts';
import type { OutputFolder } from './outputFolder.ts';
import type { ObjectScore, SavedRun } from './runFiles.ts';

/** A state is some ten megabytes: saved now and then, and whenever a run stops, it costs nothing that counts. */
const SAVE_EVERY_MS = 30_000;

export interface TrackRunOptions {
  readonly session: TrackingSession;
  readonly objects: readonly ObjectToTrack[];
  readonly output: OutputFolder;
  /** Names of the range's frames. */
  readonly names: readonly string[];
  /** The clip's frame that is the range's frame 0. */
  readonly first: number;
  readonly settings: TrackSettings;
  readonly signal: AbortSignal;
  readonly saved: SavedRun | undefined;
  readonly onFrame: (done: number, total: number) => void;
}

/**
 * Tracks and writes what is found, until the end or until the signal fires. @throws what stopped the run
 *
 * Going on: a frame's masks follow from the frames before it, through the memories. So the state of the run, which is nothing
 * but these memories, is saved with the scores; a resumed run puts them back and gives the very masks that an uninterrupted
 * one gives. Frames written after the last save are done again.
 *
 * @returns the number of frames that are complete
 */
export async function trackRun(options: TrackRunOptions): Promise<number> {
  const { session, objects, output, names, first, settings, signal, saved, onFrame } = options;
  const scores = new Map<number, readonly ObjectScore[]>(saved?.scores);
  const pending = new Map<number, readonly TrackedObject[]>(saved?.pending);
  const resumeFrom = saved?.state as RunState<unknown> | undefined;
  let state = resumeFrom;
  let done = resumeFrom;
  let lastSave = performance.now();

  const save = async () => {
    if (done) await output.saveState({ state: done, scores, pending });
    await output.writeScores(scores, first);
    lastSave = performance.now();
  };

  const events = session.track(objects, signal, {
    resumeFrom,
    settings,
    onState: (reached) => (state = reached),
  });
  try {
    for await (const { frame, objects: tracked, doneFrames, totalFrames } of events) {
      // What a fast run did behind its last anchor frame comes again where the run goes on.
      const isAgain = ({ objectId }: TrackedObject) => tracked.some((each) => each.objectId === objectId);
      const all = [...(pending.get(frame) ?? []).filter((each) => !isAgain(each)), ...tracked];
      // An object that is first prompted later reaches this frame in the backward pass.
      if (all.length < objects.length) {
        pending.set(frame, all);
      } else {
        await output.writeFrame(names[frame] ?? String(frame), all);
        scores.set(
          frame,
          all.map(({ objectId, score, status }) => ({ id: objectId, score, status })),
        );
        pending.delete(frame);
      }
      done = state;
      onFrame(doneFrames, totalFrames);
      if (performance.now() - lastSave > SAVE_EVERY_MS) await save();
    }
  } catch (error) {
    const stopped = signal.aborted;
    if (!stopped || scores.size < names.length) {
      // What stopped the run counts, also where nothing more can be saved, as on a full disk.
      await save().catch((second: unknown) => {
        throw stopped ? second : error;
      });
      if (stopped) return scores.size;
      throw error;
    }
  }
  await output.writeScores(scores, first);
  await output.forgetState();
  return scores.size;
}
