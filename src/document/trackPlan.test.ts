import { describe, expect, it } from 'vitest';
import type { FrameStatus } from '../core/frameMask.ts';
import { MaskTrack } from '../core/maskTrack.ts';
import type { FramePrompts } from '../core/prompts.ts';
import { emptyRle, encodeRle } from '../core/rle.ts';
import type { MaskObject } from './document.ts';
import { planCheck } from './checkPlan.ts';
import { comesToNewShot, planTracking, type TrackPlan, type TrackScope, type TrackWay } from './trackPlan.ts';

const FRAMES = 20;
const MASK = encodeRle(Uint8Array.of(1, 1, 1, 1), { width: 2, height: 2 });
const EMPTY = emptyRle(MASK);
const PROMPT: FramePrompts = { points: [{ x: 1, y: 1, label: 1 }] };
const WHOLE: TrackScope = {
  frameCount: FRAMES,
  range: { first: 0, last: FRAMES - 1 },
  playhead: 0,
  selectedId: undefined,
  shots: [],
};

/**
 * @param lane one letter a frame: `P`rompted, `c`licked and tracked before, `t`racked, `b` tracked backward, `a`bsent, `s`tale,
 * `.` nothing, `L` tracked and locked
 */
function object(lane: string, id = 1): MaskObject {
  const frames = Array.from(lane, (letter, frame) => ({ letter, frame }));
  const statuses: Record<string, FrameStatus> = {
    ...{ P: 'prompted', t: 'tracked', b: 'tracked', c: 'tracked', a: 'absent', L: 'tracked', s: 'stale' },
  };
  const prompts = new Map(
    frames.flatMap(({ letter, frame }) => (/[Pc]/.test(letter) ? [[frame, PROMPT]] : [])),
  );
  return {
    ...{ id, name: 'a', color: '#000000', prompts, decoded: prompts },
    track: MaskTrack.EMPTY.with(
      frames.flatMap(({ letter, frame }) => {
        const status = statuses[letter];
        const mask = status === 'absent' ? EMPTY : MASK;
        const origin = letter === 'b' ? { origin: FRAMES } : {};
        return status ? [[frame, { mask, status, score: 1, ...origin }] as const] : [];
      }),
    ),
    locked: frames.flatMap(({ letter, frame }) => (letter === 'L' ? [{ first: frame, last: frame }] : [])),
  };
}

const objectsOf = (lanes: string | string[]) =>
  [lanes].flat().map((lane, i) => object(lane.padEnd(FRAMES, '.'), i + 1));

function plan(
  lanes: string | string[],
  { way = 'needed', ...scope }: Partial<TrackScope> & { way?: TrackWay } = {},
) {
  return described(planTracking(objectsOf(lanes), way, { ...WHOLE, ...scope }));
}

/** Spans as `first>last`, with the frames that each is reminded of. */
function described({ objects: planned, isCut }: TrackPlan) {
  const lines = planned.map(({ objectId, spans = [] }) => [
    objectId,
    ...spans.map(({ direction, first, last, behind }) =>
      [`${first}${direction === 'forward' ? '>' : '<'}${last}`, ...behind.map(({ frame }) => frame)].join(
        ' ',
      ),
    ),
  ]);
  return isCut ? [...lines, 'cut'] : lines;
}

describe('what a run has to do', () => {
  it('is the whole clip after the first prompt, on both sides of it', () => {
    expect(plan('...P')).toEqual([[1, '4>19', '2<0']]);
  });

  it('is only the object with something to do', () => {
    expect(plan(['P'.padEnd(FRAMES, 't'), 'P'])).toEqual([[2, '1>19']]);
  });

  it('is of one object only where that is asked for', () => {
    expect(plan(['P', 'P'], { way: 'object', selectedId: 2 })).toEqual([[2, '1>19']]);
    const done = 'P'.padEnd(FRAMES, 't');
    expect(plan([done, 'P'], { way: 'object', selectedId: 1 }), 'anew').toEqual([[1, '0>19']]);
  });

  it('leads from a correction outward', () => {
    expect(plan('Ptttt' + 'P'.padEnd(15, 's'))).toEqual([[1, '6>19 4 3 2 1']]);
    expect(plan('ssP' + 'ttP'.padEnd(17, 't'))).toEqual([[1, '1<0 3 4 6 7 8 9']]);
  });

  it('goes on where a run was cancelled, reminded of the tracked masks there', () => {
    expect(plan('Pttttttttt')).toEqual([[1, '10>19 9 8 7 6 5 4']]);
    expect(plan('PttPtt')).toEqual([[1, '6>19 5 4 2 1']]);
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
    expect(plan('.........P', { way: 'backward', playhead: 4 })).toEqual([[1, '3<0']]);
    expect(plan('...L.....P', { way: 'backward', playhead: 8 })).toEqual([[1, '7<4']]);
  });

  it('what has nothing behind it is tracked from the nearest prompt or mask', () => {
    expect(plan('P', { way: 'backward', playhead: 4 })).toEqual([[1, '1>3']]);
    expect(plan('P', { way: 'stepBack', playhead: 3 })).toEqual([[1, '1>2']]);
    expect(plan('....P', { way: 'step', playhead: 0 })).toEqual([[1, '3<1']]);
    expect(plan('....P', { way: 'forward', playhead: 1 })).toEqual([[1, '3<2', '5>19']]);
    expect(plan('Ptt', { way: 'stepBack', playhead: 6 })).toEqual([[1, '3>5 2 1']]);
    expect(plan('Psa', { way: 'stepBack', playhead: 4 })).toEqual([[1, '1>3']]);
    expect(plan('P..L....', { way: 'backward', playhead: 8 })).toEqual([[1, '4>7 3']]);
    expect(plan('P', { way: 'backward', playhead: 4, shots: [2] })).toEqual([[1, '1>1'], 'cut']);
  });

  it('nothing is tracked past a locked frame that has no mask', () => {
    const [empty] = objectsOf('P.....');
    const locked = { ...empty!, locked: [{ first: 2, last: 2 }] };
    expect(planTracking([locked], 'stepBack', { ...WHOLE, playhead: 5 }).objects).toEqual([]);
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

  it('a step back is the frame before', () => {
    expect(plan('ssttP', { way: 'stepBack', playhead: 2 })).toEqual([[1, '1<1 2 3']]);
    expect(plan('.LP', { way: 'stepBack', playhead: 2 })).toEqual([]);
    expect(plan('P', { way: 'stepBack', playhead: 0 })).toEqual([]);
  });
});

describe('a check', () => {
  const check = (lanes: string | string[], scope: Partial<TrackScope> = {}) =>
    described(planCheck(objectsOf(lanes), { ...WHOLE, selectedId: 1, ...scope }));

  it('goes back from the last tracked mask, or from the prompt there', () => {
    expect(check('Ptttt')).toEqual([[1, '3<1 4']]);
    expect(check('PtttPtt')).toEqual([[1, '3<1', '5<5 6']]);
    expect(check('bbbP')).toEqual([[1, '1>2 0']]);
    expect(check('bbP' + 'ttP')).toEqual([[1, '1>1 0', '4<3']]);
  });

  it('sets out from the last frame that has the object, and checks what it lacks on the way', () => {
    expect(check('Pttattaa')).toEqual([[1, '4<1 5']]);
    expect(check('Paaa')).toEqual([]);
  });

  it('is for tracked frames of the selected object only: not stale, locked, or out of the range', () => {
    expect(check(['Pttt', 'Pttt'], { selectedId: 2 })).toEqual([[2, '2<1 3']]);
    expect(check('Ptttss')).toEqual([[1, '2<1 3']]);
    expect(check('PttLtt')).toEqual([[1, '1<1 2', '4<4 5']]);
    expect(check('Pttctt')).toEqual([[1, '2<1', '4<4 5']]);
    expect(check('Pttttt', { range: { first: 2, last: 4 } })).toEqual([[1, '3<2 4']]);
    expect(check('Pt')).toEqual([]);
    expect(check('Pttt', { selectedId: undefined })).toEqual([]);
  });

  it('checks each shot by itself', () => {
    expect(check('PttttPt', { shots: [3] })).toEqual([[1, '1<1 2', '4<3']]);
    expect(check('PtttPt', { shots: [4] })).toEqual([[1, '2<1 3']]);
    expect(check('PbbbP', { shots: [1] })).toEqual([[1, '2>3 1']]);
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
