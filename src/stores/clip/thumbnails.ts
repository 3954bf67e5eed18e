import type { Scanner } from '../../engine/scanner.ts';
import { videoStore, type Thumbnail } from './videoStore.ts';

/** More are not kept; each takes some 40 kB. */
const MOST = 400;

/** Who asks for pictures: what is under the pointer comes first. */
type Asker = 'pointer' | 'filmstrip';

let source: Scanner | undefined;
let wanted: Record<Asker, readonly number[]> = { pointer: [], filmstrip: [] };
let isFetching = false;

/** Says where the thumbnails of the clip that is open now come from. Those of the one before are freed. */
export function connectThumbnails(scanner: Scanner | undefined): void {
  source = scanner;
  wanted = { pointer: [], filmstrip: [] };
  const { thumbnails } = videoStore.getState();
  videoStore.setState({ thumbnails: [] });
  for (const { bitmap } of thumbnails) bitmap.close();
}

/** Puts thumbnails into the store. Where there are too many, those go that have been there longest. */
export function addThumbnails(added: readonly Thumbnail[]): void {
  if (added.length === 0) return;
  const all = [...videoStore.getState().thumbnails, ...added];
  const surplus = all.splice(0, all.length - MOST);
  videoStore.setState({ thumbnails: all });
  for (const { bitmap } of surplus) bitmap.close();
}

/** Asks for thumbnails of frames, in place of what the same asker wanted before. Those that are there are not made again. */
export function wantThumbnails(asker: Asker, frames: readonly number[]): void {
  wanted[asker] = frames;
  if (!isFetching) void fetchThumbnails();
}

/** The thumbnail of the frame nearest to `frame`. */
export function nearestThumbnail(thumbnails: readonly Thumbnail[], frame: number): Thumbnail | undefined {
  return thumbnails.reduce<Thumbnail | undefined>(
    (best, each) => (best && Math.abs(best.frame - frame) <= Math.abs(each.frame - frame) ? best : each),
    undefined,
  );
}

/** One at a time: while one is made, others may be wanted instead. */
async function fetchThumbnails(): Promise<void> {
  isFetching = true;
  for (;;) {
    const scanner = source;
    const frame = nextWanted();
    if (scanner === undefined || frame === undefined) break;
    try {
      const bitmap = await scanner.thumbnail(frame);
      if (scanner === source) addThumbnails([{ frame, bitmap }]);
      else bitmap.close();
    } catch {
      // A frame that cannot be decoded has no picture here either: the nearest one stands for it.
    }
  }
  isFetching = false;
}

/** Takes the next frame from what is wanted. */
function nextWanted(): number | undefined {
  const known = new Set(videoStore.getState().thumbnails.map(({ frame }) => frame));
  for (const asker of ['pointer', 'filmstrip'] as const) {
    const [next, ...others] = wanted[asker].filter((frame) => !known.has(frame));
    wanted[asker] = others;
    if (next !== undefined) return next;
  }
  return undefined;
}
