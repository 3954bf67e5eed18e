import { afterEach, expect, it, vi } from 'vitest';
import { elsewhereStore } from '../project/elsewhereStore.ts';
import { finishRun, beginRun } from '../work/trackingStore.ts';
import { stayAwakeWhileWorking } from './wakeLock.ts';

afterEach(() => vi.unstubAllGlobals());

/** Grants locks one at a time, each when it is told to. Gives how many are held. */
function grants() {
  let held = 0;
  const request = vi.fn(async () => {
    await Promise.resolve();
    held++;
    const lock = {
      released: false,
      async release() {
        await Promise.resolve();
        lock.released = true;
        held--;
      },
    };
    return lock;
  });
  vi.stubGlobal('navigator', { wakeLock: { request } });
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => undefined });
  return { request, held: () => held };
}

const looking = (phase: 'looking' | 'waiting' | 'ended') =>
  elsewhereStore.setState({ phase, name: 'Ball', clips: [] }, true);

it('the machine stays awake through a run and a search in other clips, also where one begins as the other ends', async () => {
  const { request, held } = grants();
  stayAwakeWhileWorking();
  beginRun('everything');
  await vi.waitFor(() => expect(held()).toBe(1));
  finishRun('done');
  looking('looking');
  await vi.waitFor(() => expect(request).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(held()).toBe(1));
  looking('waiting');
  await vi.waitFor(() => expect(held()).toBe(0));
  looking('looking');
  looking('ended');
  beginRun('track');
  await vi.waitFor(() => expect(held()).toBe(1));
  finishRun('cancelled');
  await vi.waitFor(() => expect(held()).toBe(0));
});
