import type { FrameSource } from '../../src/core/frames.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import { rleArea, unionRle, type MaskRle } from '../../src/core/rle.ts';
import type { TrackedObject } from '../../src/core/protocol/segmenter.ts';
import { UsageError } from '../node/usage.ts';
import { openSession, type Evaluator } from './evalRun.ts';
import { mean, measure, type Quality } from './measures.ts';
import { maskOf } from './painting.ts';
import type { PlantedClip } from './planted.ts';
import { CLEAR_SHARE, countTrial, type TrialCounts } from './trial.ts';

/** An object of a clip, by frame. */
export interface MarkedObject {
  /** What can be seen of it. */
  readonly truth: readonly MaskRle[];
  /** All of it, as if nothing hid it. */
  readonly whole: readonly MaskRle[];
}

/** A clip with several objects that are all marked. */
export interface MarkedClip {
  readonly name: string;
  /** A hash of its frames. */
  readonly content: string;
  readonly source: FrameSource;
  readonly objects: readonly MarkedObject[];
}

export interface MarkedResult extends Quality {
  readonly clip: string;
  /** Of each object; the others are its twins. */
  readonly trials: readonly TrialCounts[];
}

/** A planted clip with its twin marked as well. */
export function markTwin({ name, content, source, truth, whole, twin, wholeTwin }: PlantedClip): MarkedClip {
  return {
    ...{ name, content, source },
    objects: [
      { truth, whole },
      { truth: twin, whole: wholeTwin },
    ],
  };
}

/**
 * Follows all objects of a clip, each from its true mask on the first frame that shows all of them clearly, to the end and back to the
 * beginning: at once or, where `alone`, each in a run of its own, in which nobody has marked the others.
 * @throws UsageError if there is no such frame.
 */
export async function evaluateMarked(
  evaluator: Evaluator,
  { name, content, source, objects }: MarkedClip,
  alone: boolean,
  onFrame: (done: number, total: number) => void,
): Promise<MarkedResult> {
  const { frameCount } = source.info;
  const frames = Array.from({ length: frameCount }, (_, frame) => frame);
  const shown = frames.find((frame) =>
    objects.every(
      ({ truth, whole }) =>
        rleArea(maskOf(truth, frame)) > CLEAR_SHARE * rleArea(maskOf(whole, frame)) &&
        rleArea(maskOf(truth, frame)) > 0,
    ),
  );
  if (shown === undefined) throw new UsageError(`No frame of ${name} shows all objects.`);
  const session = openSession(evaluator, { name, content, source });
  const tracked: TrackedObject[][] = objects.map(() => []);
  const marked = objects.map(({ truth }, i) => {
    const prompts: FramePrompts = { points: [], mask: maskOf(truth, shown) };
    return { objectId: i, prompts: new Map([[shown, prompts]]) };
  });
  for (const together of alone ? marked.map((one) => [one]) : [marked]) {
    for await (const { frame, objects: found, doneFrames, totalFrames } of session.track(together)) {
      for (const object of found) {
        const track = tracked[object.objectId];
        if (track) track[frame] = object;
      }
      onFrame(doneFrames, totalFrames);
    }
  }
  const masks = tracked.map((track) => frames.map((frame) => maskFound(track, frame, name)));
  const qualities = objects.flatMap(({ truth }, i) =>
    frames.flatMap((frame) =>
      frame === shown ? [] : [measure(maskOf(masks[i] ?? [], frame), maskOf(truth, frame))],
    ),
  );
  return {
    clip: name,
    ...{ j: mean(qualities.map(({ j }) => j)), f: mean(qualities.map(({ f }) => f)) },
    trials: objects.map(({ truth, whole }, i) => {
      const others = objects.filter((_, j) => j !== i);
      const twin = frames.map((frame) => unionRle(others.map((other) => maskOf(other.truth, frame))));
      const shows = frames.map((frame) => ({ mask: maskOf(masks[i] ?? [], frame) }));
      return countTrial(shows, { truth, whole, twin });
    }),
  };
}

function maskFound(track: readonly TrackedObject[], frame: number, clip: string): MaskRle {
  const object = track[frame];
  if (!object) throw new Error(`The tracker gave no mask for frame ${frame} of ${clip}.`);
  return object.mask;
}
