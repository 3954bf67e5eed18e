import { hasShape, isSoft } from '../../core/edges/edgeSettings.ts';
import { toMaskletError } from '../../core/errors.ts';
import { coloredStyle, isColored, lineScale } from '../../core/looks.ts';
import { parseColor } from '../../core/objectColors.ts';
import type { Pane, SceneView, StageScene } from '../../core/stageScene.ts';
import { brushStore } from '../work/brushStore.ts';
import { areSameMasks, frameToDraw, type DrawnFrame } from './drawnMasks.ts';
import { edgedMasksStore } from './edgedMasks.ts';
import { connectStage } from '../clip/frames.ts';
import { lookStore, type LookState } from './lookStore.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { playbackStore, shownFor } from '../clip/playbackStore.ts';
import { EdgePace } from './edgePace.ts';
import { gpuEdgesStore, gpuMakesEdges } from './gpuEdges.ts';
import { SceneFeed } from './sceneFeed.ts';
import { leaveGpu, stageStore } from './stageStore.ts';
import { edgeStore } from '../work/edgeStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { stage } from '../workers/workers.ts';

/** What a scene is made of, to see whether it has changed. */
interface Content {
  readonly drawn: DrawnFrame;
  readonly look: LookState;
  readonly view: SceneView;
  /** Whether the GPU makes the edges soft. */
  readonly isSoft: boolean;
  /** Whether it gives the masks their shapes. */
  readonly isShaped: boolean;
}

const pace = new EdgePace();
let view: SceneView | undefined;

const feed = new SceneFeed<Content, ImageBitmap>({
  content: (frame) => (view && stageStore.getState().renderer === 'gpu' ? contentOf(frame, view) : undefined),
  isSame,
  draw,
  fail,
});

/** Has the worker draw a pane on a canvas that nothing was drawn on. */
export function connectPane(pane: Pane, canvas: HTMLCanvasElement): void {
  stage.connect(pane, canvas).catch(fail);
  feed.redraw();
}

/** Shows frames in another way. */
export function setSceneView(shown: SceneView): void {
  view = shown;
  feed.refresh();
}

/** Draws every frame that arrives, and whatever changes on it, on the panes. Returns what ends that. */
export function drawOnGpu(): () => void {
  const stores = [objectsStore, brushStore, edgeStore, lookStore, edgedMasksStore, gpuEdgesStore];
  const ends = [
    ...stores.map((store) => store.subscribe(() => feed.refresh())),
    playbackStore.subscribe((state, before) => {
      if (state.shownFrame === undefined && before.shownFrame !== undefined) feed.reset();
      if (state.playing === before.playing) return;
      if (state.playing) pace.begin();
      else feed.refresh();
    }),
    connectStage((frame, picture) => feed.show(frame, picture)),
  ];
  return () => ends.forEach((end) => end());
}

function isSame(a: Content, b: Content): boolean {
  return (
    a.look === b.look &&
    a.view === b.view &&
    a.isSoft === b.isSoft &&
    a.isShaped === b.isShaped &&
    areSameMasks(a.drawn, b.drawn)
  );
}

/** While a clip plays, the GPU makes edges only as far as that keeps up. */
function contentOf(frame: number, shown: SceneView): Content {
  const drawn = frameToDraw(frame);
  const look = lookStore.getState();
  const size = videoStore.getState().clip?.info;
  const makesEdges =
    size !== undefined &&
    gpuMakesEdges(size) &&
    (!playbackStore.getState().playing || pace.keepsUp(shownFor(frame)));
  return {
    ...{ drawn, look, view: shown },
    isSoft: makesEdges && !isColored(look.look),
    isShaped: makesEdges && !drawn.isShaped,
  };
}

async function draw(content: Content, picture?: ImageBitmap): Promise<void> {
  const begun = performance.now();
  if (await stage.draw(sceneOf(content), picture)) pace.record(performance.now() - begun);
}

function sceneOf({
  drawn: { masks, cutOut },
  look: { look, opacity, background },
  view: shown,
  isSoft: makesSoft,
  isShaped: makesShapes,
}: Content): StageScene {
  return {
    look,
    ...(cutOut && !isColored(look) && { cutOut }),
    masks: masks.map(({ entry, mask, edge, neighbours, color, isSelected }) => ({
      mask,
      ...(makesShapes && hasShape(edge) && { shape: { edge, neighbours } }),
      ...(makesSoft && isSoft(edge) && { edge }),
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
