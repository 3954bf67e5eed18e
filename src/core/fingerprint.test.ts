import { expect, it } from 'vitest';
import { fingerprintOf, videoDifferences } from './fingerprint.ts';

const clip = {
  ...{ kind: 'video' as const, width: 2, height: 2, codec: 'avc1' },
  ...{ frameCount: 24, timestamps: new Float64Array(24), duration: 1 },
};

it('says in what a video differs from the one that is wanted', async () => {
  const bytes = new Uint8Array(3 << 20).fill(7);
  const known = async (change: (bytes: Uint8Array) => void, size = bytes.length) => {
    const other = bytes.slice(0, size);
    change(other);
    return { fingerprint: await fingerprintOf(new Blob([other])), clip };
  };
  const wanted = await known(() => undefined);
  expect(videoDifferences(wanted, wanted)).toEqual([]);
  expect(videoDifferences(wanted, await known((other) => (other[5] = 0)))).toEqual([
    'its beginning is different',
  ]);
  expect(videoDifferences(wanted, await known((other) => (other[(3 << 20) - 5] = 0)))).toEqual([
    'its end is different',
  ]);
  const shorter = await known(() => undefined, 100);
  expect(videoDifferences(wanted, { ...shorter, clip: { ...clip, frameCount: 23, duration: 0.5 } })).toEqual([
    'it has 23 frames, not 24 frames',
    'it lasts 0.50 s, not 1.00 s',
    'it has 100 bytes, not 3145728 bytes',
  ]);
});
