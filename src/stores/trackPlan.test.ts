import { describe, expect, it } from 'vitest';
import { MaskTrack, type FrameStatus } from '../core/maskTrack.ts';
import type { FramePrompts } from '../core/prompts.ts';
import { encodeRle } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import { comesToNewShot, planTracking, type TrackScope } from './trackPlan.ts';

const FRAMES = 20;
const MASK = encodeRle(Uint8Array.of(1, 1, 1, 1), { width: 2, height: 2 });
const PROMPT: FramePrompts = { points: [{ x: 1, y: 1, label: 1 }] };
const WHOLE: TrackScope = {
  way: 'needed',
  frameCount: FRAMES,
  range: { first: 0, last: FRAMES - 1 },
  playhead: 0,
  selectedId: undefined,
  shots: [],
};

/** @param lane one letter a frame: `P`rompted, `t`racked, `s`tale, `.` nothing, `L` tracked and locked */
function object(lane: string, id = 1): MaskObject {
  const frames = Array.from(lane, (letter, frame) => ({ letter, frame }));
  const statuses: Record<string, FrameStatus> = { P: 'prompted', t: 'tracked', L: 'tracked', s: 'stale' };
  const prompts = new Map(frames.flatMap(({ letter, frame }) => (letter === 'P' ? [[frame, PROMPT]] : [])));
  return {
    ...{ id, name: 'a', color: '#000000', prompts, decoded: prompts },
    track: MaskTrack.EMPTY.with(
      frames.flatMap(({ letter, frame }) => {
        const status = statuses[letter];
        return status ? [[frame, { mask: MASK, status, score: 1 }] as const] : [];
      }),
    ),
    locked: frames.flatMap(({ letter, frame }) => (letter === 'L' ? [{ first: frame, last: frame }] : [])),
  };
}

/** Spans as `first>last`, with the frames that each is reminded of. */
function plan(lanes: string | string[], scope: Partial<TrackScope> = {}) {
  const objects = [lanes].flat().map((lane, i) => object(lane.padEnd(FRAMES, '.'), i + 1));
  const { objects: planned, isCut } = planTracking(objects, { ...WHOLE, ...scope });
  const described = planned.map(({ objectId, spans = [] }) => [
    objectId,
    ...spans.map(({ direction, first, last, behind }) =>
      [`${first}${direction === 'forward' ? '>' : '<'}${last}`, ...behind.map(({ frame }) => frame)].join(
        ' ',
      ),
    ),
  ]);
  return isCut ? [...described, 'cut'] : described;
}

describe('what a run has to do', () => {
  it('is the whole clip after the first prompt, on both sides of it', () => {
    expect(plan('...P')).toEqual([[1, '4>19', '2<0']]);
  });

  it('is only the object with something to do', () => {
    expect(plan(['P'.padEnd(FRAMES, 't'), 'P'])).toEqual([[2, '1>19']]);
  });

  it('leads from a correction outward', () => {
    expect(plan('Ptttt' + 'P'.padEnd(15, 's'))).toEqual([[1, '6>19']]);
    expect(plan('ssP' + 'ttP'.padEnd(17, 't'))).toEqual([[1, '1<0']]);
  });

  it('goes on where a run was cancelled, reminded of the masks there, as far as the nearest prompt', () => {
    expect(plan('Pttttttttt')).toEqual([[1, '10>19 9 8 7 6 5 4']]);
    expect(plan('PttPtt')).toEqual([[1, '6>19 5 4']]);
  });

  it('goes over prompts between stale frames in one span', () => {
    expect(plan('PsssPss'.padEnd(FRAMES, 't'))).toEqual([[1, '1>6']]);
  });

  it('keeps to the range, and leaves locked frames alone', () => {
    expect(plan('..P', { range: { first: 1, last: 5 } })).toEqual([[1, '3>5', '1<1']]);
    expect(plan('PssLLss'.padEnd(FRAMES, 't'))).toEqual([[1, '1>2', '5>6 4 3']]);
    expect(plan('P'.padEnd(FRAMES, 'L'))).toEqual([[1, '0>0']]);
  });

  it('is all again where all is done', () => {
    const done = 'tP'.padEnd(FRAMES, 't');
    expect(plan([done, done])).toEqual([
      [1, '1>19', '0<0'],
      [2, '1>19', '0<0'],
    ]);
    expect(plan(done, { shots: [9] })).toEqual([[1, '1>19', '0<0']]);
    expect(plan('.'.repeat(FRAMES))).toEqual([]);
  });

  it('stops where a new shot begins, and goes on from there', () => {
    expect(plan('...P', { shots: [2, 9, 15] })).toEqual([[1, '4>8', '2<2'], 'cut']);
    expect(plan('Ptttttttt', { shots: [9] })).toEqual([[1, '9>19 8 7 6 5 4 3']]);
  });
});

describe('from the playhead', () => {
  const done = 'P'.padEnd(FRAMES, 't');

  it('a run goes to the end or the start, and stops at locked frames', () => {
    expect(plan('P', { way: 'forward', playhead: 4 })).toEqual([[1, '5>19']]);
    expect(plan('P...LL...', { way: 'forward', playhead: 1 })).toEqual([[1, '2>3']]);
    expect(plan('P', { way: 'backward', playhead: 4 })).toEqual([[1, '3<1']]);
    expect(plan('P..L....', { way: 'backward', playhead: 8 })).toEqual([[1, '7<4']]);
  });

  it('what is done is done anew for the selected object', () => {
    expect(plan([done, done], { way: 'forward', playhead: 16, selectedId: 2 })).toEqual([
      [2, '17>19 16 15 14 13 12 11'],
    ]);
    expect(plan(done, { way: 'backward', playhead: 3 })).toEqual([[1, '2<0 3 4 5 6 7 8']]);
  });

  it('a step is one frame', () => {
    expect(plan([done, 'Pttt'], { way: 'step', playhead: 3 })).toEqual([[2, '4>4 3 2 1']]);
    expect(plan(done, { way: 'step', playhead: 19 })).toEqual([]);
  });
});

describe('a shot change that is found during a run', () => {
  it('is come to from either side, once', () => {
    expect(comesToNewShot(10, 11, [12], [])).toBe(true);
    expect(comesToNewShot(9, 10, [12], [])).toBe(false);
    expect(comesToNewShot(13, 12, [12], [])).toBe(true);
    expect(comesToNewShot(11, 12, [12], [])).toBe(false);
  });

  it('does not count where it was known, or the run has just begun or turned', () => {
    expect(comesToNewShot(10, 11, [12], [12])).toBe(false);
    expect(comesToNewShot(undefined, 11, [12], [])).toBe(false);
    expect(comesToNewShot(20, 11, [12], [])).toBe(false);
  });
});
