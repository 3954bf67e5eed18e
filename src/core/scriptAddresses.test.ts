import { expect, it } from 'vitest';
import { guardScriptAddresses } from './scriptAddresses.ts';

it('lets scripts come from the page’s own server only', () => {
  const made: Record<string, { createScriptURL: (address: string) => string }> = {};
  guardScriptAddresses({
    location: { origin: 'https://masklet.example', href: 'https://masklet.example/app/' },
    trustedTypes: {
      createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) =>
        (made[name] = rules),
    },
  });
  const judge = (address: string) => made['default']?.createScriptURL(address);
  expect(judge('assets/a.js')).toBe('https://masklet.example/app/assets/a.js');
  for (const address of [
    'https://masklet.example.evil/a.js',
    '//evil/a.js',
    'blob:https://masklet.example/0-1',
    'data:text/javascript,0',
    'javascript:0',
  ])
    expect(() => judge(address), address).toThrow('No script comes from');
});

it('does nothing where the browser has no such types', () => {
  expect(() => guardScriptAddresses({ location: { origin: '', href: '' } })).not.toThrow();
});
