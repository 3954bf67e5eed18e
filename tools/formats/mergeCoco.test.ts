import { expect, it } from 'vitest';
import { mergeCoco, type CocoFile } from './mergeCoco.ts';

const file = (names: readonly string[], tracks: readonly number[]): CocoFile => ({
  videos: [{ id: 1 }],
  categories: names.map((name, at) => ({ id: at + 1, name })),
  images: [1, 2].map((id) => ({ id, file_name: `0000${id}.jpg`, video_id: 1 })),
  annotations: tracks.map((track_id, at) => ({
    ...{ id: at + 1, image_id: (at % 2) + 1, category_id: (at % names.length) + 1, track_id, video_id: 1 },
  })),
});

it('joins files of clips: what is of one name is one category, and all else has numbers of its own', () => {
  const merged = mergeCoco(
    new Map([
      ['swan', file(['bird', 'boat'], [1, 2])],
      ['lake', file(['boat', 'bird'], [1, 1, 5])],
    ]),
  );
  expect(merged.categories.map(({ name }) => name)).toEqual(['bird', 'boat']);
  expect(merged.images.map(({ id, file_name, video_id }) => [id, file_name, video_id])).toEqual([
    [1, 'swan/00001.jpg', 1],
    [2, 'swan/00002.jpg', 1],
    [3, 'lake/00001.jpg', 2],
    [4, 'lake/00002.jpg', 2],
  ]);
  expect(
    merged.annotations.map(({ id, image_id, category_id, track_id, video_id }) => [
      ...[id, image_id, category_id, track_id, video_id],
    ]),
  ).toEqual([
    [1, 1, 1, 1, 1],
    [2, 2, 2, 2, 1],
    [3, 3, 2, 3, 2],
    [4, 4, 1, 3, 2],
    [5, 3, 2, 7, 2],
  ]);
});

it('refuses a mask of an image that is not there', () => {
  const broken = { ...file(['bird'], [1]), images: [] };
  expect(() => mergeCoco(new Map([['swan', broken]]))).toThrow(/Annotation 1 of swan/);
});
