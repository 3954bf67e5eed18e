import { throwIfAborted, toMaskletError } from '../../core/errors.ts';
import type { WaitingThing } from '../../core/protocol/project.ts';
import type { Appearance } from '../../core/protocol/segmenter.ts';
import { examplesOf, onOneFrameOfEachShot, placesThrough, seenMask } from '../../document/alike.ts';
import { readHistory } from '../../document/saved/readHistory.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { modelStore } from '../model/modelStore.ts';
import { mayUseModel, onModelTurn } from '../model/modelTurn.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { objectsStore, selectedObject } from '../work/objectsStore.ts';
import { project, segmenter } from '../workers/workers.ts';
import { elsewhereStore, type Outcome, type Search } from './elsewhereStore.ts';
import { findVideo } from './findVideo.ts';
import { readProjects } from './projectList.ts';
import { projectListStore, projectStore } from './projectStore.ts';
import { askToRead } from './videoHandles.ts';

/** What the list on the page is of, and the model to which the appearance means something. */
interface Sought {
  readonly name: string;
  readonly appearance: Appearance;
  readonly model: string | undefined;
}

let sought: Sought | undefined;
/** Projects whose clips are yet to be looked in. */
let queue: string[] = [];
let searching: AbortController | undefined;

/**
 * Looks for things that look like the selected object in the clips of all other projects, one after the other. What is found waits in
 * its project; it stays there however the search ends. The search goes on while a person works, also in another project.
 */
export async function findElsewhere(): Promise<void> {
  const object = selectedObject(objectsStore.getState());
  if (object === undefined) return;
  stopElsewhere();
  const { name } = object;
  const examples = examplesOf(object, playbackStore.getState().frame);
  const own = projectStore.getState().id;
  const model = modelId();
  elsewhereStore.setState({ phase: 'looking', name, clips: [] }, true);
  await search(async (signal) => {
    const appearance = await segmenter.appearance(examples);
    await readProjects();
    throwIfAborted(signal);
    sought = { name, appearance, model };
    const others = projectListStore.getState().entries.filter(({ id }) => id !== own);
    change({ clips: others.map(({ id, name: title }) => ({ id, name: title, outcome: { kind: 'to do' } })) });
    queue = others.map(({ id }) => id);
    await lookThroughQueue(sought, signal);
  });
}

/** Asks the person whether the video of a clip may be read, and looks in it too. To be called from a click. */
export async function allowElsewhere(id: string): Promise<void> {
  const wanted = sought;
  const outcome = outcomeOf(id);
  if (wanted === undefined || outcome?.kind !== 'asks') return;
  const isAllowed = await askToRead(outcome.handle);
  if (sought !== wanted || outcomeOf(id)?.kind !== 'asks') return;
  if (!isAllowed) {
    setOutcome(id, {
      kind: 'left out',
      why: 'Reading its video was not allowed: open it, and choose the video.',
    });
    return;
  }
  setOutcome(id, { kind: 'to do' });
  queue.push(id);
  if (searching === undefined) await search((signal) => lookThroughQueue(wanted, signal));
}

/** Looks in no more clips. What was found stays in its project. */
export function stopElsewhere(): void {
  searching?.abort();
  searching = undefined;
  queue = [];
  const state = elsewhereStore.getState();
  if (state.phase === 'off') return;
  const left = state.clips.map((clip) =>
    clip.outcome.kind === 'looking' ? { ...clip, outcome: { kind: 'to do' as const } } : clip,
  );
  change({ phase: 'ended', clips: left });
}

/** Puts away what the search says of itself, and ends it. */
export function closeElsewhere(): void {
  stopElsewhere();
  sought = undefined;
  elsewhereStore.setState({ phase: 'off' }, true);
}

/** Does a part of a search until it ends or is stopped; says what went wrong. */
async function search(look: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  searching = controller;
  try {
    await look(controller.signal);
  } catch (thrown) {
    if (toMaskletError(thrown).code !== 'aborted') notifyError(thrown);
  } finally {
    if (searching === controller) {
      searching = undefined;
      change({ phase: 'ended' });
    }
  }
}

/** @throws MaskletError `aborted` */
async function lookThroughQueue(wanted: Sought, signal: AbortSignal): Promise<void> {
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    await turnOfSearch(signal);
    if (modelId() !== wanted.model) {
      queue = [];
      notify('Another model was chosen: looking in other clips has ended. What was found stays.');
      return;
    }
    setOutcome(id, { kind: 'looking' });
    const outcome = await lookIn(id, wanted, signal);
    throwIfAborted(signal);
    setOutcome(id, outcome);
  }
}

/** What comes of looking in the clip of one project. Whatever is wrong with it leaves only this one out. */
async function lookIn(id: string, wanted: Sought, signal: AbortSignal): Promise<Outcome> {
  try {
    return await lookInVideo(id, wanted, signal);
  } catch (thrown) {
    return { kind: 'left out', why: toMaskletError(thrown).message };
  }
}

async function lookInVideo(id: string, { name, appearance }: Sought, signal: AbortSignal): Promise<Outcome> {
  const { file, video } = await findVideo(id);
  if (file === undefined) {
    return video.kind === 'asks'
      ? { kind: 'asks', handle: video.handle }
      : { kind: 'left out', why: 'Its video is not at hand: open it, and choose the video.' };
  }
  const { facts, history, scan, waiting } = await project.look(id);
  const { documents, present } = readHistory(history, facts.clip);
  const objects = documents[present]?.objects ?? [];
  const places = placesThrough(facts.clip.frameCount).map((frame) => ({
    frame,
    known: objects.flatMap(({ track }) => seenMask(track.get(frame)) ?? []),
  }));
  const things: WaitingThing[] = [];
  for await (const { frame, found } of segmenter.alike({ appearance, places, file }, signal))
    things.push(
      ...found.map(({ mask, score, model }) => ({ frame, mask, score, name, ...(model && { model }) })),
    );
  const { width, height } = facts.clip;
  if (things.some(({ mask }) => mask.width !== width || mask.height !== height))
    return {
      kind: 'left out',
      why: 'The file in its place is not its video: open it, and choose the video.',
    };
  const kept = onOneFrameOfEachShot(things, scan?.shots ?? []);
  await keep(id, name, waiting, kept);
  return { kind: 'done', found: kept.length };
}

/** Has things wait in a project, in place of what an earlier search found by the same name. */
async function keep(
  id: string,
  name: string,
  before: readonly WaitingThing[],
  found: readonly WaitingThing[],
): Promise<void> {
  const isOpen = projectStore.getState().id === id;
  const former = isOpen ? projectStore.getState().waiting : before;
  const waiting = [...former.filter((thing) => thing.name !== name), ...found];
  if (waiting.length === 0 && former.length === 0) return;
  await project.keepWaiting(id, waiting);
  if (projectStore.getState().id === id) projectStore.setState({ waiting });
}

/** Waits until nothing that is more urgent wants the model. @throws MaskletError `aborted` */
async function turnOfSearch(signal: AbortSignal): Promise<void> {
  if (!mayUseModel('elsewhere')) {
    change({ phase: 'waiting' });
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!signal.aborted && !mayUseModel('elsewhere')) return;
        end();
        signal.removeEventListener('abort', look);
        resolve();
      };
      const end = onModelTurn(look);
      signal.addEventListener('abort', look);
    });
  }
  throwIfAborted(signal);
  change({ phase: 'looking' });
}

function modelId(): string | undefined {
  const state = modelStore.getState();
  return state.phase === 'ready' ? state.model.id : undefined;
}

function outcomeOf(id: string): Outcome | undefined {
  const state = elsewhereStore.getState();
  return state.phase === 'off' ? undefined : state.clips.find((clip) => clip.id === id)?.outcome;
}

function setOutcome(id: string, outcome: Outcome): void {
  const state = elsewhereStore.getState();
  if (state.phase === 'off') return;
  change({ clips: state.clips.map((clip) => (clip.id === id ? { ...clip, outcome } : clip)) });
}

function change(part: Partial<Search>): void {
  const state = elsewhereStore.getState();
  if (state.phase !== 'off') elsewhereStore.setState({ ...state, ...part }, true);
}
