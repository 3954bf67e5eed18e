import { expect, it, vi } from 'vitest';
import type { GraphRuntime, GraphSession, Tensor } from './graph.ts';
import { computesHalf, isHalfRight } from './halfCheck.ts';
import { createNodeRuntime } from './ortNode.ts';

const runtime = createNodeRuntime({ threads: 1 });

/** The same runtime, with results changed. */
function changed(change: (values: Float32Array, name: string) => void): GraphRuntime {
  return {
    ...{ tensors: runtime.tensors, stats: runtime.stats, dispose: () => undefined },
    load: async (...given) => {
      const session = await runtime.load(...given);
      const run = async (...feeds: Parameters<GraphSession['run']>) => {
        const results: Record<string, Tensor> = await session.run(...feeds);
        for (const [name, { data }] of Object.entries(results)) change(data, name);
        return results;
      };
      return { ...session, run };
    },
  };
}

it('half precision is right where it is computed as it should be', async () => {
  expect(await isHalfRight(runtime)).toBe(true);
});

it.each(['dense', 'convolved'])('it is not where a kernel is wrong: %s', async (wrong) => {
  const off = changed((values, name) => name === wrong && values.fill(0, 0, values.length / 8));
  expect(await isHalfRight(off)).toBe(false);
});

it('it is not where something is no number, or fails', async () => {
  expect(await isHalfRight(changed((values) => values.fill(NaN, 7, 8)))).toBe(false);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const failing = changed(() => {
    throw new Error('The shader is not valid.');
  });
  expect(await isHalfRight(failing)).toBe(false);
  expect(runtime.stats.sessions).toBe(0);
  warn.mockRestore();
});

it('a GPU on which nothing starts does not compute in it', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(await computesHalf(() => Promise.reject(new Error('The device is lost.')))).toBe(false);
  warn.mockRestore();
});
