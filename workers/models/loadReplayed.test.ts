import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { gpuFailure } from '../gpu/gpuFailure.ts';
import type { GraphSession } from './graph.ts';
import { loadReplayed } from './loadReplayed.ts';

const warn = vi.spyOn(console, 'warn');
beforeEach(() => warn.mockReset().mockImplementation(() => undefined));
afterAll(() => warn.mockRestore());

const FILE = new Uint8Array();

function session(isReplayed: boolean) {
  return { isReplayed, dispose: vi.fn(() => Promise.resolve()) };
}
const loading = (outcome: () => Promise<unknown>) =>
  loadReplayed({ load: vi.fn(outcome as () => Promise<GraphSession>) }, 'replayed step', FILE, {});

it('gives a session that is replayed, and lets go of one that is not', async () => {
  const replayed = session(true);
  expect(await loading(async () => replayed)).toBe(replayed);
  expect(replayed.dispose).not.toHaveBeenCalled();
  const plain = session(false);
  expect(await loading(async () => plain)).toBeUndefined();
  expect(plain.dispose).toHaveBeenCalledOnce();
  expect(warn).not.toHaveBeenCalled();
});

it('one that cannot be loaded is done without, and the console says so', async () => {
  const cause = new Error('an operator is unknown');
  expect(await loading(() => Promise.reject(cause))).toBeUndefined();
  expect(warn.mock.calls).toEqual([[expect.stringContaining('“replayed step” is not replayed'), cause]]);
});

it.each(['gpu-lost', 'gpu-memory', 'gpu-failed'] as const)(
  'a GPU that fails with %s is told',
  async (code) => {
    await expect(loading(() => Promise.reject(gpuFailure(code, '')))).rejects.toMatchObject({ code });
    expect(warn).not.toHaveBeenCalled();
  },
);
