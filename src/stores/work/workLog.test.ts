import { beforeEach, expect, it, vi } from 'vitest';
import { EMPTY_DOCUMENT } from '../../document/document.ts';
import { withMaskObject } from '../../document/promptedMasks.ts';
import { encodeRle } from '../../core/rle.ts';
import { videoStore } from '../clip/videoStore.ts';
import { addObject, changePrompts, commitDocument, currentDocument, resetObjects } from './objectsStore.ts';
import { forgetLog, logSaved, logWork, noteInput, waitingLog } from './workLog.ts';

const INFO = {
  ...{ kind: 'video' as const, codec: 'none', width: 2, height: 2 },
  ...{ frameCount: 4, timestamps: new Float64Array(4), duration: 1 },
};

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  videoStore.setState({ clip: { name: 'a', file: new Blob(), info: INFO } });
  resetObjects();
  forgetLog();
});

/** Moves the pointer for some seconds. */
function work(seconds: number): void {
  for (let second = 0; second <= seconds; second++) {
    noteInput(Date.now());
    if (second < seconds) vi.advanceTimersByTime(1000);
  }
}

it('tells time at work from time away', () => {
  work(5);
  logWork('command', 'play');
  vi.advanceTimersByTime(10 * 60_000);
  work(3);
  logWork('command', 'undo');
  expect(waitingLog().map(({ active }) => active)).toEqual([5000, 3000]);
});

it('has each step with its object, but neither runs nor what changes nothing', () => {
  addObject();
  changePrompts(2, 'add point', () => ({ points: [{ x: 1, y: 1, label: 1 }] }));
  commitDocument(currentDocument(), 'rename');
  commitDocument({ ...currentDocument(), trackRun: 7 }, 'track');
  const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
  const many = [0, 1].reduce((next) => withMaskObject(next, 0, mask).document, currentDocument());
  commitDocument(many, 'keep all objects');
  expect(waitingLog().map(({ what, object, detail }) => [what, object, detail])).toEqual([
    ['add object', 1, null],
    ['add point', 1, null],
    ['keep all objects', null, '2 objects'],
  ]);
});

it('holds what is done while the rest is saved', () => {
  logWork('seek', 'frame');
  const [first] = waitingLog();
  logWork('seek', 'frame');
  logSaved([first!]);
  expect(waitingLog()).toEqual([{ ...first, count: 2 }]);
  logSaved(waitingLog());
  logWork('seek', 'frame');
  expect(waitingLog()[0]!.at).toBeGreaterThan(first!.at);
});

it('has nothing while no clip is open', () => {
  videoStore.setState({ clip: undefined });
  logWork('command', 'models');
  commitDocument(
    withMaskObject(EMPTY_DOCUMENT, 0, encodeRle(Uint8Array.of(1), { width: 1, height: 1 })).document,
    'x',
  );
  expect(waitingLog()).toEqual([]);
});
