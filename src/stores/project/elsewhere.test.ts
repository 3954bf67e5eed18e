import { beforeEach, expect, it, vi } from 'vitest';
import { MaskletError } from '../../core/errors.ts';
import { encodeRle } from '../../core/rle.ts';
import type { OpenedProject, ProjectEntry, WaitingThing } from '../../core/protocol/project.ts';
import type { AlikeEvent, AlikeRequest } from '../../core/protocol/segmenter.ts';
import { EMPTY_DOCUMENT, withName } from '../../document/document.ts';
import { withMaskObject } from '../../document/promptedMasks.ts';
import { newHistory } from '../../document/history.ts';
import { changesOf } from '../../document/saved/changes.ts';
import { statesOf } from '../../document/saved/states.ts';
import { videoStore } from '../clip/videoStore.ts';
import { modelStore } from '../model/modelStore.ts';
import { noticesStore } from '../page/noticesStore.ts';
import { commitDocument, resetObjects, workOn } from '../work/objectsStore.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { project, segmenter } from '../workers/workers.ts';
import { allowElsewhere, findElsewhere, stopElsewhere } from './elsewhere.ts';
import { elsewhereStore, type Outcome } from './elsewhereStore.ts';
import * as videos from './findVideo.ts';
import { projectStore } from './projectStore.ts';
import * as storage from './storage.ts';

const SIZE = { width: 2, height: 1 };
const mask = encodeRle(Uint8Array.of(1, 0), SIZE);
const model = { id: 'embedded', version: '0.2.0' };
const found = (score = 0.8) => ({ id: 1, mask, area: 1, score, model });
const kept = new Map<string, readonly WaitingThing[]>();

/** Of a project: what was done in it, and what waits in it. */
function opened(waiting: readonly WaitingThing[] = []): OpenedProject {
  const { isNew: _, ...history } = changesOf(undefined, statesOf(newHistory(EMPTY_DOCUMENT), 0));
  const rows = { objects: [], prompts: [], masks: [], settings: history.settings.put };
  const clip = { kind: 'video' as const, codec: 'x', ...SIZE, frameCount: 8, duration: 1 };
  return {
    facts: {
      ...{ name: '', clipName: '', fingerprint: null, model: null, picture: null },
      clip: { ...clip, timestamps: new Float64Array(8) },
    },
    history: { ...history, ...rows },
    ...{ view: undefined, scan: undefined, doubts: undefined, runs: [], waiting, losses: [] },
  };
}

const entry = (id: string): ProjectEntry => ({
  ...{ id, name: `clip ${id}`, picture: null, frameCount: 8, duration: 1, changedAt: 0 },
  ...{ bytes: 0, videoBytes: 0, waiting: 0, isOpen: false },
});

/** Has a search find something on each frame whose number `isOn` takes. */
function finds(isOn: (frame: number) => boolean) {
  return vi.spyOn(segmenter, 'alike').mockImplementation(async function* ({ places }: AlikeRequest) {
    for (const [at, { frame }] of places.entries()) {
      const event: AlikeEvent = {
        frame,
        found: isOn(frame) ? [found()] : [],
        doneFrames: at + 1,
        totalFrames: 4,
      };
      yield await Promise.resolve(event);
    }
  });
}

const outcomes = () => {
  const state = elsewhereStore.getState();
  return state.phase === 'off' ? [] : state.clips.map(({ id, outcome }): [string, Outcome] => [id, outcome]);
};

beforeEach(() => {
  vi.restoreAllMocks();
  kept.clear();
  noticesStore.setState({ notices: [] });
  resetObjects();
  const { document } = withMaskObject(EMPTY_DOCUMENT, 0, mask);
  commitDocument(withName(document, 1, 'Ball'), 'ball');
  workOn(1);
  const device = { kind: 'wasm' as const, label: 'CPU' };
  const model = { id: 'a', name: 'A', family: 'embedded' as const, device, weightBytes: 0, fromCache: true };
  modelStore.setState({ phase: 'ready', model }, true);
  videoStore.setState({ modelClip: 'ready' });
  trackingStore.setState({ phase: 'idle' }, true);
  projectStore.setState({ id: 'own', waiting: [] });
  vi.spyOn(storage, 'hasStorage').mockResolvedValue(true);
  vi.spyOn(project, 'list').mockResolvedValue(['own', 'b', 'c'].map(entry));
  vi.spyOn(project, 'look').mockResolvedValue(opened());
  vi.spyOn(project, 'keepWaiting').mockImplementation((id, things) => {
    kept.set(id, things);
    return Promise.resolve();
  });
  vi.spyOn(videos, 'findVideo').mockResolvedValue({ file: new Blob(), video: { kind: 'here' } });
  const look = Float32Array.of(1);
  vi.spyOn(segmenter, 'appearance').mockResolvedValue({ look, mean: look, share: 0.5 });
});

it('what is found in the clips of other projects waits there, by the object’s name, beside what waited by another', async () => {
  const cup = { frame: 0, mask, score: 0.7, name: 'Cup' };
  vi.mocked(project.look).mockResolvedValue(opened([cup, { ...cup, name: 'Ball' }]));
  finds((frame) => frame === 3);
  await findElsewhere();
  expect(elsewhereStore.getState()).toMatchObject({ phase: 'ended', name: 'Ball' });
  expect(outcomes()).toEqual([
    ['b', { kind: 'done', found: 1 }],
    ['c', { kind: 'done', found: 1 }],
  ]);
  expect(kept.get('b')).toEqual([cup, { frame: 3, mask, score: 0.8, name: 'Ball', model }]);
  expect([...kept.keys()]).toEqual(['b', 'c']);
});

it('a clip that cannot be looked in is left out and says why; the others are looked in', async () => {
  vi.mocked(videos.findVideo).mockResolvedValueOnce({ file: undefined, video: { kind: 'missing' } });
  finds(() => false);
  await findElsewhere();
  expect(outcomes()).toEqual([
    ['b', { kind: 'left out', why: 'Its video is not at hand: open it, and choose the video.' }],
    ['c', { kind: 'done', found: 0 }],
  ]);
  vi.mocked(project.look).mockRejectedValueOnce(new MaskletError('project-busy', 'Another tab has it.'));
  await findElsewhere();
  expect(outcomes()[0]).toEqual(['b', { kind: 'left out', why: 'Another tab has it.' }]);
  const large = encodeRle(Uint8Array.of(1, 0, 0), { width: 3, height: 1 });
  vi.mocked(segmenter.alike).mockImplementationOnce(async function* () {
    yield await Promise.resolve({
      frame: 1,
      found: [{ ...found(), mask: large }],
      doneFrames: 1,
      totalFrames: 1,
    });
  });
  await findElsewhere();
  expect(outcomes()[0]?.[1]).toMatchObject({ kind: 'left out' });
  expect(kept.size).toBe(0);
});

/** Has each of some projects' videos ask once before it may be read. Gives the handles' answers, by project. */
function ask(...ids: readonly string[]) {
  const answers = new Map(ids.map((id) => [id, vi.fn<() => Promise<PermissionState>>()]));
  const allowed = new Set<string>();
  vi.mocked(videos.findVideo).mockImplementation((id) => {
    const answer = answers.get(id);
    if (answer === undefined || allowed.has(id))
      return Promise.resolve({ file: new Blob(), video: { kind: 'here' } });
    const requestPermission = async () => {
      const state = await answer();
      if (state === 'granted') allowed.add(id);
      return state;
    };
    const handle = { requestPermission } as unknown as FileSystemFileHandle;
    return Promise.resolve({ file: undefined, video: { kind: 'asks', handle } });
  });
  return answers;
}

it('a clip whose video has to be allowed asks, and is looked in once it is allowed, also when the search has ended', async () => {
  const answers = ask('b');
  finds((frame) => frame === 1);
  await findElsewhere();
  expect(outcomes().map(([, { kind }]) => kind)).toEqual(['asks', 'done']);
  expect(elsewhereStore.getState().phase).toBe('ended');

  answers.get('b')?.mockResolvedValue('granted');
  const phases: string[] = [];
  const end = elsewhereStore.subscribe(({ phase }) => phases.push(phase));
  await allowElsewhere('b');
  end();
  expect(phases).toContain('looking');
  expect(outcomes()[0]).toEqual(['b', { kind: 'done', found: 1 }]);
  expect(elsewhereStore.getState().phase).toBe('ended');
  expect(kept.get('b')).toHaveLength(1);
});

it('a clip that is allowed while others are looked in is looked in after them; one that is refused is left out', async () => {
  const answers = ask('b', 'c');
  vi.mocked(project.list).mockResolvedValue(['own', 'b', 'c', 'd'].map(entry));
  answers.get('b')?.mockResolvedValue('granted');
  answers.get('c')?.mockResolvedValue('denied');
  const look = finds(() => false);
  vi.mocked(project.look).mockImplementationOnce(async () => {
    await Promise.all([allowElsewhere('b'), allowElsewhere('c')]);
    return opened();
  });
  await findElsewhere();
  expect(outcomes().map(([, { kind }]) => kind)).toEqual(['done', 'left out', 'done']);
  expect(look).toHaveBeenCalledTimes(2);
});

it('a clip that is allowed by two clicks is looked in once', async () => {
  const answers = ask('b');
  const look = finds(() => false);
  await findElsewhere();
  const before = look.mock.calls.length;
  answers.get('b')?.mockResolvedValue('granted');
  await Promise.all([allowElsewhere('b'), allowElsewhere('b')]);
  expect(outcomes()[0]).toEqual(['b', { kind: 'done', found: 0 }]);
  expect(look.mock.calls.length - before).toBe(1);
});

it('a clip that is allowed after the search was stopped is looked in alone', async () => {
  const answers = ask('b');
  answers.get('b')?.mockResolvedValue('granted');
  vi.mocked(project.list).mockResolvedValue(['own', 'b', 'c', 'd'].map(entry));
  finds(() => false);
  vi.mocked(project.look).mockImplementationOnce(() => {
    stopElsewhere();
    return Promise.resolve(opened());
  });
  await findElsewhere();
  await allowElsewhere('b');
  expect(outcomes().map(([, { kind }]) => kind)).toEqual(['done', 'to do', 'to do']);
});

it('stopped, it keeps what was found so far', async () => {
  finds((frame) => frame === 1);
  vi.mocked(project.look)
    .mockResolvedValueOnce(opened())
    .mockImplementationOnce(() => {
      stopElsewhere();
      return Promise.resolve(opened());
    });
  await findElsewhere();
  expect([...kept.keys()]).toContain('b');
  expect(elsewhereStore.getState().phase).toBe('ended');
  expect(outcomes()[0]).toEqual(['b', { kind: 'done', found: 1 }]);
  expect(noticesStore.getState().notices).toEqual([]);
});

it('waits while a run goes on, and ends where another model is chosen', async () => {
  finds(() => false);
  const running = {
    ...{ phase: 'running' as const, follow: true, doneFrames: 0, totalFrames: 1, framesPerSecond: 1 },
    ...{ purpose: 'track' as const, secondsLeft: undefined, differing: 0, lookingOn: undefined },
  };
  trackingStore.setState(running, true);
  const search = findElsewhere();
  await vi.waitFor(() => expect(elsewhereStore.getState().phase).toBe('waiting'));
  expect(segmenter.alike).not.toHaveBeenCalled();
  trackingStore.setState({ phase: 'idle' }, true);
  await search;
  expect(outcomes().map(([, { kind }]) => kind)).toEqual(['done', 'done']);

  vi.mocked(project.look).mockImplementationOnce(() => {
    const state = modelStore.getState();
    if (state.phase === 'ready') modelStore.setState({ ...state, model: { ...state.model, id: 'b' } }, true);
    return Promise.resolve(opened());
  });
  await findElsewhere();
  expect(outcomes().map(([, { kind }]) => kind)).toEqual(['done', 'to do']);
  expect(noticesStore.getState().notices[0]?.message).toContain('Another model was chosen');
});

it('what is found in the clip that is open meanwhile waits on the page', async () => {
  finds((frame) => frame === 5);
  vi.mocked(project.look).mockImplementation((id) => {
    projectStore.setState({ id });
    return Promise.resolve(opened());
  });
  await findElsewhere();
  expect(projectStore.getState()).toMatchObject({ id: 'c', waiting: [{ frame: 5, name: 'Ball' }] });
});
