import { contentOf } from '../../../../src/core/frames.ts';
import { stretch, videoToModelPoint } from '../../../../src/core/geometry.ts';
import { selectMemories, type MemoryEntry } from '../../run/memoryBank.ts';
import type { Sam2Memory } from '../contract.ts';
import type { Sam2Features } from '../features.ts';
import { asTracked } from '../promptDecoding.ts';
import { gridOf } from '../maskTensors.ts';
import type { Sam2Model, Sam2Prediction, Sam2Prompted } from '../sam2Model.ts';
import { frameOf, rectangleMask, type FixtureRun, type FixtureStep, type ParityFixture } from './fixture.ts';
import { compare, NO_DIFFERENCE, type Difference } from './replay.ts';

type Prompt = Exclude<FixtureStep, { do: 'run' | 'read' }>;

interface Entry {
  readonly prediction: Sam2Prediction;
  readonly memory: Sam2Memory;
}

/** An object as the paper's code keeps it. */
interface ObjectState {
  readonly conditioning: Map<number, Entry>;
  readonly others: Map<number, Entry>;
  /** Masks of prompts, until the next run. */
  readonly prompted: Map<number, Sam2Prompted>;
  /** By frame that a run has passed, whether it went backward. */
  readonly tracked: Map<number, boolean>;
}

/**
 * Plays a run with the bookkeeping of the paper's own code, where every prompted frame is a conditioning one: prompts are decoded
 * at once, each with the logits of the mask before, on a tracked frame on what memories condition. Compares every record but for
 * predicted IoUs, which that code does not keep.
 */
export async function replayPaper(
  model: Sam2Model,
  fixture: Omit<ParityFixture, 'files'>,
  run: FixtureRun,
): Promise<Difference> {
  const { clip, rgb, reference, values } = fixture;
  const objects = new Map<number, ObjectState>();
  const features = new Map<number, Sam2Features>();
  const difference: Difference = { ...NO_DIFFERENCE };
  let next = 0;
  const encode = async (frame: number) => {
    const seen = features.get(frame) ?? (await model.encode(contentOf(frameOf(clip, rgb, frame))));
    features.set(frame, seen);
    return seen;
  };
  const check = async (object: number, frame: number, found: Sam2Prediction, where: string) => {
    const record = run.records[next++];
    if (record?.frame !== frame || record.object !== object) throw new Error(`The records end at ${where}.`);
    const { logits, pointer, objectScore, predictedIou } = found;
    const [mask, its, score, iou] = await model.tensors.read([logits, pointer, objectScore, predictedIou]);
    const unknown = { ...iou, data: iou.data.map(() => 0) };
    compare(difference, [mask, its, score, unknown], values.subarray(record.offset / 4), reference, where);
    if (record.present) difference.present++;
  };
  for (const [index, step] of run.steps.entries()) {
    if (step.do === 'read') throw new Error('The paper’s code has no such step.');
    if (step.do !== 'run') {
      const state = objects.get(step.object) ?? newState();
      objects.set(step.object, state);
      const found = await decode(model, fixture, state, step, await encode(step.frame));
      state.prompted.set(step.frame, found);
      await check(step.object, step.frame, found, `${run.name}, step ${index}`);
      continue;
    }
    for (const state of objects.values()) await remember(model, state, encode);
    for (const frame of step.frames) {
      const seen = await encode(frame);
      for (const [object, state] of objects) {
        const entry =
          state.conditioning.get(frame) ?? (await track(model, fixture, state, frame, step.reverse, seen));
        state.tracked.set(frame, step.reverse);
        await check(
          object,
          frame,
          entry.prediction,
          `${run.name}, step ${index}, frame ${frame}, object ${object}`,
        );
      }
    }
  }
  return difference;
}

async function decode(
  model: Sam2Model,
  { clip, manifest }: Omit<ParityFixture, 'files'>,
  state: ObjectState,
  step: Prompt,
  features: Sam2Features,
): Promise<Sam2Prompted> {
  if (step.do === 'mask') return model.givenMask(features, rectangleMask(clip, step.rectangle));
  const { frame } = step;
  const reverse = state.tracked.get(frame);
  let image = features.imageWithoutMemory;
  if (reverse !== undefined) {
    const memories = memoriesOf(state, frame, reverse, clip.frames);
    const { conditioned } = await model.trackConditioned(features, [memories], [false]);
    image = conditioned[0] ?? image;
  }
  const before =
    state.prompted.get(frame) ?? (state.conditioning.get(frame) ?? state.others.get(frame))?.prediction;
  const logits = before && gridOf((await model.tensors.read([before.logits]))[0]);
  const points = step.points.map(([x, y], i) => ({
    ...videoToModelPoint({ x, y }, stretch(clip, manifest.imageSize)),
    label: step.labels[i] ?? 1,
  }));
  // What is shown is what memories say: only the bound is left of it.
  return model.decode(features, image, points, logits && asTracked(logits, logits));
}

/** Prompted masks become memories when a run starts, made of the mask grid. */
async function remember(
  model: Sam2Model,
  { prompted, conditioning, others }: ObjectState,
  encode: (frame: number) => Promise<Sam2Features>,
): Promise<void> {
  for (const [frame, prediction] of prompted) {
    const memory = await model.remember(await encode(frame), { ...prediction, full: undefined }, true);
    conditioning.set(frame, { prediction, memory });
    others.delete(frame);
  }
  prompted.clear();
}

async function track(
  model: Sam2Model,
  { clip }: Omit<ParityFixture, 'files'>,
  state: ObjectState,
  frame: number,
  reverse: boolean,
  features: Sam2Features,
): Promise<Entry> {
  const [prediction] = await model.track(features, [memoriesOf(state, frame, reverse, clip.frames)]);
  if (!prediction) throw new Error(`Nothing was tracked on frame ${frame}.`);
  const entry = { prediction, memory: await model.remember(features, prediction, false) };
  state.others.set(frame, entry);
  return entry;
}

function memoriesOf(
  { conditioning, others }: ObjectState,
  frame: number,
  reverse: boolean,
  frameCount: number,
) {
  const direction = reverse ? ('backward' as const) : ('forward' as const);
  const kept = { conditioning: entries(conditioning), longTerm: [], recent: entries(others) };
  return selectMemories(kept, { frame, direction, frameCount });
}

function entries(kept: ReadonlyMap<number, Entry>): MemoryEntry<Sam2Memory>[] {
  return [...kept].map(([frame, { memory }]) => ({ frame, memory }));
}

function newState(): ObjectState {
  return { conditioning: new Map(), others: new Map(), prompted: new Map(), tracked: new Map() };
}
