import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import '../../../src/app/theme.css';
import { isSoft, PLAIN_EDGE, type EdgeSettings } from '../../../src/core/edges/edgeSettings.ts';
import { subtractCensus } from '../../../src/core/census.ts';
import { Stage } from '../../../src/components/Stage/Stage.tsx';
import type { FrameMask } from '../../../src/core/frameMask.ts';
import { MaskTrack } from '../../../src/core/maskTrack.ts';
import { encodeColumns, type MaskRle } from '../../../src/core/rle.ts';
import type { Size } from '../../../src/core/geometry.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../../../src/document/document.ts';
import { watchPlayhead } from '../../../src/stores/clip/frames.ts';
import { newHistory } from '../../../src/document/history.ts';
import { shownMasks } from '../../../src/stores/stage/drawnMasks.ts';
import { checkGpuEdges, gpuEdgesStore } from '../../../src/stores/stage/gpuEdges.ts';
import { setLook } from '../../../src/stores/stage/lookStore.ts';
import { setEdgeOfAll } from '../../../src/stores/work/edgeStore.ts';
import { objectsStore } from '../../../src/stores/work/objectsStore.ts';
import { openSample } from '../../../src/stores/clip/openClip.ts';
import { SAMPLES } from '../../../src/stores/clip/samples.ts';
import { playbackStore, setFrame } from '../../../src/stores/clip/playbackStore.ts';
import { stageStore, startStage } from '../../../src/stores/stage/stageStore.ts';
import { player, stage } from '../../../src/stores/workers/workers.ts';
import { videoStore } from '../../../src/stores/clip/videoStore.ts';
import type { EdgeCosts, StageContent } from '../stageContent.ts';

/** Frames after which an object is back where it was. */
const ROUND = 24;

/** A blob that goes round the middle of its part of the frame. */
function blob({ width, height }: Size, object: number, objects: number, frame: number): MaskRle {
  const turn = (2 * Math.PI * (frame % ROUND)) / ROUND;
  const centre = {
    x: ((object + 0.5) / objects) * width + 20 * Math.cos(turn),
    y: height / 2 + (object % 2 === 0 ? 1 : -1) * 0.2 * height + 20 * Math.sin(turn),
  };
  const radius = { x: (0.45 * width) / objects, y: 0.25 * height };
  return encodeColumns({ width, height }, (x, column) => {
    const across = (x - centre.x) / radius.x;
    const wave = 1 + 0.05 * Math.sin(x / 3);
    const half = radius.y * wave * Math.sqrt(Math.max(0, 1 - across * across));
    const clamp = (y: number) => Math.min(Math.max(Math.round(y), 0), height);
    column.fill(0);
    column.fill(1, clamp(centre.y - half), clamp(centre.y + half));
  });
}

function paintedDocument(size: Size, frameCount: number, objects: number): MaskDocument {
  let document: MaskDocument = EMPTY_DOCUMENT;
  for (let i = 0; i < objects; i++) ({ document } = withNewObject(document));
  return {
    ...document,
    objects: document.objects.map((object, at) => {
      const round = Array.from({ length: ROUND }, (_, frame) => blob(size, at, objects, frame));
      const masks = Array.from({ length: frameCount }, (_, frame): [number, FrameMask] => {
        const mask = round[frame % ROUND] ?? blob(size, at, objects, frame);
        return [frame, { mask, status: 'tracked', score: 0.9 }];
      });
      return { ...object, track: MaskTrack.EMPTY.with(masks) };
    }),
  };
}

/** Waits until a store's state is as wanted. */
function until<State>(
  store: { getState(): State; subscribe(listener: (state: State) => void): () => void },
  isWanted: (state: State) => boolean,
): Promise<void> {
  return new Promise((done) => {
    const check = (state: State) => {
      if (!isWanted(state)) return;
      end();
      done();
    };
    const end = store.subscribe(check);
    check(store.getState());
  });
}

/** Opens the sample on a stage without the rest of the page, drawn as the page's address says. */
async function openStage(): Promise<void> {
  watchPlayhead();
  void startStage();
  if (new URLSearchParams(location.search).get('stage') === 'software')
    await until(stageStore, ({ renderer }) => renderer === 'gpu');
  openSample(SAMPLES[0]);
  await until(videoStore, ({ phase }) => phase === 'ready');
  const { clip } = videoStore.getState();
  const root = document.getElementById('root');
  if (!clip || !root) throw new Error('There is no clip, or no element with the id root.');
  createRoot(root).render(createElement(Stage, { clip }));
  await until(playbackStore, ({ shownFrame }) => shownFrame === 0);
  await until(videoStore, ({ scannedFrames }) => scannedFrames === clip.info.frameCount);
}

/** Puts objects on every frame. */
async function fillStage({ objects, look }: StageContent): Promise<void> {
  const info = videoStore.getState().clip?.info;
  if (info === undefined) throw new Error('No clip is open.');
  objectsStore.setState({
    history: newHistory(paintedDocument(info, info.frameCount, objects)),
    selectedId: 1,
  });
  setLook(look);
  setFrame(0);
  await until(playbackStore, ({ shownFrame }) => shownFrame === 0);
}

/** Shows the clip's first frames, each once the one before is on the stage: none is dropped, however busy the machine is. */
async function showFrames(count: number): Promise<void> {
  for (let frame = 1; frame <= count; frame++) {
    setFrame(frame);
    await until(playbackStore, ({ shownFrame }) => shownFrame === frame);
  }
}

/** What the edges of the objects that are there cost, by who makes them: means over the clip's first frames. */
async function measureEdges(edge: Partial<EdgeSettings>, frames: number): Promise<EdgeCosts> {
  setEdgeOfAll({ ...PLAIN_EDGE, ...edge });
  await checkGpuEdges();
  if (gpuEdgesStore.getState().phase !== 'ready') throw new Error('The GPU does not make edges.');
  setFrame(0);
  await until(playbackStore, ({ shownFrame }) => shownFrame === 0);
  const before = await stage.census();
  const shown = performance.now();
  await showFrames(frames);
  const gpuMs = (performance.now() - shown) / frames;
  const { dispatches, bytesUp, bytesDown } = subtractCensus(await stage.census(), before);
  const begun = performance.now();
  for (let frame = 1; frame <= frames; frame++) {
    const masks = shownMasks(frame).map(({ entry, edge: own, neighbours }) => ({
      ...{ mask: entry.mask, edge: own, neighbours },
    }));
    await player.edges(
      frame,
      masks,
      masks.some((mask) => isSoft(mask.edge)),
    );
  }
  return {
    cpuMs: (performance.now() - begun) / frames,
    gpuMs,
    dispatches: dispatches / frames,
    bytesUp: bytesUp / frames,
    bytesDown: bytesDown / frames,
  };
}

Object.assign(window, { openStage, fillStage, showFrames, measureEdges });
