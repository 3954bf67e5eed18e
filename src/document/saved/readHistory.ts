import { FRAMES_IN_PART } from '../../core/frameMap.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import { MaskTrack } from '../../core/maskTrack.ts';
import { maskInRow, PackedMasks } from '../../core/packedMasks.ts';
import type { FramePrompts } from '../../core/prompts.ts';
import type { ObjectMasks, SavedHistory, StateRange } from '../../core/protocol/savedHistory.ts';
import { readEdge } from '../../core/edges/edgeSettings.ts';
import type { Size } from '../../core/geometry.ts';
import { EMPTY_DOCUMENT, type MaskDocument, type MaskObject } from '../document.ts';
import type { States } from './states.ts';

/** What becomes of one object's frames from one state to the next. */
interface FrameEvents {
  readonly prompts: [frame: number, prompts: FramePrompts | undefined, decoded: boolean][];
  readonly masks: [frame: number, entry: FrameMask | undefined][];
  readonly parts: [place: number, part: PackedMasks | undefined][];
}

/** The states that were saved. Masks are read when they are needed. @param size of every mask: the clip's */
export function readHistory(saved: SavedHistory, size: Size): States {
  const events = new Events(saved.oldest, saved.newest);
  for (const { first, last, object, frame, prompts, decoded } of saved.prompts) {
    events.put({ first, last }, object, (at, starts) =>
      at.prompts.push([frame, starts ? prompts : undefined, decoded]),
    );
  }
  for (const masks of saved.masks) putMasks(events, masks, size);
  const labels = new Map(saved.steps.map(({ position, label }) => [position, label]));
  const frames = new Map<number, ObjectFrames>();
  const documents: MaskDocument[] = [];
  for (let position = saved.oldest; position <= saved.newest; position++) {
    for (const [object, event] of events.at(position))
      frames.set(object, changeFrames(frames.get(object) ?? NO_FRAMES, event));
    documents.push(documentAt(saved, position, frames, documents.at(-1)));
  }
  return {
    oldest: saved.oldest,
    documents,
    labels: documents.map((_, at) => (at === 0 ? '' : (labels.get(saved.oldest + at) ?? ''))),
    present: saved.present - saved.oldest,
  };
}

/** What starts and ends at each position, by object. What ends comes before what starts. */
class Events {
  readonly #ends = new Map<number, Map<number, FrameEvents>>();
  readonly #starts = new Map<number, Map<number, FrameEvents>>();
  readonly #oldest: number;
  readonly #newest: number;

  constructor(oldest: number, newest: number) {
    this.#oldest = oldest;
    this.#newest = newest;
  }

  put({ first, last }: StateRange, object: number, add: (at: FrameEvents, starts: boolean) => void): void {
    if (last !== null && last < this.#oldest) return;
    add(eventsOf(this.#starts, Math.max(first, this.#oldest), object), true);
    if (last !== null && last < this.#newest) add(eventsOf(this.#ends, last + 1, object), false);
  }

  *at(position: number): Generator<[object: number, events: FrameEvents]> {
    yield* this.#ends.get(position) ?? [];
    yield* this.#starts.get(position) ?? [];
  }
}

function eventsOf(all: Map<number, Map<number, FrameEvents>>, position: number, object: number): FrameEvents {
  let objects = all.get(position);
  if (objects === undefined) all.set(position, (objects = new Map<number, FrameEvents>()));
  let events = objects.get(object);
  if (events === undefined) objects.set(object, (events = { prompts: [], masks: [], parts: [] }));
  return events;
}

type ObjectFrames = Pick<MaskObject, 'prompts' | 'decoded' | 'track'>;

const NO_FRAMES: ObjectFrames = { prompts: new Map(), decoded: new Map(), track: MaskTrack.EMPTY };

function changeFrames(frames: ObjectFrames, { prompts: said, masks, parts }: FrameEvents): ObjectFrames {
  const [prompts, decoded] = said.length > 0 ? [new Map(frames.prompts), new Map(frames.decoded)] : [];
  for (const [frame, next, isDecoded] of said) {
    if (next) prompts?.set(frame, next);
    else prompts?.delete(frame);
    if (next && isDecoded) decoded?.set(frame, next);
    else decoded?.delete(frame);
  }
  const track = parts.length > 0 ? frames.track.withParts(parts) : frames.track;
  return {
    prompts: prompts ?? frames.prompts,
    decoded: decoded ?? frames.decoded,
    track: masks.length > 0 ? track.changed(masks) : track,
  };
}

function holds({ first, last }: StateRange, position: number): boolean {
  return first <= position && (last === null || position <= last);
}

/** The document at a position; objects that are as in the state before are the very same. */
function documentAt(
  saved: SavedHistory,
  position: number,
  frames: ReadonlyMap<number, ObjectFrames>,
  before: MaskDocument | undefined,
): MaskDocument {
  const rows = saved.objects.filter((row) => holds(row, position)).sort((a, b) => a.place - b.place);
  const objects = rows.map((row): MaskObject => {
    const { prompts, decoded, track } = frames.get(row.object) ?? NO_FRAMES;
    const { edge: savedEdge, ...more } = (row.more === null ? {} : JSON.parse(row.more)) as {
      edge?: unknown;
    };
    const edge = readEdge(savedEdge);
    const next = {
      ...more,
      ...(edge && { edge }),
      id: row.object,
      name: row.name,
      color: row.color,
      locked: row.locked,
    };
    const former = before?.objects.find(({ id }) => id === row.object);
    const isSame =
      former?.prompts === prompts &&
      former.decoded === decoded &&
      former.track === track &&
      row.first < position;
    return isSame && former ? former : { ...next, prompts, decoded, track };
  });
  const settings = saved.settings.find((row) => holds(row, position));
  const rest = settings ? (JSON.parse(settings.value) as Partial<MaskDocument>) : {};
  return { ...EMPTY_DOCUMENT, ...rest, objects };
}

/**
 * Puts in an object's masks: those of a part of the track at once where they hold for the same states, else one by one. Masks that are put
 * in at once are not made before they are asked for.
 */
function putMasks(events: Events, { object, firsts, lasts, columns }: ObjectMasks, size: Size): void {
  const rangeOf = (row: number): StateRange => {
    const last = lasts[row] ?? -1;
    return { first: firsts[row] ?? 0, last: last < 0 ? null : last };
  };
  const { frames } = columns;
  for (let from = 0; from < frames.length;) {
    const place = Math.floor((frames[from] ?? 0) / FRAMES_IN_PART);
    let end = from;
    let isOne = true;
    for (; end < frames.length && (frames[end] ?? 0) < (place + 1) * FRAMES_IN_PART; end++)
      isOne &&= firsts[end] === firsts[from] && lasts[end] === lasts[from];
    if (isOne) {
      const part = new PackedMasks(columns, from, end, size);
      events.put(rangeOf(from), object, (at, starts) => at.parts.push([place, starts ? part : undefined]));
    } else {
      for (let row = from; row < end; row++) {
        const [frame = 0, entry] = [frames[row], maskInRow(columns, row, size)];
        events.put(rangeOf(row), object, (at, starts) => at.masks.push([frame, starts ? entry : undefined]));
      }
    }
    from = end;
  }
}
