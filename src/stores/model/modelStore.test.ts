import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelInfo } from '../../core/protocol/model.ts';
import { EMPTY_DOCUMENT, withNewObject } from '../../document/document.ts';
import { pendingDecodes } from '../../document/promptedMasks.ts';
import { point, prompted, runOf } from '../../document/testing/documents.ts';
import { commitDocument, currentDocument, undoStep } from '../work/objectsStore.ts';
import { DEFAULT_MODEL, loadModel, modelStore, takeModelEvent } from './modelStore.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { segmenter } from '../workers/workers.ts';

function modelOn(kind: 'webgpu' | 'wasm', id = 'sam2.1-tiny'): ModelInfo {
  const device = { kind, label: kind };
  return { id, name: id, family: 'sam2.1', device, weightBytes: 1, fromCache: true };
}

const load = vi.spyOn(segmenter, 'load').mockImplementation(async function* (id) {
  yield await Promise.resolve({ type: 'ready' as const, model: modelOn('webgpu', id) });
});

const notices = () => noticesStore.getState().notices.map(({ message }) => message);

beforeEach(async () => {
  noticesStore.setState({ notices: [] });
  await loadModel('sam2.1-tiny');
});

describe('a model that is started again by itself', () => {
  it('is not ready meanwhile, and then on its device, with a sentence', () => {
    takeModelEvent({ type: 'restarting' });
    expect(modelStore.getState()).toEqual({ phase: 'compiling', id: 'sam2.1-tiny' });
    takeModelEvent({ type: 'restarted', model: modelOn('wasm'), message: 'The processor goes on.' });
    expect(modelStore.getState()).toEqual({ phase: 'ready', model: modelOn('wasm') });
    expect(notices()).toEqual(['The processor goes on.']);
  });

  it('leaves the place to another one that a person has chosen meanwhile', async () => {
    takeModelEvent({ type: 'restarting' });
    const loading = loadModel('sam2.1-small');
    takeModelEvent({ type: 'restarted', model: modelOn('webgpu'), message: 'It was started again.' });
    expect(modelStore.getState()).toMatchObject({ phase: 'loading', id: 'sam2.1-small' });
    await loading;
    expect(modelStore.getState()).toMatchObject({ phase: 'ready', model: { id: 'sam2.1-small' } });
  });

  it('gives way to the embedded model where it cannot be', async () => {
    takeModelEvent({ type: 'restarting' });
    takeModelEvent({ type: 'failed', message: 'It does not fit.' });
    expect(notices()).toEqual(['It does not fit. The embedded model is used for now.']);
    expect(load).toHaveBeenLastCalledWith(DEFAULT_MODEL, expect.any(AbortSignal));
    await vi.waitFor(() =>
      expect(modelStore.getState()).toMatchObject({ phase: 'ready', model: { id: DEFAULT_MODEL } }),
    );
  });

  it('says that masks are made anew where the embedded model takes its place, and not where it comes back itself', async () => {
    const { document } = runOf(prompted(withNewObject(EMPTY_DOCUMENT).document, 3, point(1)));
    commitDocument(document, 'click');
    takeModelEvent({ type: 'restarting' });
    takeModelEvent({ type: 'restarted', model: modelOn('wasm'), message: 'The processor goes on.' });
    expect(currentDocument()).toBe(document);
    expect(notices()).toEqual(['The processor goes on.']);

    takeModelEvent({ type: 'restarting' });
    takeModelEvent({ type: 'failed', message: 'It does not fit.' });
    await vi.waitFor(() => expect(notices().at(-1)).toContain('makes the masks of prompted frames anew'));
    expect(pendingDecodes(currentDocument())).toMatchObject([{ objectId: 1, frame: 3 }]);
    undoStep();
    expect(currentDocument()).toBe(document);
  });
});
