import { describe, expect, it } from 'vitest';
import { toCocoString } from './cocoString.ts';
import { FRAMES_IN_PART, FrameMap } from './frameMap.ts';
import type { FrameMask } from './frameMask.ts';
import { MaskTrack } from './maskTrack.ts';
import { PACKED_STATUSES, PackedMasks, type MaskColumns } from './packedMasks.ts';
import { provenance } from './provenance.ts';
import { encodeRle } from './rle.ts';

const SIZE = { width: 2, height: 2 };
const MASKS = [
  encodeRle(Uint8Array.of(1, 0, 1, 0), SIZE),
  encodeRle(Uint8Array.of(0, 0, 0, 0), SIZE),
  encodeRle(Uint8Array.of(0, 1, 0, 1), SIZE),
];

const TRACKED = provenance('track', { id: 'embedded', version: '1' });

/** Masks of some frames, as columns and as they are meant. */
function masksOf(frames: readonly number[]): { columns: MaskColumns; meant: [number, FrameMask][] } {
  const meant = frames.map((frame, row): [number, FrameMask] => [
    frame,
    {
      mask: MASKS[row % 3]!,
      status: PACKED_STATUSES[row % 4]!,
      score: row / 7,
      ...(row % 2 === 0 && { origin: row }),
      ...(row % 5 === 0 && { agreement: 0 }),
      ...(row % 3 === 0 && { provenance: TRACKED }),
    },
  ]);
  const strings = meant.map(([, { mask }]) => toCocoString(mask));
  let end = 0;
  const columns: MaskColumns = {
    frames: Uint32Array.from(frames),
    statuses: Uint8Array.from(frames, (_, row) => row % 4),
    scores: Float64Array.from(frames, (_, row) => row / 7),
    origins: Int32Array.from(frames, (_, row) => (row % 2 === 0 ? row : -1)),
    agreements: Float64Array.from(frames, (_, row) => (row % 5 === 0 ? 0 : -1)),
    provenances: Uint32Array.from(frames, (_, row) => (row % 3 === 0 ? 4 : 0)),
    provenanceOf: new Map([[4, TRACKED]]),
    ends: Uint32Array.from(strings, ({ length }) => (end += length)),
    runs: Uint8Array.from(strings.flatMap((each) => [...each])),
    more: new Map(),
  };
  return { columns, meant };
}

const CASES: readonly (readonly [string, readonly number[]])[] = [
  ['frames next to each other', [7, 8, 9, 10, 11, 12, 13]],
  ['frames with gaps', [0, 1, 5, 6, 40, 41, 99, 250, 255]],
  ['one frame', [200]],
];

describe.each(CASES)('packed masks of %s', (_, frames) => {
  const { columns, meant } = masksOf(frames);
  const packed = new PackedMasks(columns, 0, frames.length, SIZE);

  it('are those that were packed, and no others', () => {
    expect([...packed]).toEqual(meant);
    expect([...packed.keys()]).toEqual(frames);
    for (let frame = 0; frame < FRAMES_IN_PART; frame++) {
      const expected = meant.find(([at]) => at === frame)?.[1];
      expect(packed.get(frame), `frame ${frame}`).toEqual(expected);
      expect(packed.has(frame)).toBe(expected !== undefined);
      // What is compared is whether it is the very same.
      expect(packed.get(frame)).toBe(packed.get(frame));
    }
  });

  it('count as their masks do, in a track as well', () => {
    const track = MaskTrack.EMPTY.withParts([[0, packed]]);
    expect(track.counts).toEqual(MaskTrack.EMPTY.with(meant).counts);
    expect(track.size).toBe(frames.length);
  });

  it('change like others', () => {
    const [[frame, mask]] = meant as [[number, FrameMask]];
    const map = new FrameMap<FrameMask>().withParts([[0, packed]]);
    const changed = map.with([[frame, { ...mask, score: 1 }]]);
    expect(changed.changedFrames(map)).toEqual([frame]);
    expect(map.withParts([[0, undefined]]).changedFrames(map)).toEqual(frames);
  });
});

it('rows in the middle of the columns are a part of their own', () => {
  const { columns, meant } = masksOf([3, 4, 9, 300, 301, 600]);
  expect([...new PackedMasks(columns, 3, 5, SIZE)]).toEqual(meant.slice(3, 5));
});
