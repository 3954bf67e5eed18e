import { exportStore } from '../work/exportStore.ts';
import { trackingStore } from '../work/trackingStore.ts';

/**
 * Keeps the screen, and with it the machine, awake while a run or an export goes on, where the browser can: a hidden tab may not. To be
 * called once.
 */
export function stayAwakeWhileWorking(): void {
  if (!('wakeLock' in navigator)) return;
  let lock: WakeLockSentinel | undefined;
  let isAsking = false;
  const isWorking = () =>
    trackingStore.getState().phase === 'running' || exportStore.getState().phase === 'running';
  const follow = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      if (!isWorking()) {
        await lock?.release();
        lock = undefined;
      } else if (document.visibilityState === 'visible' && (lock === undefined || lock.released)) {
        lock = await navigator.wakeLock.request('screen');
        // It may have ended meanwhile.
        if (!isWorking()) await lock.release();
      }
    } catch (error) {
      console.warn('The machine may fall asleep while work goes on.', error);
    } finally {
      isAsking = false;
    }
  };
  trackingStore.subscribe((state, before) => {
    if (state.phase !== before.phase) void follow();
  });
  exportStore.subscribe((state, before) => {
    if (state.phase !== before.phase) void follow();
  });
  document.addEventListener('visibilitychange', () => void follow());
}
