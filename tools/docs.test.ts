import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addIdentifiers, missingDocblocks } from './docs/docblocks.ts';
import { anchorsOf, faultsIn, type Fault, type Inventory } from './docs/docPage.ts';
import { root } from './setup.mjs';

/** Names in the documentation of things that are not in the repository: examples, outputs, files of models and of others. */
const ALLOWED = new Set([
  // written by a command, or read by it
  ...['prompts.json', 'scores.json', 'run.json', 'manifest.json', 'constants.json', 'reference.json'],
  ...[
    'objects.json',
    'frames.json',
    'CLIP.json',
    'NAME.zip',
    'masks/00000.png',
    'Annotations/CLIP/00000.png',
    'meta.json',
    'instances_txt/CLIP.txt',
    'instances/CLIP/000000.png',
    'labels/00000.txt',
    'data.yaml',
    'annotations.xml',
    'CLIP/00000.json',
    'CLIP_manual.json',
    'Annotations_6fps/CLIP/000/00000.png',
    'OBJECT/OBJECT.0001.png',
    'clips/NAME.json',
    'masks/clips/NAME/coco/NAME.json',
    'coco/NAME.json',
    'dataset.json',
  ],
  ...['FOLDER/manifest.json', 'binary/ID-NAME/', 'node_modules/.cache/masklet'],
]);

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Files under version control, and new ones that it does not ignore. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

const PAGES = FILES.filter((file) => /^(?:README|CONTRIBUTING)\.md$|^docs\/[^/]+\.md$/.test(file));
const SOURCES = FILES.filter(
  (file) => /\.(?:tsx?|mjs|cjs|wgsl)$/.test(file) && !file.startsWith('node_modules'),
);
/** The folders whose exported functions and classes carry docblocks. */
const DOCUMENTED = /^(?:src\/(?:core|document|formats|stores|engine)|workers|tools)\//;

const identifiers = new Set<string>();
for (const file of SOURCES) addIdentifiers(identifiers, read(file));

const inventory: Inventory = {
  files: new Set(FILES),
  identifiers,
  scripts: new Set(Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)),
  anchors: (page) => anchorsOf(read(page)),
};

const told = (faults: readonly Fault[]) => faults.map(({ file, line, what }) => `${file}:${line}: ${what}`);

describe('the documentation', () => {
  it.each(PAGES)('%s names only what there is', (page) => {
    expect(told(faultsIn(page, read(page), inventory, ALLOWED))).toEqual([]);
  });

  it('is there for exported functions and classes', () => {
    const documented = SOURCES.filter(
      (file) => DOCUMENTED.test(file) && /\.tsx?$/.test(file) && !/\.test\.ts$|\/testing\//.test(file),
    );
    expect(documented.length).toBeGreaterThan(50);
    expect(told(documented.flatMap((file) => missingDocblocks(file, read(file))))).toEqual([]);
  });
});

describe('the check', () => {
  const small: Inventory = {
    files: new Set(['docs/page.md', 'docs/other.md', 'src/core/rle.ts']),
    identifiers: new Set(['MaskRle', 'encodeRle']),
    scripts: new Set(['bench']),
    anchors: () => anchorsOf('# First things: `a`, b\n'),
  };
  const check = (text: string) => told(faultsIn('docs/page.md', text, small));

  it('tells each kind of fault with its line', () => {
    expect(check('# Page\n\n[gone](gone.md)')).toEqual(['docs/page.md:3: the link gone.md leads to no file']);
    expect(check('[a](other.md#nowhere)')).toEqual(['docs/page.md:1: docs/other.md has no heading #nowhere']);
    expect(check('in `src/core/gone.ts`')).toEqual([
      'docs/page.md:1: there is no file or folder src/core/gone.ts',
    ]);
    expect(check('in `gone.ts`')).toEqual(['docs/page.md:1: there is no file or folder gone.ts']);
    expect(check('in `src/gone/`')).toEqual(['docs/page.md:1: there is no file or folder src/gone/']);
    expect(check('`MaskGone`, `goneAway(x)`')).toEqual([
      'docs/page.md:1: no source has the name MaskGone',
      'docs/page.md:1: no source has the name goneAway',
    ]);
    expect(check('```\nnpm run gone\n```')).toEqual(['docs/page.md:2: package.json has no script gone']);
    expect(check('```\nnpm run gone-too -- X\n```')).toEqual([
      'docs/page.md:2: package.json has no script gone-too',
    ]);
  });

  it('finds no fault with what there is, nor with code blocks', () => {
    const text = [
      '[a](other.md#first-things-a-b) `src/core/rle.ts` `rle.ts` `core/rle.ts` `src/core/` `../src/core/rle.ts`',
      '`MaskRle`, `encodeRle(mask)`, `fp16` `--cache DIR` `npm run bench` [web](https://example.org/x.md)',
      '```\n`Gone` [gone](gone.md)\n```',
    ];
    expect(check(text.join('\n'))).toEqual([]);
  });

  it('tells exported functions and classes without docblocks', () => {
    const text =
      '/** Told. */\nexport function a() {}\nexport function b() {}\nexport const c = () => 1;\nfunction d() {}\n';
    expect(told(missingDocblocks('x.ts', text))).toEqual([
      'x.ts:3: b is exported and has no docblock',
      'x.ts:4: c is exported and has no docblock',
    ]);
  });
});
