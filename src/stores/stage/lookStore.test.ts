import { expect, it } from 'vitest';
import { LOOKS } from '../../core/looks.ts';
import { cycleLook, lookStore } from './lookStore.ts';

it('the looks come one after the other, both ways, and round again', () => {
  const seen = LOOKS.map(() => {
    cycleLook(1);
    return lookStore.getState().look;
  });
  expect(seen).toEqual([...LOOKS.slice(1), LOOKS[0]]);
  cycleLook(-1);
  expect(lookStore.getState().look).toBe(LOOKS.at(-1));
});
