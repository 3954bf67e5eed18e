import type { Step } from '../../src/core/census.ts';
import type { TrackedObject, TrackSettings } from '../../src/core/protocol/segmenter.ts';
import type { FramePrompts } from '../../src/core/prompts.ts';
import type { StepTimer } from '../../workers/tracker/run/stepTimer.ts';
import type { FeatureFiles } from '../node/featureFiles.ts';
import type { AnyVideoModel } from '../../workers/tracker/videoModel.ts';
import { TrackingSession } from '../node/trackingSession.ts';
import type { EvalClip } from './clips.ts';
import { clipQuality, measure, type Quality } from './measures.ts';
import type { PlantedClip } from './planted.ts';
import { shownFrame, startPrompts, type Beginning } from './starts.ts';
import { countTrial, countTrialBackward, type TrialCounts } from './trial.ts';

/** What all evaluations share. */
export interface Evaluator {
  readonly model: AnyVideoModel;
  readonly timer: StepTimer;
  readonly files: FeatureFiles<unknown> | undefined;
  /** Bound of the features that are kept in memory. */
  readonly cacheBytes: number;
  readonly settings: TrackSettings;
}

export interface FrameResult extends Quality {
  readonly score: number;
  readonly status: TrackedObject['status'];
}

export interface ClipResult extends Quality {
  readonly clip: string;
  readonly frames: readonly FrameResult[];
  /** Of a planted clip. */
  readonly trial?: TrialCounts;
  /** Milliseconds a frame, and of them by step. */
  readonly msPerFrame: number;
  readonly stepMs: Readonly<Partial<Record<Step, number>>>;
}

/** A session of the evaluator's model on a clip; features come from its folder of files where it has one. */
export function openSession(
  evaluator: Evaluator,
  { name, content, source }: Pick<EvalClip, 'name' | 'content' | 'source'>,
): TrackingSession {
  const { files } = evaluator;
  return new TrackingSession({
    ...evaluator,
    source,
    files: files && { files, clip: `${name}-${content}` },
  });
}

/** Follows one object through a clip from prompts on its frames: its mask on each frame, in order. */
export async function followOne(
  session: TrackingSession,
  prompts: ReadonlyMap<number, FramePrompts>,
  onFrame: (done: number, total: number) => void,
): Promise<TrackedObject[]> {
  const tracked: TrackedObject[] = [];
  for await (const { frame, objects, doneFrames, totalFrames } of session.track([{ objectId: 1, prompts }])) {
    const [object] = objects;
    if (object) tracked[frame] = object;
    onFrame(doneFrames, totalFrames);
  }
  return tracked;
}

/**
 * Tracks a clip's object from one of its frames and measures every frame; one between the first and the last that was given does not count.
 * @throws UsageError if the object is not on the frame that it is to be shown on.
 */
export async function evaluateClip(
  evaluator: Evaluator,
  clip: EvalClip | PlantedClip,
  beginning: Beginning,
  onFrame: (done: number, total: number) => void,
): Promise<ClipResult> {
  const { timer } = evaluator;
  const shown = shownFrame(clip, beginning);
  const count = beginning.backward ? countTrialBackward : countTrial;
  const session = openSession(evaluator, clip);
  const before = timer.totals();
  const begun = performance.now();
  const prompts = await startPrompts(beginning.init, shown, session);
  const tracked = await followOne(session, new Map([[shown.frame, prompts]]), onFrame);
  const milliseconds = performance.now() - begun;
  const frames = measureFrames(tracked, clip);
  return {
    clip: clip.name,
    ...clipQuality(beginning.shown !== undefined ? frames.toSpliced(shown.frame, 1) : frames),
    frames,
    ...('twin' in clip && { trial: count(tracked, clip) }),
    msPerFrame: milliseconds / frames.length,
    stepMs: stepDifference(before, timer.totals(), frames.length),
  };
}

/** The quality of each frame's mask. @throws Error if a frame of the clip was not tracked */
export function measureFrames(tracked: readonly TrackedObject[], { truth, name }: EvalClip): FrameResult[] {
  return truth.map((mask, frame) => {
    const object = tracked[frame];
    if (!object) throw new Error(`The tracker gave no mask for frame ${frame} of ${name}.`);
    return { ...measure(object.mask, mask), score: object.score, status: object.status };
  });
}

/** Milliseconds a frame that each step has taken between two readings of the timer. */
export function stepDifference(
  before: Readonly<Partial<Record<Step, number>>>,
  after: Readonly<Partial<Record<Step, number>>>,
  frames: number,
): Partial<Record<Step, number>> {
  const steps = Object.keys(after) as Step[];
  return Object.fromEntries(steps.map((step) => [step, ((after[step] ?? 0) - (before[step] ?? 0)) / frames]));
}
