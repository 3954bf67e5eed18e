import { openScanner, type Scanner } from '../../engine/scanner.ts';
import { notify } from '../page/noticesStore.ts';
import { addThumbnails, connectThumbnails } from './thumbnails.ts';
import { hasTimeline, videoStore, type Clip } from './videoStore.ts';

/** As many as a timeline has room for, of a clip that is taller than wide. */
const THUMBNAILS = 64;

let running: { readonly controller: AbortController; readonly scanner: Scanner } | undefined;

/**
 * Looks for shot changes and thumbnails of the clip that is open now, in the background, and no further in the one before. What is
 * found comes into the store. More thumbnails can be asked for as long as the clip is open.
 */
export async function scanClip(clip: Clip | undefined): Promise<void> {
  running?.controller.abort();
  running?.scanner.close();
  running = undefined;
  connectThumbnails(undefined);
  videoStore.setState({ shots: [], scannedFrames: 0 });
  if (!hasTimeline(clip)) return;
  const controller = new AbortController();
  const scanner = openScanner(clip.file);
  running = { controller, scanner };
  connectThumbnails(scanner);
  try {
    for await (const event of scanner.scan(THUMBNAILS, controller.signal)) {
      addThumbnails(event.pictures);
      videoStore.setState(({ shots }) => ({
        scannedFrames: event.scannedFrames,
        shots: event.shots.length > 0 ? [...shots, ...event.shots] : shots,
      }));
    }
  } catch (error) {
    if (controller.signal.aborted) return;
    console.warn('The clip could not be looked through to its end.', error);
    notify(
      `Shot changes from frame ${videoStore.getState().scannedFrames} on were not found, for “${clip.name}” could not be read ` +
        'to its end. Tracking does not pause at them; all else works.',
    );
  }
}
