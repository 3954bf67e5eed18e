import { toMaskletError } from '../core/errors.ts';
import { coloredStyle, lineScale } from '../core/looks.ts';
import { parseColor } from '../core/objectColors.ts';
import type { Pane, SceneView, StageScene } from '../core/stageScene.ts';
import { brushStore } from './brushStore.ts';
import { areSameMasks, masksToDraw, type DrawnMask } from './drawnMasks.ts';
import { connectStage } from './frames.ts';
import { lookStore, type LookState } from './lookStore.ts';
import { objectsStore } from './objectsStore.ts';
import { playbackStore } from './playbackStore.ts';
import { leaveGpu, stageStore } from './stageStore.ts';
import { stage } from './workers.ts';

/** What a scene is made of, to see whether it has changed. */
interface Content {
  readonly masks: readonly DrawnMask[];
  readonly look: LookState;
  readonly view: SceneView;
}

/** The frame whose picture the worker has: its masks are drawn, whatever the playhead does. */
let frame: number | undefined;
let view: SceneView | undefined;
/** What was last sent; nothing where it must be sent again. */
let sent: Content | undefined;
let drawings = 0;

/** Has the worker draw a pane on a canvas that nothing was drawn on. */
export function connectPane(pane: Pane, canvas: HTMLCanvasElement): void {
  stage.connect(pane, canvas).catch(fail);
  sent = undefined;
  refresh();
}

/** Shows frames in another way. */
export function setSceneView(shown: SceneView): void {
  view = shown;
  refresh();
}

/** Draws every frame that arrives, and whatever changes on it, on the panes. Returns what ends that. */
export function drawOnGpu(): () => void {
  const stores = [playbackStore, objectsStore, brushStore, lookStore];
  const ends = stores.map((store) => store.subscribe(refresh));
  ends.push(
    connectStage((index, picture) => {
      frame = index;
      return draw(picture);
    }),
  );
  return () => ends.forEach((end) => end());
}

/**
 * Draws what has changed of the frame that is shown. One drawing at a time: what changes meanwhile is drawn after it, and only as it
 * is then.
 */
function refresh(): void {
  if (drawings > 0 || playbackStore.getState().shownFrame === undefined) return;
  const content = contentNow();
  if (content && !(sent && isSame(content, sent))) void draw();
}

async function draw(picture?: ImageBitmap): Promise<void> {
  const content = contentNow();
  if (content === undefined) return;
  sent = content;
  drawings++;
  try {
    await stage.draw(sceneOf(content), picture);
  } catch (thrown) {
    fail(thrown);
  } finally {
    drawings--;
  }
  refresh();
}

/** Nothing where there is nothing to draw, or nobody who would. */
function contentNow(): Content | undefined {
  if (frame === undefined || view === undefined || stageStore.getState().renderer !== 'gpu') return undefined;
  return { masks: masksToDraw(frame), look: lookStore.getState(), view };
}

function isSame(a: Content, b: Content): boolean {
  return a.look === b.look && a.view === b.view && areSameMasks(a.masks, b.masks);
}

function sceneOf({ masks, look: { look, opacity, background }, view: shown }: Content): StageScene {
  return {
    look,
    masks: masks.map(({ entry, color, isSelected }) => ({
      mask: entry.mask,
      style: coloredStyle({ color, isSelected, isStale: entry.status === 'stale' }, look, opacity),
    })),
    lines: lineScale(look, shown.scale),
    background: parseColor(background),
    view: shown,
  };
}

function fail(thrown: unknown): void {
  leaveGpu(toMaskletError(thrown).message);
}
