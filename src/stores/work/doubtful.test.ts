import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FrameMask } from '../../core/frameMask.ts';
import { MaskTrack } from '../../core/maskTrack.ts';
import { encodeRle } from '../../core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject } from '../../document/document.ts';
import { doubtfulStore, doubtShown, doubtsOf, judgeAll, seekDoubtful } from './doubtful.ts';
import {
  commitDocument,
  currentDocument,
  objectsStore,
  resetObjects,
  toggleSolo,
  toggleVisible,
} from './objectsStore.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { playbackStore, setFrame } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
const entry = (score: number): FrameMask => ({ mask, status: 'tracked', score });

afterEach(() => vi.restoreAllMocks());

/** Two objects of which the model is unsure, on frame 1 and on frame 2. */
function openTwo(): void {
  const info = {
    ...{ kind: 'video' as const, codec: 'none', width: 2, height: 2 },
    ...{ frameCount: 3, timestamps: new Float64Array(3), duration: 1 },
  };
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info } });
  resetObjects();
  const { document } = withNewObject(withNewObject(EMPTY_DOCUMENT).document);
  const objects = document.objects.map((object) => ({
    ...object,
    track: MaskTrack.EMPTY.with([[object.id, entry(0.1)]]),
  }));
  commitDocument({ ...document, objects }, 'track');
}

it('says why it stopped, and which of all doubtful places that is', () => {
  openTwo();
  const said = () =>
    doubtShown(
      doubtfulStore.getState().at,
      playbackStore.getState().frame,
      objectsStore.getState().selectedId,
    );
  setFrame(0);
  seekDoubtful('next');
  expect(said()).toBe('Object 1: the model is unsure of this mask (doubtful place 1 of 2).');
  const lost = encodeRle(Uint8Array.of(0, 0, 0, 0), { width: 2, height: 2 });
  const objects = currentDocument()
    .objects.slice(0, 1)
    .map((object) => ({
      ...object,
      track: MaskTrack.EMPTY.with([
        [0, entry(0.9)],
        [1, { mask: lost, status: 'absent', score: 0 }],
        [2, { mask: lost, status: 'absent', score: 0 }],
      ]),
    }));
  commitDocument({ ...currentDocument(), objects }, 'track');
  setFrame(0);
  seekDoubtful('next');
  expect(said()).toBe('Object 1 is lost on 2 frames, 1 to 2 (the only doubtful place).');
  setFrame(2);
  expect(said()).toBeUndefined();
  const { document } = withNewObject(currentDocument());
  const inFront = document.objects.map((object) =>
    object.id === 1 ? object : { ...object, track: MaskTrack.EMPTY.with([[1, entry(0.9)]]) },
  );
  commitDocument({ ...document, objects: inFront }, 'track');
  setFrame(0);
  seekDoubtful('next');
  expect(said()).toBe('Object 1 is lost behind Object 3 on 2 frames, 1 to 2 (the only doubtful place).');
});

it('goes only to objects that are drawn', () => {
  openTwo();
  const next = (direction: 'next' | 'previous' = 'next') => {
    setFrame(0);
    seekDoubtful(direction);
    return [playbackStore.getState().frame, objectsStore.getState().selectedId];
  };
  expect(next()).toEqual([1, 1]);
  expect(next('previous')).toEqual([2, 2]);
  toggleSolo(2);
  expect(next()).toEqual([2, 2]);
  toggleSolo(2);
  toggleVisible(1);
  expect(next()).toEqual([2, 2]);
  toggleVisible(2);
  expect(next()).toEqual([0, 2]);
});

describe('all masks of a long clip', () => {
  /** Two objects with a mask on each of 2000 frames, of which the model is unsure on every fifth. */
  function openLong() {
    openTwo();
    const corners = [Uint8Array.of(1, 0, 0, 0), Uint8Array.of(0, 0, 0, 1)].map((raster) =>
      encodeRle(raster, { width: 2, height: 2 }),
    );
    const objects = currentDocument().objects.map((object, at) => {
      const masks = Array.from({ length: 2000 }, (_, frame): [number, FrameMask] => [
        frame,
        { ...entry(frame % 5 === 0 ? 0.1 : 0.9), mask: corners[at]! },
      ]);
      return { ...object, track: MaskTrack.EMPTY.with(masks) };
    });
    commitDocument({ ...currentDocument(), objects }, 'track');
    return { info: videoStore.getState().clip!.info, objects };
  }
  const counts = () => Array.from(doubtsOf(currentDocument().objects), ([, { size }]) => size);

  it('are judged while the page goes on; what changes meanwhile counts', async () => {
    const { info, objects } = openLong();
    // Each look at the clock finds a slice used up.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    const done = judgeAll(info, objects);
    expect(counts()).toEqual([]);
    expect(doubtfulStore.getState().judged).toBeGreaterThanOrEqual(0);
    const { at } = doubtfulStore.getState();
    seekDoubtful('next');
    expect(noticesStore.getState().notices.at(-1)?.message).toContain('still being judged');
    expect(doubtfulStore.getState().at).toBe(at);

    const [first, ...others] = currentDocument().objects;
    const track = first!.track.with([[1, entry(0.1)]]);
    commitDocument({ ...currentDocument(), objects: [{ ...first!, track }, ...others] }, 'track');
    await done;
    expect(doubtfulStore.getState().judged).toBeUndefined();
    expect(counts()).toEqual([401, 400]);
  });

  it('are judged no further once the clip is closed', async () => {
    const { info, objects } = openLong();
    const done = judgeAll(info, objects);
    openTwo();
    expect(counts()).toEqual([1, 1]);
    await done;
    expect(doubtfulStore.getState().judged).toBeUndefined();
    expect(counts()).toEqual([1, 1]);
  });
});
