import { describe, expect, it } from 'vitest';
import { SceneFeed } from './sceneFeed.ts';

/** A feed whose drawings are finished when told to. The content is the frame and a mark that changes. */
function setUp() {
  const drawn: string[] = [];
  const failed: unknown[] = [];
  const waiting: { finish: () => void; fail: () => void }[] = [];
  const state = { mark: 'a' };
  const feed = new SceneFeed<string, string>({
    content: (frame) => `${frame}${state.mark}`,
    isSame: (a, b) => a === b,
    draw: (content, picture) => {
      drawn.push(picture === undefined ? content : `${content} on ${picture}`);
      return new Promise((finish, reject) => waiting.push({ finish, fail: () => reject(new Error('lost')) }));
    },
    fail: (thrown) => failed.push(thrown),
  });
  const settle = async (how: 'finish' | 'fail' = 'finish') => {
    waiting.shift()?.[how]();
    await new Promise((done) => setTimeout(done));
  };
  return { feed, drawn, failed, state, settle };
}

describe('SceneFeed', () => {
  it('draws a picture with what is of its frame, and then only what changes', async () => {
    const { feed, drawn, state, settle } = setUp();
    feed.refresh();
    void feed.show(1, 'picture 1');
    await settle();
    feed.refresh();
    state.mark = 'b';
    feed.refresh();
    expect(drawn).toEqual(['1a on picture 1', '1b']);
  });

  it('draws once, after a drawing that is under way, what changed meanwhile', async () => {
    const { feed, drawn, state, settle } = setUp();
    void feed.show(1, 'picture 1');
    for (const mark of ['b', 'c', 'd']) {
      state.mark = mark;
      feed.refresh();
    }
    await settle();
    expect(drawn).toEqual(['1a on picture 1', '1d']);
  });

  it('never draws what is of one frame on the picture of another', async () => {
    const { feed, drawn, state, settle } = setUp();
    void feed.show(1, 'picture 1');
    void feed.show(2, 'picture 2');
    state.mark = 'b';
    await settle();
    await settle();
    feed.reset();
    state.mark = 'c';
    feed.refresh();
    expect(drawn).toEqual(['1a on picture 1', '2a on picture 2', '2b']);
  });

  it('tells of a drawing that failed, and takes the next', async () => {
    const { feed, drawn, failed, settle } = setUp();
    void feed.show(1, 'picture 1');
    await settle('fail');
    void feed.show(2, 'picture 2');
    expect(failed).toHaveLength(1);
    expect(drawn).toEqual(['1a on picture 1', '2a on picture 2']);
  });
});
