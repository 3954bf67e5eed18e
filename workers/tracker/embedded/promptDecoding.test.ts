import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/core/geometry.ts';
import type { PointPrompt } from '../../../src/core/prompts.ts';
import { rleArea, rleIncludes, rleIou, subtractRle, unionRle } from '../../../src/core/rle.ts';
import { maskWhere } from '../testing/paintedClip.ts';
import { tensor } from '../../models/graph.ts';
import { MASK_SIDE, type DecodedMask, type DecoderPrompts } from './decoder.ts';
import type { EmbeddedFeatures } from './features.ts';
import { decodePrompts } from './promptDecoding.ts';
import { switchOff } from './tuned.ts';

const VIDEO = { width: 128, height: 128 };
const disc = (x: number, y: number, radius: number) =>
  maskWhere(VIDEO, (column, row) => Math.hypot(column + 0.5 - x, row + 0.5 - y) < radius);

/** What the decoder answers: discs on the video, in its pixels. */
type Disc = readonly [x: number, y: number, radius: number];

function decoded([x, y, radius]: Disc): DecodedMask {
  const data = Float32Array.from({ length: MASK_SIDE ** 2 }, (_, at) => {
    const [column, row] = [(at % MASK_SIDE) + 0.5, Math.floor(at / MASK_SIDE) + 0.5];
    return 2 * radius - Math.hypot(column - 2 * x, row - 2 * y);
  });
  return { logits: { data, width: MASK_SIDE, height: MASK_SIDE }, predictedIou: 0.9 };
}

/** A decoder that answers a correction with one disc, and a single click with others. */
function decoderOf(corrected: Disc, readings: readonly Disc[]) {
  const asked: DecoderPrompts[] = [];
  const decode = (_: EmbeddedFeatures, prompts: DecoderPrompts) => {
    asked.push(prompts);
    const single = decoded(prompts.mask ? corrected : (readings[0] ?? corrected));
    return Promise.resolve({ single, readings: readings.map(decoded) });
  };
  return { decode, asked };
}

const one = tensor(new Float32Array(1), [1]);
const features: EmbeddedFeatures = {
  video: VIDEO,
  letterbox: letterbox(VIDEO, 1024),
  grid: { width: 64, height: 64 },
  imageEmbedding: one,
  descriptors: one,
  meanDescriptor: one,
};

describe('a correction', () => {
  const body: Disc = [50, 64, 30];
  const prior = disc(...body);
  const correct = (decoder: ReturnType<typeof decoderOf>, points: readonly PointPrompt[]) =>
    decodePrompts(decoder, features, { points, prior });

  it('asks with the mask that it corrects, and keeps all of it that is not clicked on', async () => {
    // The decoder answers with another body, to the left, and adds what was clicked on.
    const decoder = decoderOf([60, 64, 40], []);
    const { mask } = await correct(decoder, [{ x: 95, y: 64, label: 1 }]);
    expect(decoder.asked).toHaveLength(1);
    expect(decoder.asked[0]?.mask).toHaveLength(MASK_SIDE ** 2);
    expect(rleArea(subtractRle(prior, [mask]))).toBe(0);
    expect(rleIncludes(mask, { x: 95, y: 64 })).toBe(true);
  });

  const click = { x: 100, y: 64 };

  it('adds the smallest thing under a click that the decoder does not heed', async () => {
    const decoder = decoderOf(body, [
      [100, 64, 14],
      [100, 64, 8],
      [64, 64, 60],
    ]);
    const { mask, logits } = await correct(decoder, [{ ...click, label: 1 }]);
    expect(rleIou(mask, unionRle([prior, disc(100, 64, 8)]))).toBeGreaterThan(0.98);
    expect(logits.data[2 * 64 * MASK_SIDE + 2 * 100]).toBeGreaterThan(0);
  });

  it('takes it away where the click says so', async () => {
    const decoder = decoderOf(body, [[40, 64, 8]]);
    const { mask } = await correct(decoder, [{ x: 40, y: 64, label: 0 }]);
    expect(rleIou(mask, subtractRle(prior, [disc(40, 64, 8)]))).toBeGreaterThan(0.98);
  });

  it('leaves what the decoder does not heed, where that rule is off', async () => {
    const switchOn = switchOff(['obey']);
    const decoder = decoderOf(body, [[100, 64, 8]]);
    const { mask } = await correct(decoder, [{ ...click, label: 1 }]).finally(switchOn);
    expect(mask).toEqual(prior);
  });

  it('leaves what is too large to be a part, and what is beside the click', async () => {
    const decoder = decoderOf(body, [
      [100, 64, 20],
      [20, 20, 5],
    ]);
    const { mask } = await correct(decoder, [{ ...click, label: 1 }]);
    expect(mask).toEqual(prior);
  });
});
