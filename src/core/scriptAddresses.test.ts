import { expect, it } from 'vitest';
import { guardScriptAddresses } from './scriptAddresses.ts';

const OWN_BLOB = 'blob:https://masklet.example/0-1';

/** What the policy says of an address, in a window or a worker. */
function judgeIn(place: { document?: object }) {
  const made: Record<string, { createScriptURL: (address: string) => string }> = {};
  guardScriptAddresses({
    ...place,
    location: { origin: 'https://masklet.example', href: 'https://masklet.example/app/' },
    trustedTypes: {
      createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) =>
        (made[name] = rules),
    },
  });
  return (address: string) => made['default']?.createScriptURL(address);
}

it('lets scripts come from the page’s own server only', () => {
  const judge = judgeIn({ document: {} });
  expect(judge('assets/a.js')).toBe('https://masklet.example/app/assets/a.js');
  for (const address of [
    'https://masklet.example.evil/a.js',
    '//evil/a.js',
    OWN_BLOB,
    'data:text/javascript,0',
    'javascript:0',
  ])
    expect(() => judge(address), address).toThrow('No script comes from');
});

it('lets a worker start what it made itself', () => {
  const judge = judgeIn({});
  expect(judge(OWN_BLOB)).toBe(OWN_BLOB);
  expect(() => judge('blob:https://evil.example/0-1')).toThrow('No script comes from');
});

it('does nothing where the browser has no such types', () => {
  expect(() => guardScriptAddresses({ location: { origin: '', href: '' } })).not.toThrow();
});
