import { throwIfAborted } from '../../core/errors.ts';
import type { ProjectScan } from '../../core/protocol/project.ts';
import { openScanner, type Scanner } from '../../engine/scanner.ts';
import { notifyProblem } from '../page/noticesStore.ts';
import { readThumbnails } from '../project/scanPictures.ts';
import { addThumbnails, connectThumbnails } from './thumbnails.ts';
import { hasTimeline, videoStore, type Clip } from './videoStore.ts';

/** As many as a timeline has room for, of a clip that is taller than wide. */
const THUMBNAILS = 64;

/** The scan of the clip that is open now. */
interface Scan {
  readonly controller: AbortController;
  readonly scanner: Scanner | undefined;
}

let running: Scan | undefined;
/** When the clip that is open now has been looked through, as far as that is possible. */
let scanned: Promise<void> = Promise.resolve();

/**
 * Looks for shot changes and thumbnails of the clip that is open now, in the background, and no further in the one before. What is
 * found comes into the store. More thumbnails can be asked for as long as the clip is open.
 *
 * @param saved what was found before, and need not be looked for again
 */
export async function scanClip(clip: Clip | undefined, saved?: ProjectScan): Promise<void> {
  running?.controller.abort();
  running?.scanner?.close();
  running = undefined;
  connectThumbnails(undefined);
  videoStore.setState({ shots: [], scannedFrames: 0 });
  if (!hasTimeline(clip)) return;
  const scan: Scan = { controller: new AbortController(), scanner: clip.file && openScanner(clip.file) };
  running = scan;
  connectThumbnails(scan.scanner);
  const { signal } = scan.controller;
  if (saved) scanned = showSaved(clip, saved, signal);
  else if (scan.scanner) scanned = look(clip, scan.scanner, signal);
  await scanned;
}

/** Waits until all shot changes of the clip are known that can be found. @throws MaskletError `aborted` */
export async function whenScanned(signal: AbortSignal): Promise<void> {
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await Promise.race([scanned, aborted]);
  throwIfAborted(signal);
}

/** Shows what an earlier scan found. */
async function showSaved({ info }: Clip, saved: ProjectScan, signal: AbortSignal): Promise<void> {
  const thumbnails = await readThumbnails(saved);
  if (signal.aborted) {
    for (const { bitmap } of thumbnails) bitmap.close();
    return;
  }
  addThumbnails(thumbnails);
  videoStore.setState({ shots: saved.shots, scannedFrames: info.frameCount });
}

async function look({ name }: Clip, scanner: Scanner, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of scanner.scan(THUMBNAILS, signal)) {
      addThumbnails(event.pictures);
      videoStore.setState(({ shots }) => ({
        scannedFrames: event.scannedFrames,
        shots: event.shots.length > 0 ? [...shots, ...event.shots] : shots,
      }));
    }
  } catch (error) {
    if (signal.aborted) return;
    console.warn('The clip could not be looked through to its end.', error);
    notifyProblem(
      `Shot changes from frame ${videoStore.getState().scannedFrames} on were not found because “${name}” could not be read ` +
        'to its end. Tracking does not pause at them; everything else works.',
      { about: 'clip' },
    );
  }
}
