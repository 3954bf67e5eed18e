import { compressedBytes } from '../../core/compressedRle.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import { MaskTrack } from '../../core/maskTrack.ts';
import type { FramePrompts } from '../../core/prompts.ts';
import type {
  HistoryChanges,
  MaskRow,
  ObjectRow,
  PromptRow,
  RowAddress,
  RowChanges,
  StateRange,
} from '../../core/protocol/savedHistory.ts';
import type { MaskDocument, MaskObject } from '../document.ts';
import { changeIntervals, intervalsOf } from './intervals.ts';
import type { States } from './states.ts';

/** A row of objects of one number, one for each state; `place` is where it is in the drawing order. */
interface Placed {
  readonly object: MaskObject;
  readonly place: number;
}

type Key = Pick<RowAddress, 'object' | 'frame'>;

/** Collects what changes in the rows of one kind. */
class Collector<Row> {
  readonly drop: RowAddress[] = [];
  readonly end: (RowAddress & { last: number | null })[] = [];
  readonly put: (Row & StateRange)[] = [];

  /** Compares what holds for a key in the former states and in the next ones; both start at position `base`. */
  compare<T>(
    base: number,
    key: Key,
    former: readonly (T | undefined)[],
    next: readonly (T | undefined)[],
    isSame: (a: T, b: T) => boolean,
    row: (value: T) => Row,
  ): void {
    const changes = changeIntervals(intervalsOf(former, isSame), intervalsOf(next, isSame), isSame);
    const position = (index: number | null) => (index === null ? null : base + index);
    for (const { first } of changes.drop) this.drop.push({ ...key, at: base + first });
    for (const { first, last } of changes.end)
      this.end.push({ ...key, at: base + first, last: position(last) });
    for (const { first, last, value } of changes.put)
      this.put.push({ ...row(value), first: base + first, last: position(last) });
  }

  get changes(): RowChanges<Row> {
    return { drop: this.drop, end: this.end, put: this.put };
  }
}

/**
 * What is to be done to the rows of `former` to make them those of `next`. Without `former` all rows are new. Costs what has changed, not
 * what is there: values that are the very same are not looked into.
 */
export function changesOf(former: States | undefined, next: States): HistoryChanges {
  const base = next.oldest;
  const before = former?.documents.slice(base - former.oldest) ?? [];
  const after = next.documents;
  const [settings, objects] = [new Collector<{ value: string }>(), new Collector<ObjectRow>()];
  const [prompts, masks] = [new Collector<PromptRow>(), new Collector<MaskRow>()];

  const same = (a: string, b: string) => a === b;
  settings.compare(
    base,
    { object: 0, frame: 0 },
    before.map(settingsOf),
    after.map(settingsOf),
    same,
    (value) => ({
      value,
    }),
  );

  const [placedBefore, placedAfter] = [before.map(placedObjects), after.map(placedObjects)];
  for (const id of changedObjects(before, after)) {
    const [old, now] = [placedBefore.map((all) => all.get(id)), placedAfter.map((all) => all.get(id))];
    objects.compare(base, { object: id, frame: 0 }, old, now, isSameObject, objectRow);
    for (const frame of changedFrames(old, now, promptFrames)) {
      const at = (placed: Placed | undefined) => placed && promptsAt(placed.object, frame);
      prompts.compare(base, { object: id, frame }, old.map(at), now.map(at), isSamePrompts, (value) => ({
        ...{ object: id, frame },
        ...value,
      }));
    }
    for (const frame of changedFrames(old, now, maskFrames)) {
      const at = (placed: Placed | undefined) => placed?.object.track.get(frame);
      masks.compare(base, { object: id, frame }, old.map(at), now.map(at), Object.is, (entry) =>
        maskRow(id, frame, entry),
      );
    }
  }
  return {
    isNew: former === undefined,
    ...{ oldest: base, present: base + next.present, newest: base + after.length - 1 },
    steps: changedLabels(former, next),
    settings: settings.changes,
    objects: objects.changes,
    prompts: prompts.changes,
    masks: masks.changes,
  };
}

const settingsCache = new WeakMap<MaskDocument, string>();

function settingsOf(document: MaskDocument): string {
  let value = settingsCache.get(document);
  if (value === undefined) {
    const { objects: _, ...settings } = document;
    value = JSON.stringify(settings);
    settingsCache.set(document, value);
  }
  return value;
}

function placedObjects({ objects }: MaskDocument): Map<number, Placed> {
  return new Map(objects.map((object, place) => [object.id, { object, place }]));
}

/** Objects that are not the same, at the same place, in all states of both rows; the shorter row goes on as it ends. */
function changedObjects(before: readonly MaskDocument[], after: readonly MaskDocument[]): Set<number> {
  const ids = new Set<number>();
  forEachPair(before, after, (a, b) => {
    if (a?.objects === b?.objects) return;
    const count = Math.max(a?.objects.length ?? 0, b?.objects.length ?? 0);
    for (let place = 0; place < count; place++) {
      const [former, next] = [a?.objects[place], b?.objects[place]];
      if (former === next) continue;
      if (former) ids.add(former.id);
      if (next) ids.add(next.id);
    }
  });
  return ids;
}

/** The frames on which an object is not the same in all states of both rows. */
function changedFrames(
  before: readonly (Placed | undefined)[],
  after: readonly (Placed | undefined)[],
  compare: (former: MaskObject | undefined, next: MaskObject | undefined) => Iterable<number>,
): Set<number> {
  const frames = new Set<number>();
  forEachPair(before, after, (a, b) => {
    if (a?.object === b?.object) return;
    for (const frame of compare(a?.object, b?.object)) frames.add(frame);
  });
  return frames;
}

/** Calls `visit` with what stands at the same index; the shorter list goes on as it ends. Pairs that came before are left out. */
function forEachPair<T>(
  before: readonly T[],
  after: readonly T[],
  visit: (a: T | undefined, b: T | undefined) => void,
): void {
  let last: readonly [T | undefined, T | undefined] | undefined;
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    const pair = [before[at] ?? before.at(-1), after[at] ?? after.at(-1)] as const;
    if (pair[0] !== last?.[0] || pair[1] !== last?.[1]) visit(...pair);
    last = pair;
  }
}

const NO_PROMPTS: MaskObject['prompts'] = new Map();

function promptFrames(former: MaskObject | undefined, next: MaskObject | undefined): number[] {
  const [a, b] = [former?.prompts ?? NO_PROMPTS, next?.prompts ?? NO_PROMPTS];
  if (a === b && former?.decoded === next?.decoded) return [];
  return [...new Set([...a.keys(), ...b.keys()])].filter((frame) => {
    const [was, is] = [former && promptsAt(former, frame), next && promptsAt(next, frame)];
    return was?.prompts !== is?.prompts || was?.decoded !== is?.decoded;
  });
}

function maskFrames(former: MaskObject | undefined, next: MaskObject | undefined): number[] {
  return (next?.track ?? MaskTrack.EMPTY).changedFrames(former?.track ?? MaskTrack.EMPTY);
}

interface SaidPrompts {
  readonly prompts: FramePrompts;
  readonly decoded: boolean;
}

function promptsAt({ prompts, decoded }: MaskObject, frame: number): SaidPrompts | undefined {
  const said = prompts.get(frame);
  return said && { prompts: said, decoded: decoded.get(frame) === said };
}

const isSamePrompts = (a: SaidPrompts, b: SaidPrompts) => a.prompts === b.prompts && a.decoded === b.decoded;

function objectRow({ object, place }: Placed): ObjectRow {
  const { id, name, color, prompts: _, decoded: __, track: ___, locked, ...more } = object;
  return { object: id, place, name, color, locked, more: jsonOrNull(more) };
}

function isSameObject(a: Placed, b: Placed): boolean {
  if (a.object === b.object && a.place === b.place) return true;
  const { locked: lockedA, ...restA } = objectRow(a);
  const { locked: lockedB, ...restB } = objectRow(b);
  return JSON.stringify([restA, lockedA]) === JSON.stringify([restB, lockedB]);
}

/** Its bytes are its own: a view would take all that it is a view of along to the worker. */
function maskRow(object: number, frame: number, entry: FrameMask): MaskRow {
  const { mask, status, score, origin = null, agreement = null, provenance = null, ...more } = entry;
  return {
    object,
    frame,
    rle: compressedBytes(mask).slice(),
    status,
    score,
    origin,
    agreement,
    provenance,
    more: jsonOrNull(more),
  };
}

function jsonOrNull(value: object): string | null {
  const text = JSON.stringify(value);
  return text === '{}' ? null : text;
}

function changedLabels(former: States | undefined, next: States): HistoryChanges['steps'] {
  return next.labels.flatMap((label, at) => {
    const position = next.oldest + at;
    const known = former?.labels[position - former.oldest];
    return at === 0 || known === label ? [] : [{ position, label }];
  });
}
