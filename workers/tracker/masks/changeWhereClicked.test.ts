import { expect, it } from 'vitest';
import { decodeRle, encodeRle, type MaskRle } from '../../../src/core/rle.ts';
import { changeWhereClicked } from './changeWhereClicked.ts';

const SIZE = { width: 6, height: 4 };

/** # object, anything else background. */
function mask(...rows: string[]): MaskRle {
  return encodeRle(
    Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0)),
    SIZE,
  );
}

function rows(of: MaskRle): string[] {
  const cells = Array.from(decodeRle(of), (cell) => (cell === 1 ? '#' : '.')).join('');
  return Array.from({ length: SIZE.height }, (_, y) => cells.slice(y * SIZE.width, (y + 1) * SIZE.width));
}

const before = mask('##....', '##....', '##....', '##..##');
/** A part more at the right, a part less below on the left, and the part on the right below is gone. */
const after = mask('##..#.', '##...#', '......', '......');

it('changes nothing where nobody clicked', () => {
  expect(changeWhereClicked(before, after, [])).toEqual(before);
});

it('adds the part that a click that adds is in, corner to corner', () => {
  const found = changeWhereClicked(before, after, [{ x: 4.5, y: 0.5, label: 1 }]);
  expect(rows(found)).toEqual(['##..#.', '##...#', '##....', '##..##']);
});

it('takes away the part that a click that takes away is in', () => {
  const found = changeWhereClicked(before, after, [{ x: 0.2, y: 3.9, label: 0 }]);
  expect(rows(found)).toEqual(['##....', '##....', '......', '....##']);
});

it('takes a click that adds for none that takes away, and leaves clicks beside all parts', () => {
  const clicks = [
    { x: 0.5, y: 3.5, label: 1 },
    { x: 4.5, y: 0.5, label: 0 },
    { x: 3, y: 2, label: 1 },
    { x: 99, y: -1, label: 1 },
  ] as const;
  expect(changeWhereClicked(before, after, clicks)).toEqual(before);
});

it('is the other mask where every part is clicked', () => {
  const clicks = [
    { x: 5.5, y: 1.5, label: 1 },
    { x: 1.5, y: 2.5, label: 0 },
    { x: 5.5, y: 3.5, label: 0 },
  ] as const;
  expect(changeWhereClicked(before, after, clicks)).toEqual(after);
});
