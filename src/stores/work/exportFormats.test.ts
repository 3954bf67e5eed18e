import { expect, it } from 'vitest';
import { boxFromCorners } from '../../core/geometry.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import type { FramePrompts } from '../../core/prompts.ts';
import type { ExportTask } from '../../core/protocol/exporter.ts';
import { provenance } from '../../core/provenance.ts';
import { encodeRle } from '../../core/rle.ts';
import { withImportedMasks } from '../../document/importedMasks.ts';
import {
  changeObject,
  EMPTY_DOCUMENT,
  withNewObject,
  withoutObject,
  withPlace,
  type MaskDocument,
} from '../../document/document.ts';
import { withMaskObject, withPrompts } from '../../document/promptedMasks.ts';
import { countFiles, EXPORT_FORMATS, exportName, writerOf, type ExportFormatId } from './exportFormats.ts';
import { exportTask, frameNameOf, masksOfScope, patternFault, previewTask } from './exportTask.ts';
import { exportScope } from '../../document/exportScope.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
const info = {
  ...{ kind: 'video' as const, codec: 'none', width: 2, height: 2 },
  ...{ frameCount: 1, timestamps: new Float64Array(1), duration: 1 },
};
const clip = { name: 'a', file: new Blob(), info };

const order = (document: MaskDocument, frames: readonly number[] = [0]) => ({
  clip,
  scope: exportScope(document, frames, 1),
  format: 'png' as const,
  switches: {},
  namePattern: '#####',
});

it('pixel values are 1 to N, whatever was deleted, empty or moved', () => {
  let document = EMPTY_DOCUMENT;
  for (let i = 0; i < 4; i++) ({ document } = withMaskObject(document, 0, mask));
  const values = () => exportTask(order(document))?.clip.objects.map(({ id, name }) => [name, id]) ?? [];
  expect(values().map(([, value]) => value)).toEqual([1, 2, 3, 4]);
  document = withNewObject(withoutObject(withoutObject(document, 1), 2)).document;
  document = withPlace(document, 4, 0);
  expect(values()).toEqual([
    ['Object 4', 2],
    ['Object 3', 1],
  ]);
});

it('masks come in the order of the frames, again and again', async () => {
  const { document } = withMaskObject(EMPTY_DOCUMENT, 0, mask);
  const batches = masksOfScope(order(document, [0, 1]).scope)();
  for (let pass = 0; pass < 2; pass++) {
    const { value } = await batches.next();
    expect(value).toMatchObject({ isLast: true, frames: [{ at: 0 }, { at: 1 }] });
    expect(value!.frames[0]!.masks.get(1)).toEqual({ mask, score: 1 });
    expect(value!.frames[1]!.masks.size).toBe(0);
  }
});

it('a preview says where the masks that it shows come from, and looks at no others', () => {
  const { document, id } = withMaskObject(EMPTY_DOCUMENT, 0, mask);
  const entries = Array.from({ length: 20 }, (_, frame): [number, FrameMask] => [
    frame,
    { mask, status: 'tracked', score: 1, provenance: provenance('track', { id: `model ${frame}` }) },
  ]);
  const changed = changeObject(document, id!, (object) => ({ ...object, track: object.track.with(entries) }));
  const frames = entries.map(([frame]) => frame);
  const toldOf = (task: ExportTask | undefined) =>
    task?.clip.objects[0]?.provenance?.map(({ first, last }) => [first, last]);
  expect(toldOf(exportTask(order(changed, frames)))).toEqual(frames.map((frame) => [frame, frame]));
  const preview = previewTask(order(changed, frames));
  expect(toldOf(preview)).toEqual([0, 1, 2, 3, 9, 19].map((frame) => [frame, frame]));
  expect(preview?.sample.map(({ at }) => at)).toEqual([0, 1, 2, 3, 9, 19]);
  expect(preview?.clip.frames).toHaveLength(20);
});

it('says where each mask comes from, and what was prompted', () => {
  const point = { x: 1, y: 1, label: 1 as const };
  const prompted = (prompts: FramePrompts, entry: Partial<FrameMask> = {}) => {
    const { document, id } = withNewObject(EMPTY_DOCUMENT);
    const clicked = withPrompts(document, id!, 0, prompts);
    return changeObject(clicked, id!, (object) => ({
      ...object,
      track: object.track.with([[0, { mask, status: 'prompted', score: 1, ...entry }]]),
    }));
  };
  const originOf = (document: MaskDocument) =>
    exportTask(order(document))?.clip.objects[0]?.provenance?.[0]?.provenance.origin;
  expect(originOf(prompted({ points: [point] }))).toBe('click');
  expect(originOf(prompted({ points: [], box: boxFromCorners({ x: 0, y: 0 }, { x: 1, y: 1 }) }))).toBe('box');
  expect(originOf(prompted({ points: [], mask }))).toBe('mask');
  expect(originOf(prompted({ points: [], mask, isPainted: true }))).toBe('brush');
  expect(originOf(prompted({ points: [point], mask, isPainted: true }))).toBe('click');
  expect(originOf(prompted({ points: [] }, { status: 'tracked', origin: 3 }))).toBe('track');
  expect(originOf(prompted({ points: [] }, { status: 'interpolated', origin: 3 }))).toBe('interpolation');
  expect(originOf(prompted({ points: [] }, { status: 'detailed', origin: 3 }))).toBe('detail');
  const masks = new Map([[0, { mask }]]);
  expect(originOf(withImportedMasks(EMPTY_DOCUMENT, [{ name: 'a', masks }], 'finished'))).toBe('import');
  expect(exportTask(order(prompted({ points: [point] })))?.clip.objects[0]).toMatchObject({
    prompts: [{ frame: 0, points: [point], hasMask: false }],
  });
});

it('frames are called as the pattern says, in as many digits as the clip needs', () => {
  expect(frameNameOf('#####', 7, 100)).toBe('00007');
  expect(frameNameOf('swan_##.a', 7, 2000)).toBe('swan_0007.a');
  expect(['frame', '#-#', 'a/#', 'a:#'].map(patternFault)).toEqual([
    expect.stringContaining('needs a #'),
    expect.stringContaining('next to each other'),
    expect.stringContaining('cannot hold'),
    expect.stringContaining('cannot hold'),
  ]);
  expect(patternFault('frame ####')).toBeUndefined();
});

it('every format has a writer with its switches, and a file name of its own', () => {
  const { document } = withMaskObject(EMPTY_DOCUMENT, 0, mask);
  const { scope } = order(document);
  expect(exportName('swan.mp4', 'png', {})).toBe('swan-masks.zip');
  expect(exportName('swan.mp4', 'coco', {})).toBe('swan-coco.json');
  expect(writerOf('mots', { variant: true })?.id).toBe('mots-png');
  expect(writerOf('coco', { binary: true, polygons: true })?.options).toEqual({ polygons: true });
  const names = (Object.keys(EXPORT_FORMATS) as ExportFormatId[]).map((id) => exportName('swan.mp4', id, {}));
  expect(new Set(names).size).toBe(names.length);
  expect(countFiles('png', {}, scope)).toBe(2);
  expect(countFiles('png', { binary: true }, scope)).toBe(3);
});
