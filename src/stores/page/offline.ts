import { videoStore } from '../clip/videoStore.ts';

/**
 * Has the browser keep the built app for visits without a network (workers/offline/serviceWorker.ts). Where the host does not
 * isolate the page and the script does, the page loads again unless it shows something already. To be called once.
 */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('controllerchange', () => {
    if (!crossOriginIsolated && videoStore.getState().phase === 'empty') location.reload();
  });
  serviceWorker
    .register('sw.js', { updateViaCache: 'none' })
    .catch((error: unknown) => console.warn('The app is not kept for visits without a network.', error));
}
