import { scan } from '../../engine/scanner.ts';
import { notifyProblem } from '../page/noticesStore.ts';
import { hasTimeline, videoStore, type Clip } from './videoStore.ts';

/** As many as a wide timeline has room for. */
const THUMBNAILS = 24;

let running: AbortController | undefined;

/**
 * Looks for shot changes and thumbnails of the clip that is open now, in the background, and no further in the one before. What is
 * found comes into the store.
 */
export async function scanClip(clip: Clip | undefined): Promise<void> {
  running?.abort();
  for (const { bitmap } of videoStore.getState().thumbnails) bitmap.close();
  videoStore.setState({ shots: [], thumbnails: [], scannedFrames: 0 });
  if (!hasTimeline(clip)) return;
  const controller = new AbortController();
  running = controller;
  try {
    for await (const event of scan(clip.file, THUMBNAILS, controller.signal)) {
      videoStore.setState(({ shots, thumbnails }) => ({
        scannedFrames: event.scannedFrames,
        shots: event.shots.length > 0 ? [...shots, ...event.shots] : shots,
        thumbnails: event.pictures.length > 0 ? [...thumbnails, ...event.pictures] : thumbnails,
      }));
    }
  } catch (error) {
    if (controller.signal.aborted) return;
    console.warn('The clip could not be looked through to its end.', error);
    notifyProblem(
      `Shot changes from frame ${videoStore.getState().scannedFrames} on were not found because “${clip.name}” could not be read ` +
        'to its end. Tracking does not pause at them; everything else works.',
      { about: 'clip' },
    );
  }
}
