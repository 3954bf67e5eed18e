import { expect, it } from 'vitest';
import { addCensus, EMPTY_CENSUS, subtractCensus } from './census.ts';

const graph = (runs: number, milliseconds: number) => ({ runs, milliseconds });
const segmenter = {
  ...EMPTY_CENSUS,
  ...{ bytes: 100, frames: 1, gpuBytes: 64 },
  graphs: { vision_encoder: graph(4, 800) },
  stepMs: { decode: 5, encoder: 900 },
};

it('adds what two workers hold and have done, graph by graph and stage by stage', () => {
  const player = { ...EMPTY_CENSUS, bytes: 20, frames: 2, stepMs: { decode: 7 } };
  expect(addCensus(segmenter, player)).toEqual({
    ...EMPTY_CENSUS,
    ...{ bytes: 120, frames: 3, gpuBytes: 64 },
    graphs: { vision_encoder: graph(4, 800) },
    stepMs: { decode: 12, encoder: 900 },
  });
});

it('tells what was done in between', () => {
  const later = {
    ...segmenter,
    ...{ trackedFrames: 3, bytesUp: 12 },
    graphs: { vision_encoder: graph(7, 1400), step: graph(3, 90) },
    stepMs: { decode: 5, encoder: 1500, decoder: 90 },
  };
  expect(subtractCensus(later, segmenter)).toEqual({
    ...EMPTY_CENSUS,
    ...{ trackedFrames: 3, bytesUp: 12 },
    graphs: { vision_encoder: graph(3, 600), step: graph(3, 90) },
    stepMs: { decode: 0, encoder: 600, decoder: 90 },
  });
});
