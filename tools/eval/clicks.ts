import type { PointPrompt } from '../../src/core/prompts.ts';
import { decodeRle, type MaskRle } from '../../src/core/rle.ts';
import { connectedComponents, deepestCell } from '../../workers/tracker/masks/shape.ts';

/**
 * The click that a person would place next, as the SAM 2 paper simulates it (appendix F.1): in the middle of the largest
 * region that is wrong, adding where object is missing and taking away where there is too much. The middle is the point
 * deepest inside. `undefined` if nothing is wrong.
 */
export function nextClick(mask: MaskRle, truth: MaskRle): PointPrompt | undefined {
  const found = decodeRle(mask);
  const wanted = decodeRle(truth);
  const missing = largestRegion(
    wanted.map((value, i) => (value !== 0 && found[i] === 0 ? 1 : 0)),
    truth,
  );
  const excess = largestRegion(
    found.map((value, i) => (value !== 0 && wanted[i] === 0 ? 1 : 0)),
    truth,
  );
  if (missing.area === 0 && excess.area === 0) return undefined;
  const adds = missing.area >= excess.area;
  const { width, height } = truth;
  return { ...deepestCell({ width, height, data: (adds ? missing : excess).region }), label: adds ? 1 : 0 };
}

interface Grid {
  readonly width: number;
  readonly height: number;
}

function largestRegion(data: Uint8Array, { width, height }: Grid): { region: Uint8Array; area: number } {
  const { labels, count } = connectedComponents({ data, width, height });
  const areas = new Uint32Array(count + 1);
  for (const label of labels) if (label > 0) areas[label] = (areas[label] ?? 0) + 1;
  const area = areas.reduce((most, value) => Math.max(most, value), 0);
  const largest = area === 0 ? -1 : areas.indexOf(area);
  return { region: Uint8Array.from(labels, (label) => (label === largest ? 1 : 0)), area };
}
