import { expect, test } from 'vitest';
import { sha256 } from './sha256.ts';

test('is the hash that FIPS 180-4 states for three letters, with each byte in two digits', async () => {
  const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(hash);
});
