import { toMaskletError } from '../../core/errors.ts';
import { includesFrame } from '../../core/frameRanges.ts';
import type { VideoPoint } from '../../core/geometry.ts';
import type { WaitingThing } from '../../core/protocol/project.ts';
import type { EverythingEvent } from '../../core/protocol/segmenter.ts';
import { mayOverlap, rleArea, rleIncludes, rleIou, type MaskRle } from '../../core/rle.ts';
import { withName, type MaskDocument, type MaskObject } from '../../document/document.ts';
import { maskPrompts, withMaskObject, withPrompts } from '../../document/promptedMasks.ts';
import { examplesOf, placesToLook, seenMask } from '../../document/alike.ts';
import { mayUseModel, onModelTurn } from '../model/modelTurn.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import {
  commitDocument,
  currentDocument,
  objectsStore,
  selectedObject,
  TOO_MANY_OBJECTS,
  workOn,
} from './objectsStore.ts';
import { pause, playbackStore } from '../clip/playbackStore.ts';
import { proposalsStore, type FrameProposal, type Proposals } from './proposalsStore.ts';
import { seek, trackingStore } from './trackingStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { segmenter } from '../workers/workers.ts';

/** A proposal whose IoU with an object's mask is above this is that object. */
const SAME_THING = 0.7;

let finding: AbortController | undefined;

/** Looks for all things on the frame at the playhead. */
export async function findProposals(): Promise<void> {
  endProposals();
  pause();
  const { frame } = playbackStore.getState();
  const controller = new AbortController();
  finding = controller;
  begin(frame, undefined);
  await find(controller, async () => {
    for await (const event of segmenter.everything(frame, controller.signal)) {
      if (controller.signal.aborted) return;
      change((state) => withEvent(state, event));
    }
  });
}

/**
 * Looks for things that look like the selected object: on the frame at the playhead, and on a frame of each other shot.
 */
export async function findLike(): Promise<void> {
  const object = selectedObject(objectsStore.getState());
  const { clip, shots } = videoStore.getState();
  if (object === undefined || clip === undefined) return;
  endProposals();
  pause();
  const { frame } = playbackStore.getState();
  const { objects } = currentDocument();
  const places = placesToLook(frame, clip.info.frameCount, shots).map((place) => ({
    frame: place,
    known: objects.flatMap(({ track }) => seenMask(track.get(place)) ?? []),
  }));
  const controller = new AbortController();
  finding = controller;
  begin(frame, { id: object.id, name: object.name });
  await find(controller, async () => {
    const appearance = await segmenter.appearance(examplesOf(object, frame));
    for await (const { found, doneFrames, totalFrames, ...event } of segmenter.alike(
      { appearance, places },
      controller.signal,
    )) {
      if (controller.signal.aborted) return;
      change((state) => {
        const before = state.proposals.length;
        const numbered = found.map((proposal, at) => ({
          ...proposal,
          ...{ id: before + at + 1, frame: event.frame },
        }));
        return { ...state, done: doneFrames / totalFrames, proposals: [...state.proposals, ...numbered] };
      });
    }
  });
}

/** Offers things that were found before in this clip, and goes to the first one. @param things with the names of the objects that they look like */
export function offerFound(things: readonly WaitingThing[]): void {
  const [first] = things;
  if (first === undefined) return;
  endProposals();
  pause();
  const proposals = things.map((thing, at) => ({ ...thing, id: at + 1, area: rleArea(thing.mask) }));
  const name = [...new Set(things.map((thing) => thing.name))].join(', ');
  const { frame } = first;
  proposalsStore.setState(
    { phase: 'found', frame, like: { id: undefined, name }, done: 1, proposals, pointedId: undefined },
    true,
  );
  if (frame !== playbackStore.getState().frame) seek(frame);
}

function begin(frame: number, like: Proposals['like']): void {
  const nothing = { done: undefined, proposals: [], pointedId: undefined };
  proposalsStore.setState({ phase: 'finding', frame, like, ...nothing }, true);
}

/** Looks for something until it is found or given up; says what went wrong. */
async function find(controller: AbortController, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (thrown) {
    if (toMaskletError(thrown).code !== 'aborted') notifyError(thrown);
  } finally {
    if (finding === controller) {
      finding = undefined;
      change((state) => ({ ...state, phase: 'found' }));
    }
  }
}

/** Looks no further; what was found stays to be picked. Where nothing is being looked for, puts it away. */
export function leaveProposals(): void {
  if (finding === undefined) return endProposals();
  finding.abort();
  finding = undefined;
  change((state) => ({ ...state, phase: 'found' }));
}

/** Puts the proposals away. What was picked stays. */
export function endProposals(): void {
  finding?.abort();
  finding = undefined;
  proposalsStore.setState({ phase: 'off' }, true);
}

/** Makes a proposal an object, or selects the object that it is already. */
export function pickProposal(id: number): void {
  const state = proposalsStore.getState();
  if (state.phase === 'off') return;
  const proposal = state.proposals.find((each) => each.id === id);
  if (proposal === undefined) return;
  const picked = objectOf(currentDocument(), proposal);
  if (picked) workOn(picked.id);
  else pick(state, [proposal], 'keep object');
  if (proposal.frame !== playbackStore.getState().frame) seek(proposal.frame);
}

/** Makes objects of all proposals that are none yet, in one step. Says how many things were objects already. */
export function pickAll(): void {
  const state = proposalsStore.getState();
  if (state.phase === 'off') return;
  const document = currentDocument();
  const rest = state.proposals.filter((proposal) => !objectOf(document, proposal));
  const known = state.proposals.filter((proposal) => isOlderObject(document, proposal)).length;
  if (rest.length > 0) pick(state, rest, 'keep all objects');
  if (known === 0) return;
  notify(
    known === 1
      ? 'One of these things was an object already, and stays as it is.'
      : `${known} of these things were objects already, and stay as they are.`,
  );
}

function pick({ like }: Proposals, proposals: readonly FrameProposal[], label: string): void {
  let document = currentDocument();
  let selectedId: number | undefined;
  for (const proposal of proposals) {
    const next = withPicked(document, proposal, like);
    if (next.id === undefined) {
      notify(TOO_MANY_OBJECTS);
      break;
    }
    document = next.document;
    selectedId = next.id;
  }
  if (selectedId === undefined) return;
  commitDocument(document, label);
  workOn(selectedId);
}

/**
 * A document with a proposal as an object. One that looks like an object is that object where it has no mask on the frame and may get one;
 * elsewhere it is another of its kind, and has its name, which is the category in exports. Objects of another clip are known by their name.
 */
function withPicked(
  document: MaskDocument,
  { frame, mask, model, name }: FrameProposal,
  like: Proposals['like'],
): ReturnType<typeof withMaskObject> {
  const kind = document.objects.filter((object) =>
    like?.id === undefined ? object.name === name : object.id === like.id,
  );
  const open = kind.find(
    ({ track, locked }) => seenMask(track.get(frame)) === undefined && !includesFrame(locked, frame),
  );
  if (open) return { document: withPrompts(document, open.id, frame, maskPrompts(mask, model)), id: open.id };
  const next = withMaskObject(document, frame, mask, model);
  const kindName = kind[0]?.name ?? name;
  if (next.id === undefined || kindName === undefined) return next;
  return { ...next, document: withName(next.document, next.id, kindName) };
}

/** The object that was made of a proposal, or that has the same mask on its frame. */
export function objectOf(
  document: MaskDocument,
  { frame, mask }: Pick<FrameProposal, 'frame' | 'mask'>,
): MaskObject | undefined {
  const picked = document.objects.find(({ prompts }) => prompts.get(frame)?.mask === mask);
  return picked ?? document.objects.find(({ track }) => isSameThing(track.get(frame)?.mask, mask));
}

/** Whether a proposal is a thing that was an object before it was found. */
function isOlderObject(document: MaskDocument, proposal: FrameProposal): boolean {
  const object = objectOf(document, proposal);
  return object !== undefined && object.prompts.get(proposal.frame)?.mask !== proposal.mask;
}

function isSameThing(own: MaskRle | undefined, mask: MaskRle): boolean {
  return own !== undefined && mayOverlap(own, mask) && rleIou(own, mask) > SAME_THING;
}

/** The smallest proposal that covers a point of the frame. */
export function proposalAt(
  proposals: readonly FrameProposal[],
  point: VideoPoint,
): FrameProposal | undefined {
  return proposals.findLast(({ mask }) => rleIncludes(mask, point));
}

/** Tells which proposal the pointer or the focus is on; `undefined` if none. */
export function pointAt(pointedId: number | undefined): void {
  change((state) => (state.pointedId === pointedId ? state : { ...state, pointedId }));
}

function withEvent(state: Proposals, event: EverythingEvent): Proposals {
  const done = event.donePoints / event.totalPoints;
  if (event.added.length === 0 && event.removed.length === 0) return { ...state, done };
  // Where one that was picked is removed, a better one of the same thing stands for its object.
  const rest = state.proposals.filter(({ id }) => !event.removed.includes(id));
  const added = event.added.map((proposal) => ({ ...proposal, frame: state.frame }));
  const proposals = [...rest, ...added].sort((a, b) => b.area - a.area);
  return { ...state, done, proposals };
}

function change(next: (state: Proposals) => Proposals): void {
  const state = proposalsStore.getState();
  if (state.phase !== 'off') proposalsStore.setState(next(state), true);
}

/** Proposals are of one clip and one model, and go where a run wants the model for itself. Returns what ends the watch. */
export function watchProposals(): () => void {
  const ends = [
    videoStore.subscribe(({ clip }, before) => clip !== before.clip && endProposals()),
    onModelTurn(() => {
      const state = proposalsStore.getState();
      if (state.phase === 'off') return;
      // What was found before needs no model.
      const needsModel = state.like === undefined || state.like.id !== undefined;
      const isRunning = trackingStore.getState().phase === 'running';
      if (isRunning || (needsModel && !mayUseModel('proposals'))) endProposals();
    }),
  ];
  return () => ends.forEach((end) => end());
}
