import { subtractRle, type MaskRle } from '../../../src/core/rle.ts';
import type { TrackedObject, TrackSettings } from '../../../src/core/protocol/segmenter.ts';
import type { FinishedMask, MaskPrediction, PromptedMask, Tracked, VideoModel } from '../videoModel.ts';
import { FORGOTTEN_AROUND } from './reminders.ts';
import type { Masklet } from './masklet.ts';
import type { FramePlace } from './memoryBank.ts';

/** Scores below this are of masks that are more likely wrong than right. */
const DOUBTFUL = 0.5;

/** A frame of a run, and what holds on it. */
export interface Step<Memory, Prediction extends MaskPrediction> extends FramePlace {
  /** Masks that others already have on the frame, by object; nothing where masks may overlap. */
  readonly taken: ReadonlyMap<number, MaskRle> | undefined;
  /** All objects of the run. Those of one layer are kept apart from each other, unless masks may overlap. */
  readonly layers: readonly (readonly Masklet<Memory, Prediction>[])[];
  readonly settings: TrackSettings;
  /** Whether later frames are told of what is found. */
  readonly isRemembered: boolean;
  /** Called where the model waits for what it finds; see `VideoModel.track`. */
  readonly whileWaiting?: () => void;
}

/** Begins all objects' masks on the next frame, and remembers what they show. Resolves once the next frame may begin. */
export async function advance<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  masklets: readonly Masklet<Memory, Prediction>[],
  features: Features,
  { layers, whileWaiting, ...step }: Step<Memory, Prediction>,
): Promise<{ readonly objects: Promise<TrackedObject[]> }> {
  const { frame } = step;
  const following = masklets.filter(({ prompted }) => !prompted.has(frame));
  for (const { prompted, bank } of masklets)
    if (prompted.has(frame))
      bank.passPrompt(frame, step.settings.forgetAround ? FORGOTTEN_AROUND : undefined);
  const layerOf = (i: number) => layers.findIndex((layer) => layer.some((each) => each === following[i]));
  const areApart = (a: number, b: number) => step.taken !== undefined && layerOf(a) === layerOf(b);
  const found = await model.track(
    features,
    following.map(({ bank }) => bank.select(step)),
    areApart,
    whileWaiting,
  );
  const predictions = new Map(following.flatMap((masklet, i) => (found[i] ? [[masklet, found[i]]] : [])));
  const masks: Promise<readonly TrackedObject[]>[] = [];
  for (const layer of layers) {
    const present = layer.filter((masklet) => masklets.includes(masklet));
    const followed = new Map<Masklet<Memory, Prediction>, Tracked<Prediction>>();
    for (const masklet of present) {
      const prediction = predictions.get(masklet);
      if (prediction) followed.set(masklet, prediction);
      predictions.delete(masklet);
    }
    try {
      const passed = layer.flatMap(({ objectId }) => step.taken?.get(objectId) ?? []);
      masks.push((await advanceLayer(model, present, features, followed, { ...step, passed })).masks);
    } catch (cause) {
      for (const prediction of predictions.values()) model.free(prediction);
      throw cause;
    }
  }
  const objects = Promise.all(masks).then((all) => {
    const byId = new Map(all.flat().map((object) => [object.objectId, object]));
    return masklets.flatMap(({ objectId }) => byId.get(objectId) ?? []);
  });
  // A run that ends before it comes to these masks does not fail by them.
  objects.catch(() => undefined);
  return { objects };
}

/**
 * Remembers the masks of those of a layer that take part, and begins to finish them. Takes the predictions, also where it fails.
 *
 * @param step.passed masks that the layer's objects have on the frame already
 */
async function advanceLayer<Features, Memory, Prediction extends MaskPrediction>(
  model: VideoModel<Features, Memory, Prediction>,
  layer: readonly Masklet<Memory, Prediction>[],
  features: Features,
  followed: ReadonlyMap<Masklet<Memory, Prediction>, Tracked<Prediction>>,
  {
    frame,
    taken,
    passed,
    settings,
    isRemembered,
  }: Omit<Step<Memory, Prediction>, 'layers' | 'whileWaiting'> & { readonly passed: readonly MaskRle[] },
): Promise<{ readonly masks: Promise<TrackedObject[]> }> {
  const fromPrompts = layer.flatMap(({ prompted }) => prompted.get(frame) ?? []);
  const following = [...followed.keys()];
  const predictions = [...followed.values()];
  const distractors = predictions.flatMap(({ distractor }) => distractor ?? []);
  const owned = taken && fromPrompts.map(({ logits }) => logits);
  let memories: readonly (Memory | undefined)[];
  try {
    memories = await model.memorize(features, [...predictions, ...distractors], owned);
  } catch (cause) {
    for (const each of predictions) model.free(each);
    throw cause;
  }
  for (const each of distractors) model.free(each);
  const finished = model.finish(features, predictions, { fillHoles: settings.fillHoles, owned });
  const others = taken ? [...passed, ...fromPrompts.map(({ mask }) => mask)] : [];
  const masks = finished.then((found) => {
    const shown = new Map(following.map((masklet, i) => [masklet, found[i]]));
    return layer.flatMap((masklet) => describe(masklet, frame, shown.get(masklet), others));
  });
  masks.catch(() => undefined);
  const scores = settings.skipDoubtful && isRemembered ? await finished : [];
  following.forEach(({ bank }, i) => {
    const memory = memories[i];
    if (memory !== undefined) {
      if (!isRemembered || (scores[i]?.score ?? 1) < DOUBTFUL) model.free(memory);
      else bank.addTracked({ frame, memory });
    }
    const distractor = predictions[i]?.distractor;
    const theirs = distractor && memories[predictions.length + distractors.indexOf(distractor)];
    if (theirs === undefined) return;
    if (isRemembered) bank.addDistractor({ frame, memory: theirs }, distractor?.isNew === true);
    else model.free(theirs);
  });
  return { masks };
}

/** @param others masks whose pixels a tracked one does not take */
function describe(
  { objectId, prompted }: Pick<Masklet<never, PromptedMask>, 'objectId' | 'prompted'>,
  frame: number,
  found: FinishedMask | undefined,
  others: readonly MaskRle[],
): TrackedObject[] {
  const prompt = prompted.get(frame);
  if (prompt) return [{ objectId, mask: prompt.mask, score: prompt.score, status: 'prompted' }];
  if (!found) return [];
  const mask = others.length > 0 ? subtractRle(found.mask, others) : found.mask;
  return [{ objectId, mask, score: found.score, status: found.present ? 'tracked' : 'absent' }];
}
