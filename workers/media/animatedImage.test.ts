import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { animates } from './animatedImage.ts';
import { imageKind } from './imageKind.ts';

const read = (name: string) => new Uint8Array(readFileSync(`e2e/fixtures/${name}`));

it.each([
  ['animated.gif', true],
  ['animated.webp', true],
  ['animated.png', true],
  ['animated.avif', true],
  ['image.png', false],
  ['image.jpg', false],
  ['image.webp', false],
  ['image.avif', false],
])('%s: %s', (name, expected) => {
  const bytes = read(name);
  expect(animates(bytes, imageKind(bytes)!)).toBe(expected);
});

it('a GIF of one picture is a still, and so is one that is cut off within it', () => {
  const bytes = read('animated.gif');
  const second = bytes.findIndex((byte, at) => at > 900 && byte === 0x21 && bytes[at + 1] === 0xf9);
  expect(animates(bytes.subarray(0, second), 'image/gif')).toBe(false);
  expect(animates(bytes.subarray(0, 820), 'image/gif')).toBe(false);
});

it('bytes that only begin like an image end the search', () => {
  for (const kind of ['image/gif', 'image/png', 'image/webp', 'image/avif'] as const)
    expect(animates(new Uint8Array(16), kind)).toBe(false);
});
