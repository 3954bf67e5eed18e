import { expect, it } from 'vitest';
import { encodeRle } from '../../core/rle.ts';
import {
  EMPTY_DOCUMENT,
  withMaskObject,
  withNewObject,
  withoutObject,
  withPlace,
} from '../../document/document.ts';
import { maskZipRequest } from './exportFormats.ts';
import { exportScope } from '../../document/exportScope.ts';

const mask = encodeRle(Uint8Array.of(1, 0, 0, 0), { width: 2, height: 2 });
const info = {
  ...{ kind: 'video' as const, codec: 'none', width: 2, height: 2 },
  ...{ frameCount: 1, timestamps: new Float64Array(1), duration: 1 },
};
const clip = { name: 'a', file: new Blob(), info };

it('pixel values are 1 to N, whatever was deleted, empty or moved', () => {
  let document = EMPTY_DOCUMENT;
  for (let i = 0; i < 4; i++) ({ document } = withMaskObject(document, 0, mask));
  const values = () =>
    maskZipRequest({ clip, scope: exportScope(document, [0], 1), binary: false }).objects.map(
      ({ objectId, name }) => [name, objectId],
    );
  expect(values().map(([, value]) => value)).toEqual([1, 2, 3, 4]);
  document = withNewObject(withoutObject(withoutObject(document, 1), 2)).document;
  document = withPlace(document, 4, 0);
  expect(values()).toEqual([
    ['Object 4', 2],
    ['Object 3', 1],
  ]);
});
