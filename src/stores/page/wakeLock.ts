import { elsewhereStore } from '../project/elsewhereStore.ts';
import { exportStore } from '../work/exportStore.ts';
import { trackingStore } from '../work/trackingStore.ts';

/**
 * Keeps the screen, and with it the machine, awake while a run, an export or a search in other clips goes on, where the browser can: a
 * hidden tab may not. To be called once.
 */
export function stayAwakeWhileWorking(): void {
  if (!('wakeLock' in navigator)) return;
  let lock: WakeLockSentinel | undefined;
  let isFollowing = false;
  const isWorking = () =>
    trackingStore.getState().phase === 'running' ||
    exportStore.getState().phase === 'running' ||
    elsewhereStore.getState().phase === 'looking';
  const follow = async () => {
    if (isFollowing) return;
    isFollowing = true;
    try {
      // Work may begin or end while the browser answers.
      for (;;) {
        const isHeld = lock !== undefined && !lock.released;
        if (isHeld && !isWorking()) await lock?.release();
        else if (!isHeld && isWorking() && document.visibilityState === 'visible')
          lock = await navigator.wakeLock.request('screen');
        else break;
      }
    } catch (error) {
      console.warn('The machine may fall asleep while work goes on.', error);
    } finally {
      isFollowing = false;
    }
  };
  for (const store of [trackingStore, exportStore, elsewhereStore])
    store.subscribe((state, before) => {
      if (state.phase !== before.phase) void follow();
    });
  document.addEventListener('visibilitychange', () => void follow());
}
