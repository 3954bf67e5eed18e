import { describe, expect, it } from 'vitest';
import { tensor } from './graph.ts';
import { writeOnnx } from './onnxFile.ts';
import { createNodeRuntime } from './ortNode.ts';

const SQUARE_OF_SUM = writeOnnx({
  name: 'square of sum',
  inputs: [
    { name: 'a', dims: ['N', 2] },
    { name: 'b', dims: ['N', 2] },
  ],
  nodes: [
    { op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] },
    { op: 'Mul', inputs: ['sum', 'sum'], outputs: ['square'] },
    { op: 'Transpose', inputs: ['square'], outputs: ['turned'], attributes: { perm: [1, 0] } },
  ],
  outputs: [{ name: 'turned', dims: [2, 'N'] }],
});

const feeds = {
  a: tensor(Float32Array.of(1, 2, 3, 4), [2, 2]),
  b: tensor(Float32Array.of(1, 1, 1, 1), [2, 2]),
};

describe('ONNX files', () => {
  it('that we write run in ONNX Runtime', async () => {
    const session = await createNodeRuntime({ threads: 1 }).load('test', SQUARE_OF_SUM);
    const { turned } = await session.run(feeds, ['turned']);
    expect(turned).toEqual({ dims: [2, 2], data: Float32Array.of(4, 16, 9, 25) });
  });

  it('that are damaged are refused by name', async () => {
    const load = createNodeRuntime({ threads: 1 }).load('mask decoder', SQUARE_OF_SUM.slice(0, 60));
    await expect(load).rejects.toMatchObject({
      code: 'model-failed',
      message: expect.stringContaining('mask decoder') as string,
    });
  });

  it('fail with the dims of the inputs, and go on after that', async () => {
    const runtime = createNodeRuntime({ threads: 1 });
    const session = await runtime.load('test', SQUARE_OF_SUM);
    const bad = { a: tensor(new Float32Array(3), [1, 3]), b: feeds.b };
    await expect(session.run(bad, ['turned'])).rejects.toMatchObject({
      message: expect.stringContaining('a [1, 3]') as string,
    });
    expect((await session.run(feeds, ['turned'])).turned.dims).toEqual([2, 2]);
    await session.dispose();
    await session.dispose();
    expect(runtime.stats.sessions).toBe(0);
    await expect(session.run(feeds, ['turned'])).rejects.toMatchObject({ code: 'disposed' });
  });
});
