import { contentOf } from '../../../../src/core/frames.ts';
import { videoToModelPoint, stretch } from '../../../../src/core/geometry.ts';
import type { Sam2Manifest } from '../../../models/sam2Manifest.ts';
import type { Tensor } from '../../../models/graph.ts';
import { selectMemories, type MemoryEntry } from '../../run/memoryBank.ts';
import type { Sam2Features } from '../features.ts';
import type { Sam2Model, Sam2Prediction } from '../sam2Model.ts';
import type { Sam2Memory } from '../contract.ts';
import type { Decoded } from '../decoded.ts';
import {
  frameOf,
  rectangleMask,
  type FixtureClip,
  type FixtureRun,
  type FixtureStep,
  type ParityFixture,
  type Reference,
} from './fixture.ts';

type Prompt = Exclude<FixtureStep, { do: 'run' | 'read' }>;

interface Entry {
  readonly prediction: Sam2Prediction;
  readonly memory: Sam2Memory;
}

/** An object as the reference keeps it: entries of frames prompted before they were tracked, and of all others. */
interface ObjectState {
  readonly conditioning: Map<number, Entry>;
  readonly others: Map<number, Entry>;
  readonly tracked: Set<number>;
  prompt: Prompt | undefined;
}

/** Two runtimes that round differently are no further apart than this. */
export const TOLERANCE = 1e-3;

/** How far a tracker is from the reference, over all records of a run. */
export interface Difference {
  records: number;
  /** Masks on which the object is there, by the reference. */
  present: number;
  logits: number;
  pointer: number;
  objectScore: number;
  predictedIou: number;
  /** Logits whose sign differs, and all logits. */
  changedPixels: number;
  pixels: number;
  /** The first record that is off by more than the tolerance, for a message. */
  firstAt: string | undefined;
}

/** Before the first record. */
export const NO_DIFFERENCE: Readonly<Difference> = {
  ...{ records: 0, present: 0, logits: 0, pointer: 0, objectScore: 0, predictedIou: 0 },
  ...{ changedPixels: 0, pixels: 0, firstAt: undefined },
};

/**
 * Plays a fixture's run on the model with the reference's own bookkeeping: a prompt on a frame that was tracked already
 * stays an unconditioned entry, and of one with a prompt all masks of the frame are binarised. (The app's runs do better; see
 * docs/sam2.md.) Compares every record.
 */
export async function replay(
  model: Sam2Model,
  { clip, rgb, reference, values, manifest }: Omit<ParityFixture, 'files'>,
  run: FixtureRun,
): Promise<Difference> {
  const objects = new Map<number, ObjectState>();
  const features = new Map<number, Sam2Features>();
  const difference: Difference = { ...NO_DIFFERENCE };
  let next = 0;
  const encode = async (frame: number) => {
    const seen = features.get(frame) ?? (await model.encode(contentOf(frameOf(clip, rgb, frame))));
    features.set(frame, seen);
    return seen;
  };
  const check = async (object: number, frame: number, found: Decoded | undefined, where: string) => {
    const record = run.records[next++];
    if (record?.frame !== frame || record.object !== object) throw new Error(`The records end at ${where}.`);
    if (!found) throw new Error(`No mask: ${where}.`);
    const { logits, pointer, objectScore, predictedIou } = found;
    const read = await model.tensors.read([logits, pointer, objectScore, predictedIou]);
    compare(difference, read, values.subarray(record.offset / 4), reference, where);
    if (record.present) difference.present++;
  };
  for (const [index, step] of run.steps.entries()) {
    if (step.do === 'read') {
      const { frame, point } = step;
      const readings = await model.readings(await encode(frame), { x: point[0], y: point[1] });
      for (const [i, reading] of readings.entries())
        await check(1 + i, frame, reading, `${run.name}, step ${index}, frame ${frame}, token ${1 + i}`);
      continue;
    }
    if (step.do !== 'run') {
      const state = objects.get(step.object) ?? newState();
      objects.set(step.object, state);
      state.prompt = step;
      continue;
    }
    for (const frame of step.frames) {
      await runFrame(model, objects, await encode(frame), { frame, reverse: step.reverse, clip, manifest });
      for (const [object, { conditioning, others }] of objects) {
        const entry = conditioning.get(frame) ?? others.get(frame);
        const where = `${run.name}, step ${index}, frame ${frame}, object ${object}`;
        await check(object, frame, entry?.prediction, where);
      }
    }
  }
  return difference;
}

interface Place {
  readonly frame: number;
  readonly reverse: boolean;
  readonly clip: FixtureClip;
  readonly manifest: Sam2Manifest;
}

async function runFrame(
  model: Sam2Model,
  objects: ReadonlyMap<number, ObjectState>,
  features: Sam2Features,
  { frame, reverse, clip, manifest: { imageSize, rules } }: Place,
): Promise<void> {
  const computed = [...objects.values()].filter((state) => state.prompt ?? !state.conditioning.has(frame));
  const all = rules.binarize === 'batch' && computed.some(({ prompt }) => prompt);
  const isFresh = (state: ObjectState) => state.prompt !== undefined && !state.tracked.has(frame);
  const tracked = computed.filter((state) => !isFresh(state));
  const { predictions, conditioned } = await model.trackConditioned(
    features,
    tracked.map(({ conditioning, others }) => ({
      ...selectMemories(
        { conditioning: [], longTerm: [], recent: entries(others) },
        { frame, direction: reverse ? 'backward' : 'forward', frameCount: clip.frames },
      ),
      // In the reference's order, that of insertion: it says which ones the slots of a hosted export repeat.
      conditioning: entries(conditioning),
    })),
    tracked.map(({ prompt }) => all || prompt !== undefined),
  );
  for (const state of computed) {
    const { prompt } = state;
    const at = tracked.indexOf(state);
    let prediction = predictions[at];
    if (prompt) {
      const image = conditioned[at] ?? features.imageWithoutMemory;
      prediction =
        prompt.do === 'mask'
          ? await model.givenMask(features, rectangleMask(clip, prompt.rectangle))
          : await model.decode(
              features,
              image,
              prompt.points.map(([x, y], i) => ({
                ...videoToModelPoint({ x, y }, stretch(clip, imageSize)),
                label: prompt.labels[i] ?? 1,
              })),
            );
    }
    if (!prediction) throw new Error(`Nothing was predicted on frame ${frame}.`);
    const memory = await model.remember(features, prediction, all || prompt !== undefined);
    (isFresh(state) ? state.conditioning : state.others).set(frame, { prediction, memory });
  }
  for (const state of computed) {
    if (tracked.includes(state)) state.tracked.add(frame);
    state.prompt = undefined;
  }
}

function newState(): ObjectState {
  return { conditioning: new Map(), others: new Map(), tracked: new Set(), prompt: undefined };
}

function entries(kept: ReadonlyMap<number, Entry>): MemoryEntry<Sam2Memory>[] {
  return [...kept].map(([frame, { memory }]) => ({ frame, memory }));
}

/** Adds a record to the difference. `found` and `expected`: the record's mask, object pointer, object score and predicted IoU, one after the other. */
export function compare(
  difference: Difference,
  found: readonly [Tensor, Tensor, Tensor, Tensor],
  expected: Float32Array,
  { record: { mask, obj_ptr: channels } }: Reference,
  where: string,
): void {
  const pixels = mask[0] * mask[1];
  const [logits, pointer, objectScore, predictedIou] = found.map(({ data }) => data);
  const largest = (values: Float32Array = new Float32Array(), from: number) =>
    values.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[from + i] ?? NaN))), 0);
  const off = {
    logits: largest(logits, 0),
    pointer: largest(pointer, pixels),
    objectScore: largest(objectScore, pixels + channels),
    predictedIou: largest(predictedIou, pixels + channels + 1),
  };
  for (const key of ['logits', 'pointer', 'objectScore', 'predictedIou'] as const) {
    difference[key] = Math.max(difference[key], off[key]);
    if (!(off[key] <= TOLERANCE)) difference.firstAt ??= `${where}: ${key} off by ${off[key]}`;
  }
  difference.records++;
  difference.pixels += pixels;
  logits?.forEach((value, i) => {
    if (value > 0 !== (expected[i] ?? 0) > 0) difference.changedPixels++;
  });
}
