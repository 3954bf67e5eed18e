import { scan } from '../../engine/scanner.ts';
import { notifyProblem } from '../page/noticesStore.ts';
import type { ProjectScan } from '../../core/protocol/project.ts';
import { readThumbnails } from '../project/scanPictures.ts';
import { hasTimeline, videoStore, type Clip } from './videoStore.ts';

/** As many as a wide timeline has room for. */
const THUMBNAILS = 24;

let running: AbortController | undefined;

/**
 * Looks for shot changes and thumbnails of the clip that is open now, in the background, and no further in the one before. What is
 * found comes into the store. @param saved what was found before, and need not be looked for again
 */
export async function scanClip(clip: Clip | undefined, saved?: ProjectScan): Promise<void> {
  running?.abort();
  for (const { bitmap } of videoStore.getState().thumbnails) bitmap.close();
  videoStore.setState({ shots: [], thumbnails: [], scannedFrames: 0 });
  if (!hasTimeline(clip)) return;
  const { file, info } = clip;
  if (saved) {
    const thumbnails = await readThumbnails(saved);
    if (videoStore.getState().clip === clip)
      videoStore.setState({ shots: saved.shots, thumbnails, scannedFrames: info.frameCount });
    else for (const { bitmap } of thumbnails) bitmap.close();
    return;
  }
  if (file === undefined) return;
  const controller = new AbortController();
  running = controller;
  try {
    for await (const event of scan(file, THUMBNAILS, controller.signal)) {
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
