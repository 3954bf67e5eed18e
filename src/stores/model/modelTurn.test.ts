import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_PROMPTS } from '../../core/prompts.ts';
import { videoStore } from '../clip/videoStore.ts';
import { changePrompts, resetObjects } from '../work/objectsStore.ts';
import { proposalsStore } from '../work/proposalsStore.ts';
import { trackingStore } from '../work/trackingStore.ts';
import { modelStore } from './modelStore.ts';
import { mayUseModel, onModelTurn, type ModelUse } from './modelTurn.ts';
import { modelWorkStore } from './modelWorkStore.ts';

const ALL: readonly ModelUse[] = ['tracking', 'prompts', 'proposals', 'preparing', 'preview', 'elsewhere'];
const device = { kind: 'wasm' as const, label: 'CPU' };
const model = { id: 'a', name: 'A', family: 'embedded' as const, device, weightBytes: 0, fromCache: true };
const noProgress = {
  ...{ doneFrames: 0, totalFrames: undefined, framesPerSecond: undefined },
  ...{ purpose: 'track' as const, secondsLeft: undefined, differing: 0, lookingOn: undefined },
};

const nothing = () => undefined;
const track = () => trackingStore.setState({ phase: 'running', follow: true, ...noProgress }, true);
const click = () => changePrompts(0, 'click', () => ({ ...NO_PROMPTS, points: [{ x: 1, y: 1, label: 1 }] }));
const decode = () =>
  modelWorkStore.setState({ decoding: { objectId: 1, frame: 0, prompts: { ...NO_PROMPTS } } });
const find = () =>
  proposalsStore.setState(
    { phase: 'finding', frame: 0, like: undefined, done: undefined, proposals: [], pointedId: undefined },
    true,
  );
const found = () => {
  find();
  proposalsStore.setState({ phase: 'found' });
};
const prepare = (phase: 'waiting' | 'reading') => modelWorkStore.setState({ preparing: { phase, frame: 0 } });

beforeEach(() => {
  modelStore.setState({ phase: 'ready', model }, true);
  videoStore.setState({ modelClip: 'ready' });
  trackingStore.setState({ phase: 'idle' }, true);
  proposalsStore.setState({ phase: 'off' }, true);
  modelWorkStore.setState({ decoding: undefined, preparing: undefined });
  resetObjects();
});

describe('who may use the model', () => {
  it.each<[string, () => void, readonly ModelUse[]]>([
    ['nothing wants it', nothing, ALL],
    ['a run goes on', track, ['tracking', 'prompts']],
    ['prompts wait for their mask', click, ['tracking', 'prompts', 'proposals']],
    ['a mask is decoded', decode, ['tracking', 'prompts', 'proposals']],
    ['proposals are looked for', find, ['tracking', 'prompts', 'proposals']],
    ['proposals have been found', found, ALL],
    ['a frame is about to be prepared', () => prepare('waiting'), ALL],
    ['a frame is prepared', () => prepare('reading'), ['tracking', 'prompts', 'proposals', 'preparing']],
    ['there is no model', () => modelStore.setState({ phase: 'cancelled' }, true), []],
    ['the model lacks the clip', () => videoStore.setState({ modelClip: 'none' }), []],
  ])('where %s', (_, change, may) => {
    change();
    expect(ALL.filter(mayUseModel)).toEqual(may);
  });

  it.each<[string, () => void]>([
    ['a run', track],
    ['prompts', click],
    ['a decode', decode],
    ['proposals', find],
    ['preparing', () => prepare('reading')],
    ['the model', () => modelStore.setState({ phase: 'cancelled' }, true)],
    ['the clip', () => videoStore.setState({ modelClip: 'none' })],
  ])('is told anew when %s may have changed it', (_, change) => {
    const listener = vi.fn();
    const end = onModelTurn(listener);
    change();
    expect(listener).toHaveBeenCalled();
    listener.mockClear();
    end();
    change();
    expect(listener).not.toHaveBeenCalled();
  });
});
