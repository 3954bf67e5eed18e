import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeHostedFolder, type ListedFile } from './hostedFolder.ts';
import { parseManifest, weightFiles } from './manifest.ts';

const read = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../public/models/${name}`, import.meta.url), 'utf8')) as unknown;

describe('the catalogue', async () => {
  const catalogue = Object.entries((await read('catalogue.json')) as Record<string, string>);

  it.each(catalogue)(
    '%s is described under its id, with all that a person wants to know',
    async (id, path) => {
      const manifest = parseManifest(await read(path));
      expect(manifest.id).toBe(id);
      expect(manifest.about.length).toBeGreaterThan(20);
      expect(manifest.licence).toMatch(/^(MIT|Apache-2\.0)$/);
      const files = weightFiles(manifest, 'fp32') ?? weightFiles(manifest, 'fp16');
      expect(Object.keys(files ?? {}).length).toBeGreaterThan(1);
    },
  );

  it.each(catalogue.filter(([id]) => id !== 'embedded'))('%s is pinned to a revision', async (_, path) => {
    const { base } = parseManifest(await read(path));
    expect(base).toMatch(/^https:\/\/huggingface\.co\/[\w.-]+\/[\w.-]+\/resolve\/[0-9a-f]{40}\/$/);
  });
});

describe('a manifest', async () => {
  const good = (await read('sam2.1-tiny.json')) as Record<string, unknown>;

  it.each([
    ['format', { format: 'other' }],
    ['family', { family: 'sam3' }],
    ['contract', { contract: 'six' }],
    ['id', { id: '../embedded' }],
    ['licence', { licence: undefined }],
    ['image_size', { image_size: '1024' }],
    ['graphs', { graphs: {} }],
    [
      'mask_decoder',
      { graphs: { fp32: { ...(good.graphs as { fp32: object }).fp32, mask_decoder: undefined } } },
    ],
    ['tensors.vision_encoder', { tensors: {} }],
    ['file', { constants: { file: '../../secret', bytes: 3 } }],
    ['bytes', { constants: { file: 'constants.json', bytes: -1 } }],
    ['bytes', { constants: { file: 'constants.json', bytes: 2 ** 53 } }],
    ['sha256', { constants: { file: 'constants.json', bytes: 3, sha256: 'short' } }],
    ['image_size', { image_size: 0 }],
    ['image_size', { image_size: 1000 }],
    ['image_size', { image_size: 2 ** 53 }],
    ['name', { name: 'x'.repeat(2000) }],
    ['manifest', []],
  ])('with a wrong %s is refused, and the sentence says which part', (part, change) => {
    expect(() => parseManifest(Array.isArray(change) ? change : { ...good, ...change })).toThrow(part);
  });
});

describe('addresses and paths in a manifest', async () => {
  const good = (await read('sam2.1-tiny.json')) as Record<string, unknown>;

  it.each([
    '\\\\host\\share.onnx',
    '..\\constants.json',
    '../constants.json',
    'onnx/../../constants.json',
    '%2e%2e/constants.json',
    'onnx/%2e%2e%2fconstants.json',
    'data:application/json,{}',
    'https://host/constants.json',
    '//host/constants.json',
    '/constants.json',
    'onnx//constants.json',
    './constants.json',
    'C:constants.json',
    'constants.json?x#y',
    'constants\n.json',
    '',
  ])('a file at “%s” is refused', (file) => {
    const changed = { ...good, constants: { file, bytes: 3 } };
    expect(() => parseManifest(changed)).toThrow('constants: file');
  });

  it.each([
    'http://hub.example/models/',
    'https://hub.example/models',
    'https://name:secret@hub.example/',
    'https:\\\\hub.example/',
    '//hub.example/',
    '../',
    'file:///models/',
    'data:text/plain,/',
  ])('a base “%s” is refused', (at) => {
    expect(() => parseManifest({ ...good, base: at })).toThrow('base');
  });

  it.each(['', 'weights/', 'https://hub.example/models/', 'http://localhost:4000/models/'])(
    'a base “%s” is taken',
    (at) => expect(parseManifest({ ...good, base: at }).base).toBe(at),
  );

  it.each(['javascript:alert(1)', 'http://hub.example/', 'data:text/html,x', '/models', 3])(
    'a source %s is refused',
    (source) => expect(() => parseManifest({ ...good, source })).toThrow('source'),
  );
});

describe('the numbers of a manifest of Masklet’s contract', async () => {
  const path = new URL('../../fixtures/models/sam2.1-tiny-random/manifest.json', import.meta.url);
  const good = JSON.parse(await readFile(path, 'utf8')) as Record<string, Record<string, unknown>>;
  const constants = (place: object) => ({
    constants: { ...good['constants'], index: { image_mean: place } },
  });

  it('are taken as tools/export writes them', () => {
    expect(parseManifest(good)).toHaveProperty('rules.spatialMemories', 7);
  });

  it.each([
    ['hidden_size', { hidden_size: 1e9 }],
    ['memory_tokens', { memory_tokens: -1 }],
    ['memory_width', { memory_width: 0 }],
    ['query_parts', { query_parts: 2 ** 40 }],
    ['num_maskmem', { rules: { ...good['rules'], num_maskmem: 2 ** 31 } }],
    ['max_cond_frames', { rules: { ...good['rules'], max_cond_frames: -2 } }],
    ['key_bias_padding', { rules: { ...good['rules'], key_bias_padding: Infinity } }],
    ['image_mean', constants({ offset: -4, shape: [3] })],
    ['image_mean', constants({ offset: 0, shape: [2 ** 31, 2 ** 31] })],
    ['image_mean', constants({ offset: 0, shape: [-3] })],
    ['image_mean', constants({ offset: 0.5, shape: [3] })],
  ])('%s: out of range is refused', (part, change) => {
    expect(() => parseManifest({ ...good, ...change })).toThrow(part);
  });
});

describe('a folder of a hosted export', () => {
  const constants = { image_size: 512, model: 'facebook/sam2.1 tiny' };
  const graphs = ['vision_encoder', 'mask_decoder', 'memory_encoder', 'memory_attention', 'pointer_tpos'];
  const file = (path: string): ListedFile => ({ path, bytes: 7, sha256: '0'.repeat(64) });
  const files = [file('constants.json'), ...graphs.map((name) => file(`onnx/${name}.onnx`))];

  it('is described by what is in it', () => {
    const manifest = parseManifest(describeHostedFolder(constants, files));
    expect(manifest).toMatchObject({
      id: 'facebook-sam2.1-tiny',
      family: 'sam2.1',
      contract: 'hosted',
      imageSize: 512,
    });
    expect(weightFiles(manifest, 'fp32')).toHaveProperty('pointer_tpos.path', 'onnx/pointer_tpos.onnx');
    expect(weightFiles(manifest, 'fp16')).toBeUndefined();
  });

  it('may have twins in half precision', () => {
    const twins = files.map(({ path }) => file(path.replace('.onnx', '_fp16.onnx')));
    const manifest = parseManifest(describeHostedFolder(constants, [...files, ...twins.slice(1)]));
    expect(weightFiles(manifest, 'fp16')).toHaveProperty(
      'vision_encoder.path',
      'onnx/vision_encoder_fp16.onnx',
    );
  });

  it('may compute in half precision without saying so in its names', () => {
    const halves = files.map((each) => ({ ...each, isHalf: each.path.endsWith('.onnx') }));
    const manifest = parseManifest(describeHostedFolder(constants, halves));
    expect(weightFiles(manifest, 'fp32')).toBeUndefined();
    expect(weightFiles(manifest, 'fp16')).toHaveProperty('vision_encoder.path', 'onnx/vision_encoder.onnx');
  });

  it('is refused with the name of what it lacks', () => {
    expect(() => describeHostedFolder(constants, files.slice(0, -1))).toThrow('no onnx/pointer_tpos.onnx');
    expect(() => describeHostedFolder({}, files)).toThrow('image_size');
  });
});
