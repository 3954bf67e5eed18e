import { MaskletError, throwIfAborted, toMaskletError } from '../../src/core/errors.ts';
import type { ModelCheckEvent } from '../../src/core/protocol/modelCheck.ts';
import type { LoadEvent, ModelEvent, TrackEvent, TrackRequest } from '../../src/core/protocol/segmenter.ts';
import type { ModelVersion } from '../../src/core/provenance.ts';
import { isGpuFailure, type GpuFailure } from '../gpu/gpuFailure.ts';
import type { Clip } from '../media/clip.ts';
import type { KnownModel } from '../library/library.ts';
import { FeatureCache } from '../tracker/run/featureCache.ts';
import { checkModel } from '../tracker/selfCheck/selfCheck.ts';
import type { StepTimer } from '../tracker/run/stepTimer.ts';
import type { AnyVideoModel } from '../tracker/videoModel.ts';
import type { Devices } from '../models/devices.ts';
import { loadModel, type LoadedModel } from './modelLoader.ts';
import { describeEnd, describeRestart, FIRST_START, planRestart, type StartPlan } from './restart.ts';
import { RunProgress } from './runProgress.ts';

/** A model that runs, from its start to the next one. */
interface Live {
  readonly known: KnownModel;
  readonly loaded: LoadedModel;
  plan: StartPlan;
  /** Work that still uses it. */
  readonly work: Set<Promise<unknown>>;
}

/** What work is given. */
export interface Ready {
  readonly model: AnyVideoModel;
  /** What the model's masks are said to be of. */
  readonly madeBy: ModelVersion;
  readonly clip: Clip;
  readonly features: FeatureCache<unknown>;
}

/** A try at some work. */
interface Attempt {
  readonly live: Live;
  readonly ready: Ready;
}

/** Follows objects. The same request on the same model gives the same events. */
export type Follow = (ready: Ready, request: TrackRequest, signal: AbortSignal) => AsyncIterable<TrackEvent>;

/**
 * The model that runs, and the features of the clip's frames. It outlives the GPU: where that fails, the model is started again,
 * and the work that failed is done again on it.
 */
export class ModelHost {
  readonly #timer: StepTimer;
  readonly #devices: Devices;
  readonly #tell: (event: ModelEvent) => void;
  #live: Live | undefined;
  #clip: Clip | undefined;
  #features: FeatureCache<unknown> | undefined;
  /** When all that used former features has let go of them. */
  #freed: Promise<unknown> = Promise.resolve();
  #restarting: Promise<void> | undefined;

  /** @param tell told of each restart */
  constructor(timer: StepTimer, devices: Devices, tell: (event: ModelEvent) => void) {
    this.#timer = timer;
    this.#devices = devices;
    this.#tell = tell;
  }

  get loaded(): LoadedModel | undefined {
    return this.#live?.loaded;
  }

  get features(): FeatureCache<unknown> | undefined {
    return this.#features;
  }

  /** Takes a clip, which stays its opener's to dispose, in place of the one before. */
  setClip(clip: Clip): void {
    this.#clip = clip;
    this.#renewFeatures();
  }

  /** Loads a model in place of the one before, which is let go of once nothing uses it. Throws as `loadModel` does. */
  async *load(known: KnownModel, signal: AbortSignal): AsyncGenerator<LoadEvent, void, undefined> {
    const options = { devices: this.#devices, thrift: FIRST_START.thrift };
    const loaded = yield* loadModel(known, this.#timer, signal, options);
    if (signal.aborted) {
      await loaded.dispose();
      throwIfAborted(signal);
    }
    const former = this.#live;
    this.#take(known, loaded, FIRST_START);
    try {
      yield { type: 'ready', model: loaded.info };
    } finally {
      if (former) await this.#end(former);
    }
  }

  /**
   * Does some work on the model; once more where the GPU fails.
   *
   * @throws MaskletError `not-ready` without a model or a clip; `superseded` if another one took its place meanwhile; what `work`
   *   throws; what starting the model again throws
   */
  async use<Result>(work: (ready: Ready) => Promise<Result>): Promise<Result> {
    let attempt: Attempt | undefined;
    for (;;) {
      attempt = await this.#attempt(attempt);
      const { live, ready } = attempt;
      const working = work(ready);
      live.work.add(working);
      try {
        const result = await working;
        live.plan = { ...live.plan, failures: 0 };
        return result;
      } catch (thrown) {
        await this.#outlive(live, thrown);
      } finally {
        live.work.delete(working);
      }
    }
  }

  /**
   * Checks the model, with no clip of a person's. It is beside the same model on the CPU where it runs on a GPU. A GPU that fails
   * ends the check.
   *
   * @throws MaskletError `not-ready` without a model; what the check throws
   */
  async *check(signal: AbortSignal): AsyncGenerator<ModelCheckEvent, void, undefined> {
    await this.#restarting;
    const live = this.#live;
    if (!live) throw new MaskletError('not-ready', 'The model is not loaded yet.');
    const { known, loaded } = live;
    const { model, stats, precision, info } = loaded;
    const { id, name, family, device } = info;
    const about = { id, name, family, precision, device: device.label };
    const onCpu = async () => {
      if (device.kind !== 'webgpu') return 'The model runs on the processor.';
      try {
        return await this.#loadAgain(known, { ...FIRST_START, gpu: false });
      } catch (cause) {
        return toMaskletError(cause).message;
      }
    };
    yield* whileUsing(live, checkModel({ model, stats, about }, onCpu, signal));
  }

  /**
   * A run that outlives the GPU. On a model that was started again in the same way it is done anew from its start, and what it
   * has yielded is left out: the masks are those of a run that nothing disturbed. On another device, whose masks differ anyway and
   * which may be much slower, only the rest is done.
   *
   * @throws MaskletError as `use` does
   */
  async *follow(
    request: TrackRequest,
    signal: AbortSignal,
    follow: Follow,
  ): AsyncGenerator<TrackEvent, void, undefined> {
    let attempt: Attempt | undefined;
    let rest = request;
    let progress: RunProgress | undefined;
    let doneBefore = 0;
    for (;;) {
      const former: Attempt | undefined = attempt;
      attempt = await this.#attempt(former);
      const { live, ready } = attempt;
      if (former && progress && !isSameWay(former.live.loaded, live.loaded)) {
        rest = progress.rest();
        doneBefore += progress.framesDone;
        progress = undefined;
      }
      progress ??= new RunProgress(rest, ready.clip.info.frameCount);
      const stop = AbortSignal.any([signal, live.loaded.failed]);
      let seen = 0;
      try {
        for await (const event of whileUsing(live, follow(ready, rest, stop))) {
          if (++seen <= progress.framesDone) continue;
          live.plan = { ...live.plan, failures: 0 };
          progress.add(event);
          const { doneFrames, totalFrames } = event;
          yield { ...event, doneFrames: doneBefore + doneFrames, totalFrames: doneBefore + totalFrames };
        }
        return;
      } catch (thrown) {
        await this.#outlive(live, thrown);
      }
    }
  }

  /** @param former the try before, whose clip and model the work is for */
  async #attempt(former: Attempt | undefined): Promise<Attempt> {
    await this.#restarting;
    const [live, clip, features] = [this.#live, this.#clip, this.#features];
    if (former && (former.ready.clip !== clip || former.live.known !== live?.known))
      throw new MaskletError('superseded', 'Another clip or model took its place.');
    if (!live) throw new MaskletError('not-ready', 'The model is not loaded yet.');
    if (!clip || !features) throw new MaskletError('not-ready', 'No clip is open.');
    const { model, version } = live.loaded;
    return { live, ready: { model, madeBy: version, clip, features } };
  }

  /** Starts the model again if the GPU's failure is what was thrown. Nothing of the work that threw may still be waited for. */
  async #outlive(live: Live, thrown: unknown): Promise<void> {
    if (!isGpuFailure(thrown)) throw thrown;
    await this.#restart(live, thrown);
  }

  /** One restart, whoever notices the failure. */
  async #restart(live: Live, failure: GpuFailure): Promise<void> {
    if (this.#live === live) {
      this.#live = undefined;
      this.#restarting = this.#startAgain(live, failure).finally(() => (this.#restarting = undefined));
    }
    await this.#restarting;
  }

  async #startAgain(failed: Live, { code }: GpuFailure): Promise<void> {
    const plan = planRestart(failed.plan, code);
    this.#tell({ type: 'restarting' });
    this.#renewFeatures();
    await this.#end(failed);
    try {
      const loaded = await this.#loadAgain(failed.known, plan);
      if (this.#live) {
        // Another model was chosen meanwhile.
        await loaded.dispose();
        return;
      }
      this.#take(failed.known, loaded, plan);
      const message = describeRestart(code, loaded.info.device.kind === 'webgpu');
      this.#tell({ type: 'restarted', model: loaded.info, message });
    } catch (thrown) {
      const cause = toMaskletError(thrown);
      const message = describeEnd(code, cause.message);
      if (!this.#live) this.#tell({ type: 'failed', message });
      throw new MaskletError(cause.code, message, { cause });
    }
  }

  async #loadAgain(known: KnownModel, { gpu, thrift }: StartPlan): Promise<LoadedModel> {
    const devices = gpu ? this.#devices : ONLY_CPU;
    const loading = loadModel(known, this.#timer, new AbortController().signal, { devices, thrift });
    for (;;) {
      const { done, value } = await loading.next();
      if (done) return value;
    }
  }

  #take(known: KnownModel, loaded: LoadedModel, plan: StartPlan): void {
    const live: Live = { known, loaded, plan, work: new Set() };
    this.#live = live;
    this.#renewFeatures();
    const { failed } = loaded;
    // Also where nothing is being done: the next click finds the model ready.
    const restart = () => this.#outlive(live, failed.reason).catch(() => undefined);
    if (failed.aborted) void restart();
    else failed.addEventListener('abort', () => void restart(), { once: true });
  }

  /** Lets go of a model, once nothing uses it and its features any more. */
  async #end({ loaded, work }: Live): Promise<void> {
    await Promise.allSettled([...work, this.#freed]);
    await loaded
      .dispose()
      .catch((cause: unknown) => console.warn('The former model stays in memory.', cause));
  }

  /** Features belong to one clip and one model; the former ones are freed once nothing uses them. */
  #renewFeatures(): void {
    const former = this.#features;
    const loaded = this.#live?.loaded;
    this.#features =
      this.#clip &&
      loaded &&
      new FeatureCache(this.#clip, loaded.model, this.#timer, loaded.budget.featureBytes);
    this.#freed = Promise.allSettled([this.#freed, former?.dispose()]);
  }
}

const ONLY_CPU: Devices = { findGpu: () => Promise.resolve(null) };

/** Whether two models give the same masks. */
function isSameWay(a: LoadedModel, b: LoadedModel): boolean {
  return a.precision === b.precision && a.info.device.kind === b.info.device.kind;
}

/** The same items; the model counts as used until the iteration ends. */
async function* whileUsing<Item>(
  { work }: Live,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  let end: () => void = () => undefined;
  const using = new Promise<void>((resolve) => (end = resolve));
  work.add(using);
  try {
    yield* items;
  } finally {
    work.delete(using);
    end();
  }
}
