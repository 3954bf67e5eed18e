import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../core/rle.ts';
import { announce, announcementsStore, describeChange } from './announcements.ts';
import { EMPTY_DOCUMENT, withNewObject, withoutObject } from '../../document/document.ts';
import { pendingDecodes, withPrompts, withSegmentation } from '../../document/promptedMasks.ts';
import { commit, jump, mapHistory, newHistory, redo, undo } from '../../document/history.ts';

const empty = newHistory(EMPTY_DOCUMENT);
const point = { x: 10.4, y: 20, label: 1 } as const;
const pointed = commit(
  empty,
  withPrompts(withNewObject(EMPTY_DOCUMENT).document, 1, 3, { points: [point] }),
  'add point',
);
const edited = (prompts: Parameters<typeof withPrompts>[3]) =>
  describeChange(pointed, commit(pointed, withPrompts(pointed.present, 1, 3, prompts), 'edit'));

describe('describeChange', () => {
  it('says what was said of an object, and where', () => {
    expect(describeChange(empty, pointed)).toBe('Point added at 10, 20. Object 1, frame 3.');
    expect(edited({ points: [point, { x: 1, y: 2, label: 0 }] })).toContain('Take-away point at 1, 2.');
    expect(edited({ points: [{ ...point, x: 11 }] })).toContain('Point moved to 11, 20.');
    expect(edited({ points: [] })).toContain('Point removed.');
    expect(edited({ points: [point], box: { x0: 1, y0: 2, x1: 3, y1: 4 } })).toContain(
      'Box from 1, 2 to 3, 4.',
    );
  });

  it('says how much of the frame a mask covers when it comes', () => {
    const [pending] = pendingDecodes(pointed.present);
    const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
    const masked = mapHistory(pointed, (document) =>
      withSegmentation(document, pending!, { mask, score: 1 }),
    );
    expect(describeChange(pointed, masked)).toBe('The mask of Object 1 covers 25 % of frame 3.');
  });

  it('says what was undone and redone, added and deleted', () => {
    const undone = undo(pointed);
    expect(describeChange(pointed, undone)).toBe('Undone: Add point on frame 3, Object 1.');
    expect(describeChange(undone, redo(undone))).toBe('Redone: Add point on frame 3, Object 1.');
    const two = commit(pointed, withNewObject(pointed.present).document, 'add object');
    expect(describeChange(pointed, two)).toBe('Object 2 added.');
    const one = commit(two, withoutObject(two.present, 1), 'delete object');
    expect(describeChange(two, one)).toBe('Object 1 deleted.');
    expect(describeChange(one, one)).toBeUndefined();
    expect(describeChange(one, jump(one, 0))).toBe('3 steps undone.');
    expect(describeChange(jump(one, 0), one)).toBe('3 steps redone.');
  });
});

describe('announce', () => {
  const texts = () => announcementsStore.getState().log.map(({ text }) => text);

  it('loses no message that another one follows at once', () => {
    announce('Point added.');
    announce('The mask covers 3 %.');
    announce('The mask covers 3 %.');
    expect(texts().slice(-3)).toEqual(['Point added.', 'The mask covers 3 %.', 'The mask covers 3 %.']);
  });

  it('drops a place that the crosshair has left', () => {
    announce('Box begun at 10, 20.');
    announce('11, 20', 'crosshair');
    announce('12, 20', 'crosshair');
    expect(texts().slice(-2)).toEqual(['Box begun at 10, 20.', '12, 20']);
  });

  it('keeps the log short', () => {
    for (let i = 0; i < 100; i++) announce(`${i}`);
    expect(texts().length).toBeLessThan(50);
    expect(texts().at(-1)).toBe('99');
  });
});
