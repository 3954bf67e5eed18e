import { createStore } from 'zustand/vanilla';
import type { VideoPoint } from '../../core/geometry.ts';
import { NO_PROMPTS, type FramePrompts } from '../../core/prompts.ts';
import { rleArea } from '../../core/rle.ts';
import { findObject, type MaskDocument, type MaskObject } from '../../document/document.ts';
import type { History } from '../../document/history.ts';
import { describeStep } from '../../document/steps.ts';
import { objectsStore } from '../work/objectsStore.ts';

interface Announcement {
  /** Tells apart two announcements of the same words. */
  readonly id: number;
  readonly text: string;
  /** One takes the place of the one before with the same topic, which nobody needs to hear any more. */
  readonly topic: string | undefined;
}

interface AnnouncementsState {
  /** What was said, oldest first. They stay a while: a reader that is still speaking reads them when it is done. */
  readonly log: readonly Announcement[];
}

const MAX_LOG = 20;

export const announcementsStore = createStore<AnnouncementsState>(() => ({ log: [] }));

let lastId = 0;

/** Tells a person who listens to the page; the same words twice are told twice. */
export function announce(text: string, topic?: string): void {
  announcementsStore.setState(({ log }) => {
    const last = log.at(-1);
    const isOutdated = topic !== undefined && last?.topic === topic;
    const kept = isOutdated ? log.slice(0, -1) : log;
    return { log: [...kept, { id: ++lastId, text, topic }].slice(-MAX_LOG) };
  });
}

/** Says what changes in the document. To be called once. */
export function watchForAnnouncements(): void {
  objectsStore.subscribe(({ history }, former) => {
    const text = describeChange(former.history, history);
    if (text !== undefined) announce(text);
  });
}

/** What a change of the document means for a person who does not see it; nothing where it needs no words. */
export function describeChange(
  before: History<MaskDocument>,
  after: History<MaskDocument>,
): string | undefined {
  if (before.present === after.present) return undefined;
  const undone = before.past.at(-1);
  if (undone?.value === after.present)
    return `Undone: ${describeStep(undone.label, after.present, before.present)}.`;
  const redone = before.future[0];
  if (redone?.value === after.present)
    return `Redone: ${describeStep(redone.label, before.present, after.present)}.`;
  const jump = after.past.length - before.past.length;
  if (
    before.past.length + before.future.length === after.past.length + after.future.length &&
    Math.abs(jump) > 1
  )
    return `${Math.abs(jump)} steps ${jump < 0 ? 'undone' : 'redone'}.`;
  for (const object of after.present.objects) {
    const former = findObject(before.present, object.id);
    const text = describePrompts(former, object) ?? (former && describeMask(former, object));
    if (text !== undefined) return text;
    if (former === undefined) return `${object.name} added.`;
  }
  const gone = before.present.objects.find(({ id }) => findObject(after.present, id) === undefined);
  return gone && `${gone.name} deleted.`;
}

function describePrompts(before: MaskObject | undefined, after: MaskObject): string | undefined {
  if (before?.prompts === after.prompts) return undefined;
  const frames = new Set([...(before?.prompts.keys() ?? []), ...after.prompts.keys()]);
  for (const frame of frames) {
    const former = before?.prompts.get(frame) ?? NO_PROMPTS;
    const text = describeEdit(former, after.prompts.get(frame) ?? NO_PROMPTS);
    if (text !== undefined) return `${text} ${after.name}, frame ${frame}.`;
  }
  return undefined;
}

function describeEdit(before: FramePrompts, after: FramePrompts): string | undefined {
  if (before === after) return undefined;
  if (after.box !== before.box) {
    if (after.box === undefined) return 'Box removed.';
    return `Box from ${place({ x: after.box.x0, y: after.box.y0 })} to ${place({ x: after.box.x1, y: after.box.y1 })}.`;
  }
  if (after.points.length < before.points.length) return 'Point removed.';
  const changed = after.points.find((point, at) => point !== before.points[at]);
  if (changed === undefined) return undefined;
  if (after.points.length === before.points.length) return `Point moved to ${place(changed)}.`;
  return `${changed.label === 1 ? 'Point added' : 'Take-away point'} at ${place(changed)}.`;
}

function describeMask(before: MaskObject, after: MaskObject): string | undefined {
  if (before.decoded === after.decoded) return undefined;
  for (const [frame, prompts] of after.decoded) {
    const entry = after.track.get(frame);
    if (before.decoded.get(frame) === prompts || entry === undefined) continue;
    const share = (100 * rleArea(entry.mask)) / (entry.mask.width * entry.mask.height);
    return `The mask of ${after.name} covers ${share < 10 ? share.toFixed(1) : Math.round(share)} % of frame ${frame}.`;
  }
  return undefined;
}

function place({ x, y }: VideoPoint): string {
  return `${Math.round(x)}, ${Math.round(y)}`;
}
