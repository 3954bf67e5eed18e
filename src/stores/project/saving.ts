import { MaskletError, toMaskletError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/oneAtATime.ts';
import type { Doubts } from '../../core/doubt.ts';
import type { MaskDocument } from '../../document/document.ts';
import type { History } from '../../document/history.ts';
import { changesOf } from '../../document/saved/changes.ts';
import { doubtChanges } from '../../document/saved/doubtChanges.ts';
import { follow, statesOf, type States } from '../../document/saved/states.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { videoStore, type Clip } from '../clip/videoStore.ts';
import { modelStore } from '../model/modelStore.ts';
import { notifyError, notifyProblem } from '../page/noticesStore.ts';
import { doubtfulStore } from '../work/doubtful.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { forgetLog, logSaved } from '../work/workLog.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { onWorkerCrash, player, project } from '../workers/workers.ts';
import { keepVideo } from './keptVideo.ts';
import { factsOf, projectNameOf, readPageWork, type PageWork } from './pageWork.ts';
import { releaseLock, takeLock } from './projectLock.ts';
import { rememberInTab } from './projectOfTab.ts';
import { forgetProject, projectStore } from './projectStore.ts';
import { isScanned, pictureOf, scanToSave } from './scanPictures.ts';
import { askToPersist, hasStorage, readRoom } from './storage.ts';

/** How long changes gather before they are saved together, and how soon a failed save is tried again, in milliseconds. */
const GATHER = 150;
const RETRY = 3_000;

/** The project that this tab writes to. */
export interface Current {
  readonly id: string;
  readonly name: string;
  readonly clip: Clip;
  /** `new`: not made yet. `closed`: its database is to be opened again, and written anew. */
  phase: 'new' | 'closed' | 'open';
  /** What is in the storage. */
  states: States | undefined;
  /** The doubtful frames that are in the storage, by object. */
  doubts: ReadonlyMap<number, Doubts> | undefined;
  /** Whether the scan of the clip is in the storage. */
  hasScan: boolean;
  /** What is to be saved last: the project was left, and the stores hold another one. */
  last?: PageWork;
  /** Its video is being copied. */
  isCopying?: boolean;
}

let current: Current | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const inTurn = oneAtATime();

/** The project that this tab writes to, if there is one. */
export function currentProject(): string | undefined {
  return current?.id;
}

/** Saves to this project from now on. @param states what of the history is in the storage; nothing if all is to be written */
export function attach(next: Current): void {
  current = next;
  rememberInTab(next.id);
  const isAllSaved = next.phase === 'open' && next.states !== undefined;
  projectStore.setState({
    ...{
      id: next.id,
      name: next.name,
      saved: isAllSaved ? 'saved' : 'saving',
      problem: undefined,
      heldSince: undefined,
    },
    savedAt: isAllSaved ? Date.now() : undefined,
  });
  void readRoom();
  // Where all masks had to be judged, what was found is saved at once: it is not to be found again at the next visit.
  if (!isAllSaved || next.doubts === undefined) schedule(0);
}

/** Saves what changes, from the first edit on. To be called once. */
export function watchProject(): void {
  objectsStore.subscribe((state, before) => {
    if (state.history !== before.history) void touch(state.history);
    else if (state !== before) touchView();
  });
  playbackStore.subscribe((state, before) => {
    if (state.frame !== before.frame || state.range !== before.range) touchView();
  });
  trackingStore.subscribe((state, before) => {
    if (state.phase !== before.phase) touchView();
  });
  videoStore.subscribe(() => {
    if (isScanned() && current?.hasScan === false) touchView();
  });
  doubtfulStore.subscribe((state, before) => {
    if (state.judged === undefined && before.judged !== undefined) touchView();
  });
  const soon = () => {
    if (current && timer !== undefined) void flush();
  };
  addEventListener('visibilitychange', soon);
  addEventListener('pagehide', soon);
  onWorkerCrash((worker) => {
    if (worker !== 'project' || current === undefined) return;
    Object.assign(current, { phase: 'closed', states: undefined });
    projectStore.setState({ saved: 'saving' });
    schedule(RETRY);
  });
}

async function touch(history: History<MaskDocument>): Promise<void> {
  const { clip } = videoStore.getState();
  if (objectsStore.getState().readOnly !== undefined) return;
  if (current === undefined) {
    const isUntouched = history.past.length === 0 && history.future.length === 0;
    if (clip === undefined || isUntouched) return;
    if (!(await hasStorage())) {
      tellOnce();
      return;
    }
    if (videoStore.getState().clip !== clip || current !== undefined) return touch(history);
    const name = projectNameOf(clip);
    attach({
      ...{ id: crypto.randomUUID(), name, clip, phase: 'new', hasScan: false },
      ...{ states: undefined, doubts: undefined },
    });
    void askToPersist();
    return;
  }
  if (projectStore.getState().saved !== 'failed') projectStore.setState({ saved: 'saving' });
  schedule(GATHER);
}

let isTold = false;

function tellOnce(): void {
  const { problem } = projectStore.getState();
  if (!isTold && problem !== undefined) notifyProblem(problem, { about: 'app' });
  isTold = true;
}

/** Where the person is goes along with the next save, which need not be soon. */
function touchView(): void {
  if (current?.phase === 'open') schedule(4 * GATHER);
}

function schedule(delay: number): void {
  timer ??= setTimeout(() => void flush(), delay);
}

/** Saves all that changed. Says in the store how that went. */
export function flush(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  return inTurn(async () => {
    const target = current;
    if (target === undefined) return;
    try {
      await write(target);
    } catch (thrown) {
      if (current !== target) return;
      const { code, message } = toMaskletError(thrown);
      if (code === 'worker-crashed') return;
      if (code === 'storage-full' && (await project.purge().catch(() => 0)) > 0) schedule(0);
      else {
        projectStore.setState({ saved: 'failed', problem: message });
        schedule(RETRY);
      }
      void readRoom();
    }
  });
}

async function write(target: Current): Promise<void> {
  const isNew = target.phase === 'new';
  if (target.phase !== 'open') await bringBack(target);
  const scan = isScanned() && !target.hasScan && !target.last ? await scanToSave() : undefined;
  const { history, view, doubts, log } = target.last ?? readPageWork();
  const next = target.states && follow(target.states, history);
  const states = next ?? statesOf(history, 0);
  const model = modelStore.getState();
  await project.save(target.id, {
    history: changesOf(next && target.states, states),
    view,
    ...(scan && { scan }),
    ...(doubts && { doubts: doubtChanges(target.doubts, doubts) }),
    ...(log.length > 0 && { log }),
    ...(model.phase === 'ready' && { facts: { model: model.model.id } }),
  });
  logSaved(log);
  target.states = states;
  target.doubts = doubts ?? target.doubts;
  target.hasScan ||= scan !== undefined;
  if (current !== target) return;
  const { saved, videoBytes } = projectStore.getState();
  const isRoomAgain = saved === 'failed' && videoBytes === 0;
  if (isNew) void savePicture(target);
  if (isNew || isRoomAgain) void copyVideo(target);
  if (objectsStore.getState().history !== history) schedule(GATHER);
  else if (!target.isCopying)
    projectStore.setState({ saved: 'saved', savedAt: Date.now(), problem: undefined });
}

/** Keeps the project's video beside the saves. A project is saved once its video is. */
async function copyVideo(target: Current): Promise<void> {
  target.isCopying = true;
  try {
    await keepVideo(target.id, target.clip);
  } finally {
    target.isCopying = false;
    if (current === target) schedule(0);
  }
}

/** A project's file with all that is on the page, whether or not it could be saved. */
export async function fileOfPage(): Promise<Blob> {
  const { clip } = videoStore.getState();
  if (clip === undefined) throw new MaskletError('not-ready', 'No clip is open.');
  const { history, view, doubts, log } = readPageWork();
  const name = current?.name ?? projectNameOf(clip);
  return project.fileOf(await factsOf(name, clip), {
    history: changesOf(undefined, statesOf(history, 0)),
    view,
    ...(doubts && { doubts: doubtChanges(undefined, doubts) }),
    log,
  });
}

/** Makes the project's database, or opens it again. */
async function bringBack(target: Current): Promise<void> {
  if (!(await takeLock(target.id)))
    throw new MaskletError(
      'project-busy',
      'Not saved: another tab has this project. Close it there, and it is saved here.',
    );
  if (target.phase === 'new') await project.create(target.id, await factsOf(target.name, target.clip));
  else await project.open(target.id);
  target.phase = 'open';
  target.states = undefined;
  target.doubts = undefined;
}

async function savePicture(target: Current): Promise<void> {
  if (target.clip.file === undefined) return;
  try {
    const bitmap = await player.frame(playbackStore.getState().frame);
    const picture = await pictureOf(bitmap);
    bitmap.close();
    if (current === target) await project.save(target.id, { facts: { picture } });
  } catch {
    // The list shows the project without a picture.
  }
}

/** What is needed to go back to a project that was left. */
export type LeftProject = Omit<Current, 'phase' | 'last'>;

/**
 * Ends saving to the project that is open: what comes is of another one. All that was committed before is saved first, in the
 * background. Gives what is needed to go back.
 */
export function leaveProject(): { readonly left: LeftProject | undefined; readonly done: Promise<void> } {
  const target = current;
  if (target) target.last = readPageWork();
  forgetLog();
  rememberInTab(undefined);
  clearTimeout(timer);
  timer = undefined;
  current = undefined;
  forgetProject();
  if (target === undefined) return { left: undefined, done: Promise.resolve() };
  const done = inTurn(async () => {
    try {
      await write(target);
      await project.close(target.id, false);
    } catch (thrown) {
      notifyError(thrown);
    }
    releaseLock();
  });
  const { id, name, clip, hasScan } = target;
  return { left: { id, name, clip, hasScan, states: undefined, doubts: undefined }, done };
}

/** Goes on with a project that was left, whose work is back in the stores. */
export function returnToProject(left: LeftProject): void {
  attach({ ...left, phase: 'closed' });
}

/** Gives the project up to another tab. The work stays on the page, to be looked at. */
export async function giveUpProject(readOnly: string): Promise<void> {
  await flush();
  const { left, done } = leaveProject();
  await done;
  if (left === undefined) return;
  objectsStore.setState({ readOnly });
  projectStore.setState({ id: left.id, name: left.name, heldSince: Date.now() });
}
