import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkPromptsFit,
  parsePromptFile,
  PromptFileError,
  toPromptedObjects,
  type PromptFile,
} from './promptFile.ts';
import { emptyRle, encodeRle } from './rle.ts';

const point = { x: 427, y: 240, label: 1 };
const entry = (fields: object) => ({ version: 1, objects: [{ id: 1, prompts: [{ frame: 0, ...fields }] }] });
const swan = {
  $schema: 'prompts.schema.json',
  version: 1,
  model: 'embedded',
  settings: { fillHoles: true, allowOverlap: false },
  objects: [
    {
      id: 1,
      name: 'swan',
      prompts: [
        { frame: 0, points: [point, { x: 1, y: 2.5, label: 0 }], box: [10, 20, 30, 40], mask: '00000.png' },
        { frame: 7, points: [point], reading: 2 },
      ],
    },
    { id: 255, prompts: [{ frame: 3, mask: 'masks/3.PNG' }] },
  ],
};

describe('parsePromptFile', () => {
  it('takes all that the format has', () => {
    const { objects, settings, model } = parsePromptFile(swan);
    expect({ settings, model }).toEqual({ settings: swan.settings, model: 'embedded' });
    expect(objects[0]!.prompts[0]).toEqual({
      frame: 0,
      points: [point, { x: 1, y: 2.5, label: 0 }],
      box: { x0: 10, y0: 20, x1: 30, y1: 40 },
      mask: '00000.png',
    });
    expect(objects[0]!.prompts[1]).toEqual({ frame: 7, points: [point], reading: 2 });
    expect(objects[1]).toMatchObject({ id: 255, name: 'Object 255' });
  });

  it.each([
    [null, 'The file is null: it must be an object.'],
    [{ ...swan, model: 4 }, 'model is 4: it must be a text.'],
    [{ ...swan, settings: { fillHoles: 1 } }, 'settings.fillHoles is 1: it must be true or false.'],
    [{ ...swan, settings: { holes: true } }, 'settings.holes'],
    [[], 'The file is []: it must be an object.'],
    [{ objects: [] }, 'version is missing: this program reads version 1.'],
    [{ ...swan, version: 2 }, 'version is 2: this program reads version 1.'],
    [{ ...swan, fps: 25 }, 'fps is not a field that is known here.'],
    [{ version: 1 }, 'objects is missing: it must be a list.'],
    [{ version: 1, objects: [] }, 'objects is empty: there must be at least one.'],
    [{ version: 1, objects: [{ id: 0 }] }, 'objects[0].id is 0: it must be a whole number from 1 to 255.'],
    [{ version: 1, objects: [{ id: '1' }] }, 'objects[0].id is "1": it must be'],
    [{ version: 1, objects: [{ id: 256 }] }, 'objects[0].id is 256: it must be'],
    [{ version: 1, objects: [{ id: 1, name: 5, prompts: [] }] }, 'objects[0].name is 5: it must be a text.'],
    [{ version: 1, objects: [{ id: 1 }] }, 'objects[0].prompts is missing: it must be a list.'],
    [{ version: 1, objects: [{ id: 1, prompts: [] }] }, 'objects[0].prompts is empty'],
    [
      { version: 1, objects: [swan.objects[1], swan.objects[0], swan.objects[1]] },
      'objects[2].id is the same as objects[0].id: ids must differ.',
    ],
    [
      {
        version: 1,
        objects: [{ id: 1, prompts: [...swan.objects[0]!.prompts, { frame: 7, points: [point] }] }],
      },
      'objects[0].prompts[2].frame is the same as objects[0].prompts[1].frame',
    ],
    [entry({ frame: -1 }), 'objects[0].prompts[0].frame is -1: it must be a whole number from 0.'],
    [entry({ frame: 1.5 }), 'objects[0].prompts[0].frame is 1.5'],
    [entry({}), 'objects[0].prompts[0] says nothing: it needs points, a box or a mask.'],
    [entry({ points: [] }), 'objects[0].prompts[0] says nothing'],
    [entry({ points: [{ ...point, label: 0 }] }), 'objects[0].prompts[0] only takes away'],
    [
      entry({ points: [point, point, { ...point, label: 7 }] }),
      'objects[0].prompts[0].points[2].label is 7: it must be 0 or 1.',
    ],
    [
      entry({ points: [{ x: 1, label: 1 }] }),
      'objects[0].prompts[0].points[0].y is missing: it must be a number.',
    ],
    [entry({ points: [{ ...point, z: 1 }] }), 'objects[0].prompts[0].points[0].z is not a field'],
    [entry({ box: [1, 2, 3] }), 'objects[0].prompts[0].box has 3 numbers'],
    [entry({ box: [1, 2, 1, 4] }), 'objects[0].prompts[0].box has x0 1 and x1 1: x0 must be less than x1.'],
    [entry({ box: [1, 4, 2, 2] }), 'objects[0].prompts[0].box has y0 4 and y1 2: y0 must be less than y1.'],
    [entry({ box: [1, '2', 3, 4] }), 'objects[0].prompts[0].box[1] is "2": it must be a number.'],
    [entry({ mask: 'a.jpg' }), 'objects[0].prompts[0].mask is "a.jpg": it must be the name of a PNG file.'],
    [
      entry({ points: [point], reading: 5 }),
      'objects[0].prompts[0].reading is 5: it must be a whole number from 0 to 4.',
    ],
    [entry({ points: [point], pionts: [] }), 'objects[0].prompts[0].pionts is not a field'],
  ])('refuses %j', (json, message) => {
    expect(() => parsePromptFile(json)).toThrow(PromptFileError);
    expect(() => parsePromptFile(json)).toThrow(message);
  });

  it('knows the fields that the published schema has, and no others', () => {
    type Schema = { properties: object; $defs: Record<string, { properties: object }> };
    const url = new URL('../../public/schema/prompts.schema.json', import.meta.url);
    const { properties, $defs } = JSON.parse(readFileSync(url, 'utf8')) as Schema;
    const keysOf = (objects: readonly object[]) =>
      [...new Set(objects.flatMap((o) => Object.keys(o)))].sort();
    const entries = swan.objects.flatMap(({ prompts }): object[] => prompts);
    expect(Object.keys(properties).sort()).toEqual(keysOf([swan]));
    expect(Object.keys($defs.object!.properties).sort()).toEqual(keysOf(swan.objects));
    expect(Object.keys($defs.framePrompts!.properties).sort()).toEqual(keysOf(entries));
    expect(Object.keys($defs.point!.properties).sort()).toEqual(keysOf([point]));
  });
});

describe('checkPromptsFit', () => {
  const size = { width: 854, height: 480 };
  const fit = (json: unknown, range = { first: 0, last: 9 }) =>
    checkPromptsFit(parsePromptFile(json), size, range);

  it('takes what lies inside, borders included', () => {
    expect(() => fit(swan)).not.toThrow();
    expect(() => fit(entry({ box: [0, 0, 854, 480] }))).not.toThrow();
  });

  it.each([
    [entry({ frame: 10, points: [point] }), 'objects[0].prompts[0].frame is 10: the frames are 0 to 9.'],
    [
      entry({ points: [{ ...point, x: 855 }] }),
      'points[0] is at 855, 240: that is outside the frame of 854×480.',
    ],
    [entry({ points: [{ ...point, y: -1 }] }), 'points[0] is at 427, -1'],
    [entry({ box: [0, 0, 10, 481] }), 'box is [0, 0, 10, 481]: that reaches outside the frame of 854×480.'],
  ])('refuses %j', (json, message) => {
    expect(() => fit(json)).toThrow(message);
  });
});

describe('toPromptedObjects', () => {
  const size = { width: 4, height: 2 };
  const mask = encodeRle(Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0), size);
  const file: PromptFile = parsePromptFile(swan);

  it('gives the prompts by frame, with the masks that the file names', async () => {
    const read: string[] = [];
    const [first, second] = await toPromptedObjects(file, size, async (name, path) => {
      read.push(`${path} ${name}`);
      return mask;
    });
    expect(read).toEqual(['objects[0].prompts[0].mask 00000.png', 'objects[1].prompts[0].mask masks/3.PNG']);
    expect(first).toMatchObject({ objectId: 1, name: 'swan' });
    expect([...first!.prompts.keys()]).toEqual([0, 7]);
    expect(first!.prompts.get(0)).toMatchObject({ mask, box: { x0: 10 } });
    expect(first!.prompts.get(7)).toEqual({ points: [point], reading: 2 });
    expect(second!.prompts.get(3)).toEqual({ points: [], mask });
  });

  it('refuses a mask of another size', async () => {
    const turned = emptyRle({ width: 2, height: 4 });
    await expect(toPromptedObjects(file, size, async () => turned)).rejects.toThrow(
      'objects[0].prompts[0].mask: 00000.png is 2×4, but the frames are 4×2.',
    );
  });
});
