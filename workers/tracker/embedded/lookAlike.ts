import type { ModelPoint, Size } from '../../../src/core/geometry.ts';
import { iouOfPositive, positiveCount } from '../masks/grid.ts';
import type { DecodedMask, EmbeddedDecoder } from './decoder.ts';
import { CELL, DESCRIPTOR, unitDescriptors, type EmbeddedFeatures } from './features.ts';
import { cosine, objectLook, objectShare } from './objectLook.ts';
import { areaRatio } from './presence.ts';
import { TUNED } from './tuned.ts';

/** A frame's descriptors as plain data. */
export interface PlainCells {
  /** [cells, DESCRIPTOR]. */
  readonly descriptors: Float32Array;
  /** [DESCRIPTOR]. */
  readonly mean: Float32Array;
}

/** What looks like an object. */
export interface LookAlike extends DecodedMask {
  /** How much it does: the cosine of the looks. */
  readonly alike: number;
}

/**
 * The thing beside the object that looks most like it: clicks on up to three cells that resemble the object most, and takes
 * what looks most like it of what the decoder reads there; `undefined` if nothing does.
 *
 * @param object logits of the object's mask, [256, 256]
 */
export async function findLookAlike(
  decoder: EmbeddedDecoder,
  features: EmbeddedFeatures,
  { descriptors, mean }: PlainCells,
  object: Float32Array,
): Promise<LookAlike | undefined> {
  const { grid } = features;
  const units = unitDescriptors(descriptors, mean, DESCRIPTOR);
  const lookOf = (label: Float32Array) => objectLook(units, new Float32Array(DESCRIPTOR), label);
  const label = objectShare(object, grid);
  const look = lookOf(label);
  const area = positiveCount(object);
  if (area === 0) return undefined;
  /** How much each cell that was not asked about yet resembles the object. */
  const resemblance = label.map((share, cell) =>
    share > 0 ? -1 : cosine(units.subarray(cell * DESCRIPTOR, (cell + 1) * DESCRIPTOR), look),
  );
  let best: LookAlike | undefined;
  for (let click = 0; click < TUNED.clicks; click++) {
    const cell = indexOfMost(resemblance);
    if ((resemblance[cell] ?? -1) < TUNED.worthAClick) break;
    resemblance[cell] = -1;
    const { readings } = await decoder.decode(features, { points: [{ ...centreOf(cell, grid), label: 1 }] });
    for (const reading of readings) {
      const theirs = objectShare(reading.logits.data, grid);
      theirs.forEach((share, at) => {
        if (share > 0.5) resemblance[at] = -1;
      });
      const theirArea = positiveCount(reading.logits.data);
      if (reading.predictedIou < TUNED.sureIou) continue;
      if (areaRatio(theirArea, area) < TUNED.leastArea) continue;
      if (iouOfPositive(reading.logits.data, object) > TUNED.alikeOverlap) continue;
      const alike = cosine(lookOf(theirs), look);
      if (alike > (best?.alike ?? TUNED.alike)) best = { ...reading, alike };
    }
  }
  return best;
}

function indexOfMost(values: Float32Array): number {
  let most = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[most] ?? 0)) most = i;
  return most;
}

function centreOf(cell: number, { width }: Size): ModelPoint {
  return { x: ((cell % width) + 0.5) * CELL, y: (Math.floor(cell / width) + 0.5) * CELL };
}
