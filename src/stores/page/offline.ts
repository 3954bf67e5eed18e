import { videoStore } from '../clip/videoStore.ts';

/**
 * Has the browser keep the built app for visits without a network (workers/offline/serviceWorker.ts), and take a later release
 * where this page shows nothing yet. To be called once.
 */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const isIdle = () => videoStore.getState().phase === 'empty';
  const hadOne = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    // The first time nothing changes for the page, unless its host does not isolate it and the script does.
    if (isIdle() && (hadOne || !crossOriginIsolated)) location.reload();
  });
  void serviceWorker.register('sw.js', { updateViaCache: 'none' }).then(
    (registration) => {
      if (isIdle()) registration.waiting?.postMessage('go ahead');
    },
    (error: unknown) => console.warn('The app is not kept for visits without a network.', error),
  );
}
