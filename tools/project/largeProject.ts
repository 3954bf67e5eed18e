import { toCocoString } from '../../src/core/cocoString.ts';
import { compressedRle } from '../../src/core/compressedRle.ts';
import type { FrameMask } from '../../src/core/frameMask.ts';
import { MaskTrack } from '../../src/core/maskTrack.ts';
import { encodeRle } from '../../src/core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../../src/document/document.ts';
import type { ProjectFacts } from '../../src/core/protocol/project.ts';
import { FACTS } from './testing/facts.ts';

/** Of the clip of a large project. */
export const LARGE = { width: 1920, height: 1080, frames: 10_000, objects: 50 } as const;

const RADIUS = 40;

/** A disc, a little higher or lower on each frame: each object has eight masks in turn, each with bytes of its own. */
function discAt(x: number, y: number): Uint8Array<ArrayBuffer> {
  const { width, height } = LARGE;
  const raster = new Uint8Array(width * height);
  for (let dy = -RADIUS; dy <= RADIUS; dy++)
    for (let dx = -RADIUS; dx <= RADIUS; dx++)
      if (Math.hypot(dx, dy) < RADIUS) raster[(y + dy) * width + x + dx] = 1;
  return toCocoString(encodeRle(raster, LARGE));
}

/** A document of 50 objects, each with a mask of its own on each of 10,000 frames. */
export function largeDocument(): MaskDocument {
  let document = EMPTY_DOCUMENT;
  for (let id = 1; id <= LARGE.objects; id++) document = withNewObject(document).document;
  const objects = document.objects.map((object, at) => {
    const [x, y] = [100 + 180 * (at % 10), 100 + 200 * Math.floor(at / 10)];
    const discs = Array.from({ length: 8 }, (_, step) => discAt(x, y + step));
    const masks = Array.from({ length: LARGE.frames }, (_, frame): [number, FrameMask] => {
      const step = Math.abs((frame % 14) - 7);
      const mask = compressedRle(discs[step]?.slice() ?? new Uint8Array(), LARGE);
      return [frame, { mask, status: 'tracked', score: 0.6 + (frame % 40) / 100, origin: 0 }];
    });
    return { ...object, track: MaskTrack.EMPTY.with(masks) };
  });
  return { ...document, objects };
}

/** What a large project is about. */
export function largeFacts(): ProjectFacts {
  const { width, height, frames } = LARGE;
  const timestamps = Float64Array.from({ length: frames }, (_, frame) => frame / 25);
  return {
    ...FACTS,
    name: 'large',
    clip: { ...FACTS.clip, width, height, frameCount: frames, duration: frames / 25, timestamps },
  };
}
