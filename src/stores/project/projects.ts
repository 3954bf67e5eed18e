import { MaskletError, toMaskletError } from '../../core/errors.ts';
import { fingerprintOf, videoDifferences } from '../../core/fingerprint.ts';
import type { OpenedProject } from '../../core/protocol/project.ts';
import { readHistory } from '../../document/saved/readHistory.ts';
import { historyOf } from '../../document/saved/states.ts';
import { closeClip, openInSegmenter, openSaved } from '../clip/openClip.ts';
import { refreshFrame, resetFrames } from '../clip/frames.ts';
import { scanClip } from '../clip/scan.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notify, notifyError, notifyProblem, type NoticeAction } from '../page/noticesStore.ts';
import { download } from '../work/exportFile.ts';
import { doubtsOf, judgeAll, takeUpDoubts } from '../work/doubtful.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { startTracking } from '../work/tracking.ts';
import { player, project } from '../workers/workers.ts';
import { findVideo } from './findVideo.ts';
import { keepVideo } from './keptVideo.ts';
import { answerTabs, askForCopy, isFree, releaseLock, takeLock, takeOver } from './projectLock.ts';
import { readProjects } from './projectList.ts';
import { lastProjectOfTab } from './projectOfTab.ts';
import { projectListStore, projectStore } from './projectStore.ts';
import { attach, currentProject, flush, giveUpProject, leaveProject, returnToProject } from './saving.ts';
import { hasStorage, readRoom } from './storage.ts';
import { askToRead, forgetHandlesExcept } from './videoHandles.ts';

const LOOK_ONLY = 'This project is open in another tab. Take it over to change it here.';
const SWITCHING = 'A project is opening. Wait until it is here.';

/** Opens the project that was open when the page went away, and answers other tabs. To be called once. */
export async function startProjects(): Promise<void> {
  answerTabs(currentProject, {
    copy: async () => {
      await flush();
      return project.file(currentProject() ?? '');
    },
    giveUp: () => giveUpProject(LOOK_ONLY),
  });
  if (!(await hasStorage())) return;
  void readRoom().catch(() => undefined);
  try {
    await readProjects();
    const { entries } = projectListStore.getState();
    void forgetHandlesExcept(new Set(entries.map((entry) => entry.id)));
    const id = await projectToResume();
    if (id !== undefined && videoStore.getState().phase === 'empty') await openProject(id);
  } catch (thrown) {
    notifyError(thrown);
  }
}

/** The one that this tab had open; else the last one that a page did not close, if no other tab has it. */
async function projectToResume(): Promise<string | undefined> {
  const { entries } = projectListStore.getState();
  const own = lastProjectOfTab();
  if (entries.some(({ id }) => id === own)) return own;
  for (const { id, isOpen } of entries) if (isOpen && (await isFree(id))) return id;
  return undefined;
}

/**
 * Opens a project in place of what is open, whose project is saved first. One that another tab has is opened to be looked at.
 *
 * @param isTaken whether this tab has the project's lock already
 */
export async function openProject(id: string, isTaken = false): Promise<void> {
  if (id === currentProject()) return;
  const entry = projectListStore.getState().entries.find((each) => each.id === id);
  videoStore.setState({ phase: 'opening', opening: entry?.name ?? 'the project' });
  objectsStore.setState({ readOnly: SWITCHING });
  const { left, done } = leaveProject();
  await done;
  try {
    if (isTaken || (await takeLock(id))) await show(id, await project.open(id));
    else await lookAt(id);
  } catch (thrown) {
    if (left) returnToProject(left);
    else releaseLock();
    objectsStore.setState({ readOnly: undefined });
    videoStore.setState(({ clip }) => ({ phase: clip ? 'ready' : 'empty', opening: undefined }));
    refreshFrame();
    await tellWhy(id, thrown);
  }
}

async function tellWhy(id: string, thrown: unknown): Promise<void> {
  const { code, message } = toMaskletError(thrown);
  const damaged = code === 'project-damaged' ? await project.damaged(id) : undefined;
  if (damaged === undefined) notifyError(thrown);
  else notifyProblem(message, { about: 'app', action: saveDamaged(damaged) });
}

async function lookAt(id: string): Promise<void> {
  const copy = await askForCopy(id);
  if (copy === undefined) {
    throw new MaskletError(
      'project-busy',
      'Another tab has this project and does not answer. Close that tab, then open the project again.',
    );
  }
  await show(id, await project.read(copy.file), copy.since);
}

/** Puts a project on the page. @param heldSince since when another tab writes to it */
async function show(id: string, opened: OpenedProject, heldSince?: number): Promise<void> {
  const { facts, view, scan, doubts, runs, losses, waiting } = opened;
  const states = readHistory(opened.history, facts.clip);
  const present = states.documents[states.present]?.objects;
  const { file, video, handle } = await findVideo(id);
  const hidden = new Set(view?.hidden ?? []);
  const { selectedId, soloId, range } = view ?? {};
  await openSaved({ name: facts.clipName, info: facts.clip, ...(handle && { handle }) }, file, {
    objects: {
      ...{ history: historyOf(states), hidden },
      ...{ selectedId: selectedId ?? undefined, soloId: soloId ?? undefined },
      readOnly: heldSince === undefined ? undefined : LOOK_ONLY,
    },
    playback: { frame: view?.frame ?? 0, range: range ?? undefined },
    scan,
    attach: (clip) => {
      if (doubts && present) takeUpDoubts(present, doubts);
      else if (present) void judgeAll(clip.info, present);
      if (heldSince === undefined)
        attach({
          ...{ id, name: facts.name, clip, phase: 'open', states, hasScan: scan !== undefined },
          doubts: doubts && present && doubtsOf(present),
        });
      const isKept = video.kind === 'here' && handle === undefined;
      projectStore.setState({
        ...{ id, name: facts.name, video, heldSince, runs },
        videoBytes: isKept ? (file?.size ?? 0) : 0,
        // Where another tab writes, nothing can be accepted.
        waiting: heldSince === undefined ? waiting : [],
      });
    },
  });
  if (losses.length > 0) await tellLosses(id, losses);
  if (view?.isTracking && heldSince === undefined)
    notify('Tracking was going on when the page went away. Its masks so far are here.', {
      label: 'Go on tracking',
      run: () => void startTracking('needed'),
    });
}

function saveDamaged(file: Blob): NoticeAction {
  return { label: 'Save the damaged file', run: () => download(file, 'damaged.masklet') };
}

async function tellLosses(id: string, losses: readonly string[]): Promise<void> {
  const damaged = await project.damaged(id);
  notifyProblem(`${losses.join(' ')} All the rest is here. The damaged file was kept.`, {
    about: 'clip',
    ...(damaged && { action: saveDamaged(damaged) }),
  });
}

/** Reads the video from where it was, once the person allows it. To be called from a click. */
export async function allowVideo(): Promise<void> {
  const { video } = projectStore.getState();
  if (video.kind !== 'asks' || !(await askToRead(video.handle))) return;
  try {
    await giveVideo(await video.handle.getFile(), video.handle);
  } catch {
    projectStore.setState({ video: { kind: 'missing' } });
    notifyProblem('The video is not where it was. Choose it again.', { about: 'clip' });
  }
}

/** Takes a file as the project's video, if it is the same: else says what differs, and leaves all as it is. */
export async function giveVideo(file: File, handle?: FileSystemFileHandle): Promise<void> {
  const { clip } = videoStore.getState();
  const { id } = projectStore.getState();
  if (clip === undefined || clip.file !== undefined || id === undefined) return;
  try {
    const { facts } = await project.look(id);
    const info = await player.open(file);
    const given = { fingerprint: await fingerprintOf(file), clip: info };
    const differences = videoDifferences(facts, given);
    if (differences.length > 0) {
      throw new MaskletError(
        'video-differs',
        `“${file.name}” is not the video of this project: ${differences.join('; ')}. Choose “${facts.clipName}”.`,
      );
    }
    const whole = { ...clip, file, ...(handle && { handle }) };
    videoStore.setState({ clip: whole });
    projectStore.setState({ video: { kind: 'here' } });
    resetFrames();
    refreshFrame();
    if (videoStore.getState().scannedFrames === 0) void scanClip(whole);
    void keepVideo(id, whole);
    await openInSegmenter();
  } catch (thrown) {
    notifyError(thrown);
  }
}

/** Takes over the project that another tab has and that is looked at here. */
export async function takeOverProject(): Promise<void> {
  const { id, heldSince } = projectStore.getState();
  if (id === undefined || heldSince === undefined) return;
  if (!(await takeOver(id))) {
    notifyProblem('The other tab does not let the project go. Close that tab, then take it over again.', {
      about: 'clip',
    });
    return;
  }
  await openProject(id, true);
}

/** Closes what is open, and shows the list of projects. */
export async function showProjects(): Promise<void> {
  await closeClip();
  await readProjects();
}
