import { beforeEach, expect, it } from 'vitest';
import { playbackStore } from '../clip/playbackStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { resetObjects } from './objectsStore.ts';
import { startTracking } from './tracking.ts';

const INFO = {
  ...{ kind: 'video' as const, codec: 'x', width: 2, height: 1, frameCount: 8, duration: 1 },
  timestamps: new Float64Array(8),
};

beforeEach(() => {
  noticesStore.setState({ notices: [] });
  resetObjects();
  videoStore.setState({ clip: { name: 'x', info: INFO, file: new File([], 'x') } });
  playbackStore.setState({ range: undefined });
});

it('where there is nothing to track between the marks, clearing them is offered', async () => {
  await startTracking('needed');
  expect(noticesStore.getState().notices).toMatchObject([
    { message: 'There is nothing to track: the frames there are locked or reviewed, or there are none.' },
  ]);
  expect(noticesStore.getState().notices[0]).not.toHaveProperty('action');

  noticesStore.setState({ notices: [] });
  playbackStore.setState({ range: { first: 2, last: 4 } });
  await startTracking('needed');
  const [notice] = noticesStore.getState().notices;
  expect(notice?.message).toContain('the frames between the marks');
  expect(notice?.action?.label).toBe('Clear the marks');
  notice?.action?.run();
  expect(playbackStore.getState().range).toBeUndefined();
});
