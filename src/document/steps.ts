import { findObject, type MaskDocument, type MaskObject } from './document.ts';
import type { History } from './history.ts';

/** A step of the history as a person sees it. */
export interface ListedStep {
  /** What was done, in words; the first one is the state before all others. */
  readonly text: string;
  /** `undone`: taken back, and there to be done again. */
  readonly state: 'done' | 'current' | 'undone';
}

/** All states that undo and redo lead to, oldest first. @param start what the oldest one is called */
export function listSteps(history: History<MaskDocument>, start: string): ListedStep[] {
  const { past, present, future } = history;
  const states = [...past.map(({ value }) => value), present, ...future.map(({ value }) => value)];
  const labels = [...past, ...future].map(({ label }) => label);
  const texts = labels.map((label, at) => describeStep(label, states[at], states[at + 1]));
  return [start, ...texts].map((text, at) => {
    if (at === past.length) return { text, state: 'current' };
    return { text, state: at < past.length ? 'done' : 'undone' };
  });
}

/** What a step did, and to what: `Add point on frame 12, Object 1`. */
export function describeStep(
  label: string,
  before: MaskDocument | undefined,
  after: MaskDocument | undefined,
): string {
  const verb = label.charAt(0).toUpperCase() + label.slice(1);
  const where = before && after ? describePlace(before, after) : '';
  return `${verb}${where}`;
}

/** More objects than this are counted, not named. */
const MAX_NAMED = 3;

/** The objects that differ between two documents: those that are gone, else those that changed or are new. */
export function changedObjects(before: MaskDocument, after: MaskDocument): readonly MaskObject[] {
  const gone = before.objects.filter(({ id }) => findObject(after, id) === undefined);
  return gone.length > 0 ? gone : after.objects.filter((object) => findObject(before, object.id) !== object);
}

function describePlace(before: MaskDocument, after: MaskDocument): string {
  const touched = changedObjects(before, after);
  if (touched.length === 0) return '';
  const names =
    touched.length > MAX_NAMED ? `${touched.length} objects` : touched.map(({ name }) => name).join(', ');
  const [only] = touched;
  const frame =
    touched.length === 1 && only && findObject(after, only.id)
      ? promptedFrame(findObject(before, only.id), only)
      : undefined;
  const former = touched.length === 1 && only ? findObject(before, only.id)?.name : undefined;
  if (former !== undefined && only && former !== only.name) return ` ${former} to ${only.name}`;
  return frame === undefined ? `: ${names}` : ` on frame ${frame}, ${names}`;
}

/** The frame on which an object's prompts differ. */
function promptedFrame(before: MaskObject | undefined, after: MaskObject): number | undefined {
  if (before?.prompts === after.prompts) return undefined;
  const frames = new Set([...(before?.prompts.keys() ?? []), ...after.prompts.keys()]);
  return [...frames].find((frame) => before?.prompts.get(frame) !== after.prompts.get(frame));
}
