import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../../../src/app/App.tsx';
import '../../../src/app/theme.css';
import type { ClipInfo } from '../../../src/core/clip.ts';
import type { FrameMask } from '../../../src/core/frameMask.ts';
import { MaskTrack } from '../../../src/core/maskTrack.ts';
import { encodeRle } from '../../../src/core/rle.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../../../src/document/document.ts';
import { newHistory } from '../../../src/document/history.ts';
import { amendDocuments, objectsStore } from '../../../src/stores/work/objectsStore.ts';
import { setFrame } from '../../../src/stores/clip/playbackStore.ts';
import { scrollTimeline, zoomTimeline } from '../../../src/stores/clip/timelineStore.ts';
import { withTrackedFrame, type TrackRun } from '../../../src/document/trackedFrame.ts';
import { videoStore } from '../../../src/stores/clip/videoStore.ts';
import type { GestureTimes, TimelineSize } from '../timelineTimes.ts';

const CLIP_SIZE = { width: 16, height: 9 };
const MASK = encodeRle(new Uint8Array(16 * 9).fill(1, 40, 60), CLIP_SIZE);

/** Every frame of every object has a mask; each part of a track has some that are stale or absent. */
function fullDocument({ frames, objects }: TimelineSize, trackRun: number): MaskDocument {
  let document: MaskDocument = { ...EMPTY_DOCUMENT, trackRun };
  for (let i = 0; i < objects; i++) ({ document } = withNewObject(document));
  const statuses = ['tracked', 'tracked', 'tracked', 'stale', 'absent'] as const;
  const entry = (frame: number, id: number): FrameMask => ({
    mask: MASK,
    status: statuses[Math.floor(frame / 100 + id) % statuses.length] ?? 'tracked',
    score: ((frame * 7 + id * 13) % 100) / 100,
  });
  return {
    ...document,
    objects: document.objects.map((object) => ({
      ...object,
      track: MaskTrack.EMPTY.with(
        Array.from({ length: frames }, (_, i) => [i, entry(i, object.id)] as const),
      ),
    })),
  };
}

/** Milliseconds from a change of the state until the frame that shows it has been handed to the screen, for each of `count`. */
async function timeEach(count: number, change: (i: number) => void): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    await new Promise<void>((done) => {
      requestAnimationFrame(() => {
        const begun = performance.now();
        change(i);
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            port1.close();
            done();
          };
          times.push(performance.now() - begun);
          port2.postMessage(undefined);
        });
      });
    });
  }
  return times;
}

/** Fills the page, and makes each gesture `count` times. */
async function timeline(size: TimelineSize, count: number): Promise<GestureTimes[]> {
  const { frames, objects } = size;
  const longTasks: number[] = [];
  const observer = new PerformanceObserver((list) =>
    longTasks.push(...list.getEntries().map(({ duration }) => duration)),
  );
  const info: ClipInfo = {
    kind: 'video',
    ...CLIP_SIZE,
    frameCount: frames,
    timestamps: Float64Array.from({ length: frames }, (_, i) => i / 25),
    duration: frames / 25,
    codec: 'painted',
  };
  videoStore.setState({ phase: 'ready', clip: { name: 'long', file: new Blob(), info } });
  const run: TrackRun = {
    ...{ id: 1, isCheck: false },
    request: { objects: [], settings: EMPTY_DOCUMENT.settings },
  };
  const document = fullDocument(size, run.id);
  objectsStore.setState({ history: newHistory(document), selectedId: 1 });
  const followed: TrackRun = {
    ...run,
    request: {
      ...run.request,
      objects: document.objects.map(({ id, prompts }) => ({ objectId: id, prompts })),
    },
  };
  const root = globalThis.document.getElementById('root');
  if (!root) throw new Error('index.html has no element with the id root.');
  createRoot(root).render(createElement(App));
  await timeEach(5, (i) => setFrame(i));
  const rows = globalThis.document.getElementById('timeline-rows');

  const results: GestureTimes[] = [];
  const gesture = async (name: string, change: (i: number) => void) => {
    longTasks.length = 0;
    observer.observe({ type: 'longtask' });
    const times = await timeEach(count, change);
    longTasks.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    results.push({ name, ...size, times, longTasks: [...longTasks] });
  };
  await gesture('scrub', (i) => setFrame(Math.floor(((i * 37) % count) * (frames / count))));
  await gesture('a tracked frame of all objects', (i) => {
    const tracked = { mask: MASK, score: 0.9, status: 'tracked' } as const;
    const event = {
      frame: i,
      objects: Array.from({ length: objects }, (_, id) => ({ objectId: id + 1, ...tracked })),
      doneFrames: i + 1,
      totalFrames: frames,
    };
    amendDocuments((each) => withTrackedFrame(each, followed, event));
    setFrame(i);
  });
  await gesture('scroll the lanes', (i) => rows?.scrollTo({ top: i * 20 }));
  await gesture('zoom the timeline in', (i) => zoomTimeline(i === 0 ? 1e-6 : 1.1));
  await gesture('scroll the zoomed timeline', () => scrollTimeline(-50));
  return results;
}

Object.assign(window, { timeline });
