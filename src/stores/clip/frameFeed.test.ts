import { describe, expect, it } from 'vitest';
import { FrameFeed } from './frameFeed.ts';

interface FakePicture {
  readonly frame: number;
  closed: number;
  close(): void;
}

/** A feed whose decoder answers when told to. */
function setUp(drawn?: Promise<void>) {
  const requests: { frame: number; answer: () => Promise<FakePicture>; refuse: () => Promise<void> }[] = [];
  const shown: number[] = [];
  const failed: number[] = [];
  const feed = new FrameFeed<FakePicture>({
    request: (frame) => {
      let resolve: (picture: FakePicture) => void = () => undefined;
      let reject: (error: Error) => void = () => undefined;
      const promise = new Promise<FakePicture>((...settlers) => ([resolve, reject] = settlers));
      const settle = () => new Promise<void>((done) => setTimeout(done));
      requests.push({
        frame,
        answer: async () => {
          const picture: FakePicture = { frame, closed: 0, close: () => void picture.closed++ };
          resolve(picture);
          await settle();
          return picture;
        },
        refuse: async () => {
          reject(new Error('damaged'));
          await settle();
        },
      });
      return promise;
    },
    draw: () => drawn,
    shown: (frame) => shown.push(frame),
    fail: (frame) => failed.push(frame),
  });
  return { feed, requests, shown, failed };
}

describe('FrameFeed', () => {
  it('keeps the newest wanted frame only while one is on its way', async () => {
    const { feed, requests, shown } = setUp();
    for (const frame of [1, 2, 3, 4]) feed.want(frame);
    expect(requests.map(({ frame }) => frame)).toEqual([1]);
    await requests[0]?.answer();
    expect(requests.map(({ frame }) => frame)).toEqual([1, 4]);
    await requests[1]?.answer();
    expect(shown).toEqual([1, 4]);
  });

  it('closes every picture once, also those that came too late', async () => {
    const { feed, requests, shown } = setUp();
    feed.want(1);
    feed.reset();
    feed.want(2);
    const late = await requests[0]?.answer();
    const wanted = await requests[1]?.answer();
    expect(shown).toEqual([2]);
    expect([late?.closed, wanted?.closed]).toEqual([1, 1]);
  });

  it('does not take a picture that was still being drawn for one of what was opened meanwhile', async () => {
    let finish = () => undefined as void;
    const drawn = new Promise<void>((resolve) => (finish = resolve));
    const { feed, requests, shown } = setUp(drawn);
    feed.want(1);
    await requests[0]?.answer();
    feed.reset();
    feed.want(2);
    finish();
    await requests[0]?.answer();
    await requests[1]?.answer();
    expect(shown).toEqual([2]);
  });

  it('goes on after a frame that could not be decoded', async () => {
    const { feed, requests, shown, failed } = setUp();
    feed.want(1);
    feed.want(2);
    await requests[0]?.refuse();
    await requests[1]?.answer();
    expect(failed).toEqual([1]);
    expect(shown).toEqual([2]);
  });
});
