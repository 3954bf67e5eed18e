import { expect, it } from 'vitest';
import { provenance, provenanceOn, provenanceRuns, readProvenance } from './provenance.ts';

const MODEL = { id: 'embedded', version: '0.2.0' };

it('is the very same for the same, whoever asks', () => {
  expect(provenance('track', { ...MODEL })).toBe(provenance('track', MODEL));
  expect(provenance('track', { id: 'embedded' })).not.toBe(provenance('track', MODEL));
  expect(provenance('brush')).toEqual({ origin: 'brush' });
});

it('is held by runs of frames, however long the clip', () => {
  const [click, track] = [provenance('click', MODEL), provenance('track', MODEL)];
  // A clone, as masks have that came from a worker.
  const masks = [
    [3, click],
    ...Array.from({ length: 90_000 }, (_, at) => [at + 4, { ...track }] as const),
    [90_010, undefined],
    [90_011, track],
  ] as const;
  const runs = provenanceRuns(masks);
  expect(runs).toEqual([
    { first: 3, last: 3, provenance: click },
    { first: 4, last: 90_003, provenance: track },
    { first: 90_011, last: 90_011, provenance: track },
  ]);
  for (const [frame, said] of [masks[0], masks[1], masks[40_000]!, masks.at(-1)!, masks.at(-2)!])
    expect(provenanceOn(runs, frame), `frame ${frame}`).toEqual(said);
  expect(provenanceOn(runs, 2)).toBeUndefined();
  expect(provenanceOn(runs, 100_000)).toBeUndefined();
  expect(provenanceOn(undefined, 3)).toBeUndefined();
});

it('is read as far as a file makes sense', () => {
  expect(readProvenance('track', 'embedded', '0.2.0')).toBe(provenance('track', MODEL));
  expect(readProvenance('track', 'embedded', 3)).toEqual({ origin: 'track', model: { id: 'embedded' } });
  expect(readProvenance('track', undefined, '0.2.0')).toEqual({ origin: 'track' });
  expect(readProvenance('track', 'x'.repeat(1000), undefined)).toEqual({ origin: 'track' });
  expect(readProvenance('magic', 'embedded', '0.2.0')).toBeUndefined();
});
