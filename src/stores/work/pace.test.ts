import { beforeEach, expect, it } from 'vitest';
import { modelStore } from '../model/modelStore.ts';
import { longRunOf, notePace, noteReading } from './pace.ts';

const device = { kind: 'wasm', label: 'CPU' } as const;

function useModel(id: string): void {
  modelStore.setState({
    phase: 'ready',
    model: { id, name: id, family: 'embedded', device, weightBytes: 1, fromCache: true },
  });
}

let models = 0;
beforeEach(() => useModel(`model ${models++}`));

it('a run is long where it takes over five minutes at the pace of the last one', () => {
  expect(longRunOf(100_000), 'nothing is known').toBeUndefined();
  notePace(2);
  expect(longRunOf(150)).toBeUndefined();
  expect(longRunOf(151)).toEqual({ frames: 151, seconds: 302, framesInTime: 150 });
  notePace(400);
  expect(longRunOf(1)).toMatchObject({ framesInTime: 1 });
  useModel('another');
  expect(longRunOf(151)).toBeUndefined();
});

it('before the first run, the shortest reading of a frame that was not at hand says it', () => {
  noteReading(6);
  noteReading(3);
  noteReading(5);
  noteReading(0.001);
  expect(longRunOf(200)?.seconds).toBe(600);
  notePace(1);
  noteReading(3);
  expect(longRunOf(200)).toBeUndefined();
});
