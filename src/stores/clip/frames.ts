import { toMaskletError } from '../../core/errors.ts';
import type { Size } from '../../core/geometry.ts';
import { FrameFeed } from './frameFeed.ts';
import { playbackStore } from './playbackStore.ts';
import { restarts } from '../workers/restarts.ts';
import { videoStore } from './videoStore.ts';
import { player } from '../workers/workers.ts';

type Sink = (frame: number, picture: ImageBitmap) => void | Promise<void>;

let sink: Sink | undefined;
let prepare: ((frame: number) => Promise<void>) | undefined;

const feed = new FrameFeed<ImageBitmap>({
  request: async (frame) => {
    const { clip } = videoStore.getState();
    const asked = clip && clip.file === undefined ? emptyPicture(clip.info) : player.frame(frame);
    const [picture] = await Promise.all([asked, prepare?.(frame)]);
    return picture;
  },
  draw: (frame, picture) => sink?.(frame, picture),
  shown: (frame) => {
    restarts.player.succeeded();
    if (sink !== undefined) playbackStore.setState({ shownFrame: frame, frameError: undefined });
  },
  fail: (frame, thrown) => {
    const { code, message } = toMaskletError(thrown);
    // After a crash, the frame is asked for again once the clip is open in the new worker.
    if (code !== 'worker-crashed') playbackStore.setState({ frameError: { frame, message } });
  },
});

/**
 * Makes `draw` the place where frames are drawn; it says when that is done. The picture is closed then, unless it was transferred.
 * Returns what ends that.
 */
export function connectStage(draw: Sink): () => void {
  sink = draw;
  refreshFrame();
  return () => {
    if (sink === draw) sink = undefined;
  };
}

/** Has `work` done for each frame before it is drawn; it must not fail. Returns what ends that. */
export function prepareFrames(work: (frame: number) => Promise<void>): () => void {
  prepare = work;
  return () => (prepare = undefined);
}

/** What the stage shows of a clip whose video is not there: masks on black. */
function emptyPicture({ width, height }: Size): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  context?.fillRect(0, 0, width, height);
  return createImageBitmap(canvas);
}

/** Asks for the frame at the playhead again. */
export function refreshFrame(): void {
  const { clip, phase } = videoStore.getState();
  if (clip !== undefined && phase === 'ready') feed.want(playbackStore.getState().frame);
}

/** Forgets requests that were made of another clip or of a worker that died. */
export function resetFrames(): void {
  feed.reset();
}

/** Fetches the frame whenever the playhead moves. */
export function watchPlayhead(): () => void {
  return playbackStore.subscribe((state, before) => {
    if (state.frame !== before.frame) refreshFrame();
  });
}
