import { afterEach, expect, it } from 'vitest';
import type { Scanner } from '../../engine/scanner.ts';
import { addThumbnails, connectThumbnails, nearestThumbnail, wantThumbnails } from './thumbnails.ts';
import { videoStore } from './videoStore.ts';

const fakeBitmap = (close: () => void = () => undefined) => ({ close }) as unknown as ImageBitmap;
const settle = () => new Promise((resolve) => setTimeout(resolve));

/** A scanner that answers when told to; frame 13 cannot be decoded. */
function fakeScanner() {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const thumbnail = (frame: number) => {
    asked.push(frame);
    return new Promise<ImageBitmap>((resolve, reject) =>
      answers.push(() => (frame === 13 ? reject(new Error('damaged')) : resolve(fakeBitmap()))),
    );
  };
  const answer = async () => {
    answers.shift()?.();
    await settle();
  };
  return { scanner: { thumbnail } as unknown as Scanner, asked, answer };
}

afterEach(() => connectThumbnails(undefined));

it('makes one at a time: first what is under the pointer, and only what is still wanted', async () => {
  const { scanner, asked, answer } = fakeScanner();
  connectThumbnails(scanner);
  wantThumbnails('filmstrip', [10, 13, 30]);
  wantThumbnails('pointer', [5]);
  wantThumbnails('pointer', [6]);
  expect(asked).toEqual([10]);
  await answer();
  expect(asked).toEqual([10, 6]);
  await answer();
  await answer();
  wantThumbnails('filmstrip', [10, 40]);
  await answer();
  await answer();
  expect(asked).toEqual([10, 6, 13, 30, 40]);
  expect(videoStore.getState().thumbnails.map(({ frame }) => frame)).toEqual([10, 6, 30, 40]);
  expect(nearestThumbnail(videoStore.getState().thumbnails, 12)?.frame).toBe(10);
});

it('takes no picture of a clip that was closed meanwhile', async () => {
  const { scanner, answer } = fakeScanner();
  connectThumbnails(scanner);
  wantThumbnails('pointer', [1]);
  connectThumbnails(fakeScanner().scanner);
  await answer();
  expect(videoStore.getState().thumbnails).toEqual([]);
});

it('keeps a bounded number, and frees those that go', () => {
  let closed = 0;
  const all = Array.from({ length: 450 }, (_, frame) => ({
    frame,
    bitmap: fakeBitmap(() => void closed++),
  }));
  for (const each of all) addThumbnails([each]);
  expect(videoStore.getState().thumbnails).toHaveLength(400);
  expect(closed).toBe(50);
});
