import type { Size } from '../../../src/core/geometry.ts';
import { tensor, type TensorStore } from '../../models/graph.ts';
import { positiveCount, type CellBox } from '../grid.ts';
import { connectedComponents } from '../shape.ts';
import { leadOfFirst, middleOf, usualExtent, type Place } from './course.ts';
import { cosine, objectLook, objectShare } from './cpuTracking.ts';
import { MASK_CELL, MASK_DIMS, MASK_SIDE } from './decoder.ts';
import { CELL, type EmbeddedFeatures } from './features.ts';
import { ALIKE } from './lookAlike.ts';
import { isRivalSeen } from './rival.ts';
import type { Found, Sighting } from './tracking.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A part of a mask is a thing of its own from this share of the largest part's area on. */
const LEAST_SHARE = 0.3;
/** A mask may have taken in another thing from so many times the usual area on. */
const GROWN = 1.2;
/** A lead that is nearer to 0 leaves open which of two things is the object. */
const LEAST_LEAD = 0.2;

/** An object and its look-alike, which one mask has held. */
export interface Parting {
  readonly object: Found;
  readonly rival: Found;
  /** Whether the look-alike is the one that was followed. */
  readonly known: boolean;
}

/** Connected parts of masks, [256, 256]. */
interface Parts {
  /** The part that each cell belongs to, from 1; 0 for none. */
  readonly labels: Uint16Array;
  readonly all: readonly Part[];
}

interface Part {
  readonly label: number;
  readonly area: number;
  /** Cells of it in each of the masks. */
  readonly held: readonly number[];
  /** In cells of the mask. */
  readonly bounds: CellBox;
}

/** Two things that one mask holds. */
export interface TwoThings {
  /** Which of the masks. */
  readonly holder: number;
  readonly parts: Parts;
  readonly things: readonly [Part, Part];
}

/**
 * Parts an object and its look-alike where one mask holds both and they stand apart: where they have overlapped, the mask of one is
 * likely to have taken in the other. Which is which their course tells; of one that nobody knew, the object's own way. What
 * was known of the mask is said of both.
 *
 * @returns `undefined` where there is nothing to part, or nothing to tell them by
 */
export async function partThings(
  { object, rival }: Sighting,
  where: Whereabouts,
  features: EmbeddedFeatures,
  tensors: TensorStore,
): Promise<Parting | undefined> {
  const { memories, lost, contested, sought, habit } = where;
  if (!habit) return undefined;
  const course = lost || contested ? where.rival?.course : undefined;
  const own = object && !lost ? [object] : [];
  const seen = rival && sought && isRivalSeen(rival.evidence, sought) ? [rival] : [];
  const grown = own.filter(({ evidence }) => evidence.area >= GROWN * usualExtent(habit).area);
  const lead = (first: Place, second: Place) => leadOfFirst(course, habit, memories.frame, first, second);
  // The object's own mask alone says more only where its look-alike's joins things in it.
  const asked = course ? [[...own, ...seen], seen.length > 0 ? grown : []] : [grown];
  for (const found of asked) {
    const parted = await part(found, lead, features, tensors);
    if (parted) return { ...parted, known: course !== undefined };
  }
  return undefined;
}

async function part(
  found: readonly Found[],
  leadOf: (first: Place, second: Place) => number,
  features: EmbeddedFeatures,
  tensors: TensorStore,
): Promise<{ object: Found; rival: Found } | undefined> {
  if (found.length === 0) return undefined;
  const masks = (await tensors.read(found.map(({ logits }) => logits))).map(({ data }) => data);
  const two = twoThings(masks);
  const holder = two && found[two.holder];
  if (!holder) return undefined;
  const [first, second] = two.things;
  const lead = leadOf(placeOf(first), placeOf(second));
  if (Math.abs(lead) < LEAST_LEAD) return undefined;
  const [descriptors, mean] = await tensors.read([features.descriptors, features.meanDescriptor]);
  const look = (thing: Part) => lookOf(thing, two.parts, descriptors.data, mean.data, features.grid);
  if (cosine(look(first), look(second)) < ALIKE) return undefined;
  const [theirs, others] = partMasks(two, masks).map((logits) => ({
    logits: tensor(logits, MASK_DIMS),
    evidence: { ...holder.evidence, area: positiveCount(logits) },
  }));
  if (!theirs || !others) return undefined;
  return lead > 0 ? { object: theirs, rival: others } : { object: others, rival: theirs };
}

/**
 * The two things that stand apart in one of the masks, if all of them together show just two; a part belongs to the mask that holds most of it.
 *
 * @param masks logits, [256, 256]
 */
export function twoThings(masks: readonly Float32Array[]): TwoThings | undefined {
  const parts = partsOf(masks);
  const largest = Math.max(...parts.all.map(({ area }) => area));
  const [first, second, ...more] = parts.all.filter(({ area }) => area >= LEAST_SHARE * largest);
  if (!first || !second || more.length > 0) return undefined;
  const holder = holderOf(first);
  return holderOf(second) === holder ? { holder, parts, things: [first, second] } : undefined;
}

function holderOf({ held }: Part): number {
  return held.indexOf(Math.max(...held));
}

function partsOf(masks: readonly Float32Array[]): Parts {
  const union = new Uint8Array(MASK_SIDE ** 2);
  for (const mask of masks)
    for (let cell = 0; cell < union.length; cell++) if ((mask[cell] ?? 0) > 0) union[cell] = 1;
  const { labels, count } = connectedComponents({ width: MASK_SIDE, height: MASK_SIDE, data: union });
  const all = Array.from({ length: count }, (_, i) => newPart(i + 1, masks.length));
  for (let cell = 0; cell < labels.length; cell++) {
    const part = all[(labels[cell] ?? 0) - 1];
    if (!part) continue;
    const { held, bounds } = part;
    part.area++;
    for (let i = 0; i < masks.length; i++) if ((masks[i]?.[cell] ?? 0) > 0) held[i] = (held[i] ?? 0) + 1;
    const [x, y] = [cell % MASK_SIDE, Math.floor(cell / MASK_SIDE)];
    bounds.x0 = Math.min(bounds.x0, x);
    bounds.x1 = Math.max(bounds.x1, x + 1);
    bounds.y0 = Math.min(bounds.y0, y);
    bounds.y1 = Math.max(bounds.y1, y + 1);
  }
  return { labels, all };
}

function newPart(label: number, masks: number) {
  const bounds = { x0: MASK_SIDE, y0: MASK_SIDE, x1: 0, y1: 0 };
  return { label, area: 0, held: new Array<number>(masks).fill(0), bounds };
}

/** The middle of a part, in cells of the frame. */
function placeOf({ bounds }: Part): Place {
  const { x, y } = middleOf(bounds);
  return { x: (x * MASK_CELL) / CELL, y: (y * MASK_CELL) / CELL };
}

function lookOf(
  { label }: Part,
  { labels }: Parts,
  descriptors: Float32Array,
  mean: Float32Array,
  grid: Size,
): Float32Array {
  const mask = Float32Array.from(labels, (each) => (each === label ? 1 : -1));
  return objectLook(descriptors, mean, objectShare(mask, grid));
}

/**
 * The masks of the two things, [256, 256]: of what any of the masks holds each cell goes to one of them, what is too small for a thing
 * to the nearer one.
 */
export function partMasks(
  { parts, things }: TwoThings,
  masks: readonly Float32Array[],
): [Float32Array, Float32Array] {
  const owners = parts.all.map((part) => ownerOf(part, things));
  const most = Float32Array.from(parts.labels, (_, cell) =>
    masks.reduce((logit, mask) => Math.max(logit, mask[cell] ?? 0), -Infinity),
  );
  const maskOf = (thing: Part) =>
    most.map((logit, cell) => (owners[(parts.labels[cell] ?? 0) - 1] === thing ? logit : -Math.abs(logit)));
  return [maskOf(things[0]), maskOf(things[1])];
}

function ownerOf(part: Part, [first, second]: readonly [Part, Part]): Part {
  if (part === first || part === second) return part;
  const middle = middleOf(part.bounds);
  return distanceTo(first.bounds, middle) <= distanceTo(second.bounds, middle) ? first : second;
}

function distanceTo({ x0, y0, x1, y1 }: CellBox, { x, y }: Place): number {
  return Math.hypot(Math.max(0, x0 - x, x - x1), Math.max(0, y0 - y, y - y1));
}
