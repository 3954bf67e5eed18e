import { describe, expect, it } from 'vitest';
import type { FrameStatus } from '../core/frameMask.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import { encodeRle } from '../core/rle.ts';
import { changeObject, EMPTY_DOCUMENT, withNewObject, type MaskDocument } from './document.ts';
import { withPrompts } from './promptedMasks.ts';
import { exportScope, framesOf } from './exportScope.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });

function masked(document: MaskDocument, id: number, frames: Record<number, FrameStatus>): MaskDocument {
  return changeObject(document, id, (object) => ({
    ...object,
    track: MaskTrack.EMPTY.with(
      Object.entries(frames).map(([frame, status]) => [Number(frame), { mask, status, score: 1 }] as const),
    ),
  }));
}

let document = EMPTY_DOCUMENT;
for (let i = 0; i < 4; i++) ({ document } = withNewObject(document));
document = withPrompts(document, 1, 2, { points: [{ x: 1, y: 1, label: 1 }] });
document = masked(document, 1, { 2: 'prompted', 3: 'tracked', 4: 'stale', 5: 'stale', 7: 'absent' });
document = withPrompts(document, 2, 3, { points: [{ x: 1, y: 1, label: 1 }] });
document = masked(document, 2, { 3: 'prompted' });
document = withPrompts(document, 3, 3, { points: [{ x: 1, y: 1, label: 1 }] });
const clip = { frameCount: 10, range: { first: 3, last: 5 } };

describe('framesOf', () => {
  it('gives the frames between the marks, those with masks, or all', () => {
    expect(framesOf('marks', document, clip)).toEqual([3, 4, 5]);
    expect(framesOf('masked', document, clip)).toEqual([2, 3, 4, 5, 7]);
    expect(framesOf('all', document, clip)).toHaveLength(10);
    expect(framesOf('marks', document, { ...clip, range: undefined })).toHaveLength(10);
  });
});

describe('exportScope', () => {
  it('counts what is there and names what is missing, object by object', () => {
    const scope = exportScope(document, [3, 4, 5, 6], 10);
    expect(scope.objects.map(({ name }) => name)).toEqual(['Object 1', 'Object 2']);
    expect(scope.maskCount).toBe(4);
    expect(scope.gaps).toEqual([
      {
        name: 'Object 1',
        isEmpty: false,
        isUntracked: false,
        missing: [{ first: 6, last: 6 }],
        stale: [{ first: 4, last: 5 }],
      },
      { name: 'Object 2', isEmpty: false, isUntracked: true, missing: [{ first: 4, last: 6 }], stale: [] },
      { name: 'Object 3', isEmpty: false, isUntracked: true, missing: [{ first: 3, last: 6 }], stale: [] },
      { name: 'Object 4', isEmpty: true, isUntracked: true, missing: [{ first: 3, last: 6 }], stale: [] },
    ]);
  });

  it('has no gaps where all is there', () => {
    const whole = masked(withNewObject(EMPTY_DOCUMENT).document, 1, {
      0: 'prompted',
      1: 'tracked',
      2: 'absent',
    });
    expect(exportScope(whole, [0, 1, 2], 3).gaps).toEqual([]);
  });

  it('lacks no tracking in an image', () => {
    const image = masked(withNewObject(EMPTY_DOCUMENT).document, 1, { 0: 'prompted' });
    expect(exportScope(image, [0], 1).gaps).toEqual([]);
  });
});
