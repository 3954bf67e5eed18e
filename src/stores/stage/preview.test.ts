import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeRle } from '../../core/rle.ts';
import { modelStore } from '../model/modelStore.ts';
import { modelWorkStore } from '../model/modelWorkStore.ts';
import { resetObjects } from '../work/objectsStore.ts';
import { playbackStore, resetPlayback } from '../clip/playbackStore.ts';
import { endPreview, previewAt, previewStore, watchPreview } from './preview.ts';
import { setLabel, setTool } from '../page/uiStore.ts';
import { videoStore } from '../clip/videoStore.ts';
import { segmenter } from '../workers/workers.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
const device = { kind: 'wasm' as const, label: 'CPU' };
const model = { id: 'embedded', name: 'a', family: 'embedded' as const, device };

function openClip(): void {
  const info = {
    ...{ kind: 'image' as const, codec: 'none', width: 2, height: 2 },
    ...{ frameCount: 1, timestamps: new Float64Array(1), duration: 0 },
  };
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info }, modelClip: 'ready' });
  resetPlayback();
  playbackStore.setState({ shownFrame: 0 });
  modelWorkStore.setState({ preparedFrame: 0 });
}

let endWatch: () => void;

beforeEach(async () => {
  vi.spyOn(segmenter, 'segment').mockResolvedValue({ mask, score: 1 });
  modelStore.setState({ phase: 'ready', model: { ...model, weightBytes: 0, fromCache: true } }, true);
  setTool('click');
  setLabel(1);
  resetObjects();
  openClip();
  endWatch = watchPreview();
  previewAt({ x: 0.5, y: 0.5 });
  await vi.waitFor(() => expect(previewStore.getState().shown).toBeDefined());
});

afterEach(() => {
  endWatch();
  endPreview();
  vi.restoreAllMocks();
});

describe('a preview goes when a click would not get it any more', () => {
  it.each([
    ['another tool is taken', () => setTool('brush')],
    ['clicks take away', () => setLabel(0)],
    ['another model is loaded', () => modelStore.setState({ phase: 'compiling', id: 'b' }, true)],
  ])('as %s', (_, change) => {
    change();
    expect(previewStore.getState().shown).toBeUndefined();
  });

  it('nor is a point of one clip previewed on the next', async () => {
    previewAt({ x: 1, y: 1 });
    openClip();
    await new Promise((resolve) => setTimeout(resolve));
    expect(previewStore.getState().shown).toBeUndefined();
  });
});
