import { afterEach, describe, expect, it } from 'vitest';
import { RULES, switchOff, TUNED, type Rule } from './tuned.ts';

const rules = Object.keys(RULES) as Rule[];
const all = { ...TUNED };
let switchOn = () => {};

afterEach(() => switchOn());

describe('a rule', () => {
  it.each(rules)('%s is off with other numbers, and on again', (rule) => {
    switchOn = switchOff([rule]);
    for (const [name, neutral] of Object.entries(RULES[rule])) {
      expect(TUNED).toHaveProperty(name, neutral);
      expect(all).not.toHaveProperty(name, neutral);
    }
    switchOn();
    expect(TUNED).toEqual(all);
  });

  it('is switched off beside others', () => {
    switchOn = switchOff(['favour', 'lead']);
    expect(TUNED).toEqual({ ...all, favour: 0, lead: 0 });
  });
});
