import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import { tensor } from '../../models/graph.ts';
import { cpuTensors, onCpu } from '../../models/tensorStore.ts';
import { positiveCount } from '../grid.ts';
import type { Course } from './course.ts';
import { MASK_DIMS, MASK_SIDE } from './decoder.ts';
import { DESCRIPTOR, type EmbeddedFeatures } from './features.ts';
import type { EmbeddedMemory } from './memory.ts';
import { partMasks, partThings, twoThings } from './parting.ts';
import type { Rival } from './rival.ts';
import type { Found } from './tracking.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A square, in mask cells; its sides are even. */
interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

const LEFT: Square = { x: 60, y: 60, side: 24 };
const RIGHT: Square = { x: 120, y: 60, side: 20 };
const BIT: Square = { x: 84, y: 60, side: 4 };

/** Logits of squares: 3 within, −5 elsewhere. */
function maskOf(...squares: Square[]): Float32Array {
  return Float32Array.from({ length: MASK_SIDE ** 2 }, (_, at) => {
    const [x, y] = [(at % MASK_SIDE) + 0.5, Math.floor(at / MASK_SIDE) + 0.5];
    return squares.some((each) => Math.max(Math.abs(x - each.x), Math.abs(y - each.y)) < each.side / 2)
      ? 3
      : -5;
  });
}

function found(...squares: Square[]): Found {
  const mask = maskOf(...squares);
  const evidence = { bestProbability: 1, predictedIou: 0.9, readingIou: 0.95, agreement: 0.8, peak: 0.7 };
  return { logits: tensor(mask, MASK_DIMS), evidence: { ...evidence, area: positiveCount(mask) } };
}

const GRID = { width: 64, height: 36 };

/** Features of a frame: what lies left of a column, in cells of the frame, differs from the rest by nothing, or by everything. */
function featuresOf(alike: boolean): EmbeddedFeatures {
  const descriptors = new Float32Array(GRID.width * GRID.height * DESCRIPTOR);
  for (let cell = 0; cell < GRID.width * GRID.height; cell++)
    descriptors[cell * DESCRIPTOR + Number(!alike && cell % GRID.width < 22)] = 1;
  const nothing = tensor(new Float32Array(1), [1]);
  const video = { width: 1024, height: 576 };
  return {
    ...{ video, letterbox: letterbox(video, 1024) },
    grid: GRID,
    imageEmbedding: nothing,
    descriptors: tensor(descriptors, [GRID.width * GRID.height, DESCRIPTOR]),
    meanDescriptor: tensor(new Float32Array(DESCRIPTOR), [DESCRIPTOR]),
  };
}

/** The look-alike was left of the object, and came nearer by 2 cells a frame: on frame 20 it is on the right. */
const PASSING: Course = { motion: { frame: 5, x: 15, y: 0, drift: { x: -2, y: 0 } }, areas: [576, 400] };

/** The same, at another speed. */
const passingBy = (x: number): Course => ({ ...PASSING, motion: { ...PASSING.motion, drift: { x, y: 0 } } });

function where(how: { course?: Course; lost?: boolean; contested?: boolean; area?: number }): Whereabouts {
  const { course, lost = false, contested = false, area = 576 } = how;
  const bounds = { x0: 12, y0: 12, x1: 18, y1: 18 };
  const rival = course && ({ bounds, course } as Rival);
  const motion = { frame: 19, x: 15, y: 15, drift: undefined };
  return {
    memories: {
      ...{ conditioning: [], longTerm: [], recent: [] },
      ...{ frame: 20, direction: 'forward', frameCount: 30 },
    },
    ...{ newest: {} as EmbeddedMemory, latest: { frame: 19, bounds, area, peakMean: undefined } },
    ...{
      lost,
      contested,
      habit: { extents: [{ area, width: 6, height: 6 }], motion },
      rival,
      sought: rival,
      seeks: false,
    },
  };
}

const part = (object: Found | undefined, rival: Found | undefined, how: Whereabouts, alike = true) =>
  partThings({ object, rival }, how, featuresOf(alike), cpuTensors);

/** A mask as `maskOf` paints it. */
const shown = (mask: Float32Array) => mask.map((logit) => (logit > 0 ? 3 : -5));
const maskIn = (parted: Found | undefined) => parted && shown(onCpu(parted.logits).data);

describe('twoThings', () => {
  it('are what stands apart in one mask', () => {
    const two = twoThings([maskOf(BIT), maskOf(LEFT, RIGHT)]);
    expect(two?.holder).toBe(1);
    expect(two?.things.map(({ area }) => area)).toEqual([576, 400]);
  });

  it('are not there where each mask holds one of them, or all is connected', () => {
    expect(twoThings([maskOf(LEFT), maskOf(RIGHT)])).toBeUndefined();
    expect(twoThings([maskOf(LEFT)])).toBeUndefined();
    expect(twoThings([maskOf()])).toBeUndefined();
    expect(twoThings([maskOf(LEFT, RIGHT), maskOf({ x: 90, y: 60, side: 44 })])).toBeUndefined();
  });

  it('are two: no small bit is one, and three things are more', () => {
    expect(twoThings([maskOf(LEFT, { ...RIGHT, side: 12 })])).toBeUndefined();
    expect(twoThings([maskOf(LEFT, { ...RIGHT, side: 14 })])).toBeDefined();
    expect(twoThings([maskOf(LEFT, RIGHT, { x: 60, y: 100, side: 20 })])).toBeUndefined();
    expect(twoThings([maskOf(LEFT, RIGHT), maskOf({ x: 60, y: 100, side: 20 })])).toBeUndefined();
  });
});

describe('partMasks', () => {
  it('gives each thing what any of the masks holds of it, and a small bit to the nearer one', () => {
    const masks = [maskOf(LEFT, RIGHT, BIT), maskOf({ ...LEFT, x: 62 })];
    const two = twoThings(masks);
    if (!two) throw new Error('There are not two things.');
    const [left, right] = partMasks(two, masks);
    expect(shown(left)).toEqual(maskOf(LEFT, { ...LEFT, x: 62 }, BIT));
    expect(shown(right)).toEqual(maskOf(RIGHT));
    const middle = RIGHT.y * MASK_SIDE + RIGHT.x;
    expect([left[middle], right[middle]]).toEqual([-3, 3]);
  });
});

describe('partThings', () => {
  it('tells an object and its look-alike by their course, after one has passed the other', async () => {
    const parting = await part(found(LEFT, RIGHT), found(BIT), where({ course: PASSING, contested: true }));
    expect(parting?.known).toBe(true);
    expect(maskIn(parting?.object)).toEqual(maskOf(LEFT, BIT));
    expect(maskIn(parting?.rival)).toEqual(maskOf(RIGHT));
    expect(parting?.object.evidence).toMatchObject({ predictedIou: 0.9, area: 592 });
    expect(parting?.rival.evidence).toMatchObject({ predictedIou: 0.9, area: 400 });
    const slower = passingBy(-0.3);
    const behind = await part(found(LEFT, RIGHT), undefined, where({ course: slower, contested: true }));
    expect(maskIn(behind?.object)).toEqual(maskOf(RIGHT));
  });

  it('parts the object by its course where only its own mask shows two things, if that has grown', async () => {
    const joining = found({ x: 90, y: 60, side: 44 });
    const how = { course: passingBy(-0.3), contested: true };
    const parting = await part(found(LEFT, RIGHT), joining, where(how));
    expect(parting?.known).toBe(true);
    expect(maskIn(parting?.object)).toEqual(maskOf(RIGHT));
    expect(await part(found(LEFT, RIGHT), joining, where({ ...how, area: 976 / 1.19 }))).toBeUndefined();
  });

  it('finds a lost object in the mask of its look-alike', async () => {
    const parting = await part(undefined, found(LEFT, RIGHT), where({ course: PASSING, lost: true }));
    expect(maskIn(parting?.object)).toEqual(maskOf(LEFT));
    // What was found of the object itself is not believed while it is lost.
    const doubtful = await part(found(LEFT), found(RIGHT, LEFT), where({ course: PASSING, lost: true }));
    expect(maskIn(doubtful?.object)).toEqual(maskOf(LEFT));
  });

  it('leaves the object where it was when it takes in something like it that nobody knew', async () => {
    const parting = await part(found(LEFT, RIGHT), undefined, where({}));
    expect(parting?.known).toBe(false);
    expect(maskIn(parting?.object)).toEqual(maskOf(LEFT));
    expect(maskIn(parting?.rival)).toEqual(maskOf(RIGHT));
  });

  it('parts nothing without a reason: a mask that has not grown, things that differ, a course that does not tell', async () => {
    expect(await part(found(LEFT, RIGHT), undefined, where({ area: 820 }))).toBeUndefined();
    expect(await part(found(LEFT, RIGHT), undefined, where({}), false)).toBeUndefined();
    expect(await part(found(LEFT), undefined, where({ area: 100 }))).toBeUndefined();
    expect(await part(undefined, undefined, where({}))).toBeUndefined();
    const near = where({ course: PASSING, contested: true, area: 820 });
    expect(await part(found(LEFT, RIGHT), undefined, near, false)).toBeUndefined();
    const unclear = where({ course: passingBy(-1), contested: true, area: 820 });
    expect(await part(found(LEFT, RIGHT), undefined, unclear)).toBeUndefined();
    // A look-alike that is a thing of its own there is not in the object's mask, unless it is not believed.
    const own = found({ x: 60, y: 100, side: 40 });
    const doubted = { ...own, evidence: { ...own.evidence, predictedIou: 0.4 } };
    const beside = where({ course: PASSING, contested: true, area: 820 });
    expect(await part(found(LEFT, RIGHT), own, beside)).toBeUndefined();
    expect(await part(found(LEFT, RIGHT), doubted, beside)).toBeDefined();
    const far = where({ course: PASSING, area: 820 });
    expect(await part(found(LEFT, RIGHT), undefined, far)).toBeUndefined();
  });
});
