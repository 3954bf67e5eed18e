import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MaskedClip, ObjectPrompts } from '../../src/core/maskedClip.ts';
import { encodeRle } from '../../src/core/rle.ts';
import { Report } from '../../src/formats/report.ts';
import { writePrompts } from '../../src/formats/writePrompts.ts';
import { writeFolder } from '../formats/nodeFiles.ts';
import { readPrompts } from './readPrompts.ts';

const SIZE = { width: 8, height: 6 };
const maskOf = (pixel: number) =>
  encodeRle(
    Uint8Array.from({ length: 48 }, (_, at) => Number(at === pixel)),
    SIZE,
  );

/** Masks with one pixel each, at the frame's number; of the frames that are given. */
function clipOf(prompts: readonly ObjectPrompts[], frames: readonly number[]): MaskedClip {
  return {
    ...SIZE,
    ...{ name: 'clip', frameCount: 10, model: 'embedded' },
    settings: { allowOverlap: false, fillHoles: true, skipDoubtful: false, forgetAround: false },
    frames: frames.map((number) => ({ number, name: String(number) })),
    objects: [
      { id: 3, name: 'swan', category: 'swan', color: [1, 2, 3], prompts },
      { id: 4, name: 'nothing', category: '', color: [1, 2, 3] },
    ],
    async *frameMasks() {
      for (const [at, frame] of frames.entries())
        yield { at, masks: new Map([[3, { mask: maskOf(frame) }]]) };
    },
  };
}

const said = (frame: number, more: Partial<ObjectPrompts> = {}): ObjectPrompts => ({
  ...{ frame, points: [{ x: 2, y: 3, label: 1 }], hasMask: false, isReplayedByMask: false },
  ...more,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masklet-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('prompts that the page exports', () => {
  it('are read as they were said, with the mask of a frame where points are not enough', async () => {
    const box = { x0: 1, y0: 1, x1: 4, y1: 5 } as NonNullable<ObjectPrompts['box']>;
    const prompts = [
      said(0, { reading: 2 }),
      said(2, { points: [], box }),
      said(5, { isReplayedByMask: true }),
    ];
    const report = new Report();
    const path = join(folder, 'all');
    await writeFolder(path, writePrompts(clipOf(prompts, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), {}, report));
    const { objects, settings, model } = await readPrompts(join(path, 'prompts.json'), SIZE, {
      first: 0,
      last: 9,
    });
    expect(objects).toEqual([
      {
        objectId: 3,
        name: 'swan',
        prompts: new Map([
          [0, { points: [{ x: 2, y: 3, label: 1 }], reading: 2 }],
          [2, { points: [], box }],
          [5, { points: [], mask: maskOf(5) }],
        ]),
      },
    ]);
    expect({ settings, model }).toMatchObject({ settings: { fillHoles: true }, model: 'embedded' });
    expect(report.sentences).toEqual(['nothing has no prompts and is left out.']);
  });

  it('leave out what needs the mask of a frame that is not exported, and say so', async () => {
    const report = new Report();
    const clip = clipOf([said(0), said(5, { isReplayedByMask: true })], [0, 4, 8]);
    await writeFolder(join(folder, 'some'), writePrompts(clip, {}, report));
    expect(report.sentences[0]).toBe(
      'swan: the prompts on frame 5 need its mask, which is not among the exported frames.',
    );
  });
});
