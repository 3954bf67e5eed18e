import { beforeEach, expect, it } from 'vitest';
import type { FrameMask } from '../../core/frameMask.ts';
import { MaskTrack } from '../../core/maskTrack.ts';
import { encodeRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject } from '../../document/document.ts';
import { playbackStore, setFrame } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { crosshairStore } from '../stage/crosshairStore.ts';
import { doubtfulStore, seekDoubtful } from './doubtful.ts';
import { commitDocument, currentDocument, objectsStore, resetObjects, selectObject } from './objectsStore.ts';
import { describeReview, seekNextFrame, toggleReviewedFrame, toggleReviewedStretch } from './review.ts';

/** Each object has a pixel of its own. */
const masks = [
  encodeRle(Uint8Array.of(0, 0, 0, 1), { width: 2, height: 2 }),
  encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 }),
];

/** Two objects on four frames; the second is doubtful on the last two, the first has no mask there. */
beforeEach(() => {
  const info = {
    ...{ kind: 'video' as const, codec: 'none', width: 2, height: 2 },
    ...{ frameCount: 4, timestamps: new Float64Array(4), duration: 1 },
  };
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info } });
  resetObjects();
  playbackStore.setState({ range: undefined });
  noticesStore.setState({ notices: [] });
  const { document } = withNewObject(withNewObject(EMPTY_DOCUMENT).document);
  const scores = [
    [1, 1],
    [1, 1, 0.4, 0.3],
  ];
  const objects = document.objects.map((object, i) => ({
    ...object,
    track: MaskTrack.EMPTY.with(
      scores[i]!.map((score, frame): [number, FrameMask] => [
        frame,
        { mask: masks[i]!, score, status: frame === 0 ? 'prompted' : 'tracked', origin: 0 },
      ]),
    ),
  }));
  commitDocument({ ...document, objects }, 'track');
  objectsStore.setState({ selectedId: undefined });
  setFrame(0);
});

const reviewed = () => currentDocument().objects.map((object) => object.reviewed);

it('is of all objects, or of the selected one, and taken back by the same key', () => {
  setFrame(1);
  toggleReviewedFrame();
  expect(reviewed()).toEqual([[{ first: 1, last: 1 }], [{ first: 1, last: 1 }]]);
  selectObject(2);
  toggleReviewedFrame();
  expect(reviewed()).toEqual([[{ first: 1, last: 1 }], undefined]);
  expect(objectsStore.getState().history.past.at(-1)?.label).toBe('review again');
});

it('is of every mask that there is between the marks, and is told as a share', () => {
  toggleReviewedStretch();
  expect(reviewed()).toEqual([[{ first: 0, last: 1 }], [{ first: 0, last: 3 }]]);
  expect(describeReview(currentDocument(), 4)).toBe('75 % reviewed.');
  toggleReviewedStretch();
  expect(describeReview(currentDocument(), 4)).toBeUndefined();
});

it('says where there is nothing to review', () => {
  setFrame(3);
  selectObject(1);
  toggleReviewedFrame();
  expect(reviewed()).toEqual([undefined, undefined]);
  expect(noticesStore.getState().notices.at(-1)?.message).toContain('There is nothing to review');
});

it('settles a doubt', () => {
  seekDoubtful('next');
  expect(doubtfulStore.getState().at).toMatchObject({ objectId: 2, frame: 2 });
  selectObject(2);
  setFrame(2);
  toggleReviewedFrame();
  setFrame(0);
  seekDoubtful('next');
  expect(doubtfulStore.getState().at).toMatchObject({ objectId: 2, frame: 3 });
});

it('goes to where a click gains most, says why and shows where, until nothing is left', () => {
  seekNextFrame();
  expect(playbackStore.getState().frame).toBe(2);
  expect(objectsStore.getState().selectedId).toBe(2);
  expect(doubtfulStore.getState().at?.text).toBe(
    'Object 2: the model is unsure of this mask. 1 frame follows from it. Enter adds at the crosshair.',
  );
  expect(crosshairStore.getState().at).toEqual({ x: 0.5, y: 0.5 });
  toggleReviewedStretch();
  seekNextFrame();
  expect(noticesStore.getState().notices.at(-1)?.message).toContain('No frame asks for a click');
});
