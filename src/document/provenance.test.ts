import { describe, expect, it } from 'vitest';
import { boxFromCorners } from '../core/geometry.ts';
import type { FramePrompts } from '../core/prompts.ts';
import { provenance, type Provenance } from '../core/provenance.ts';
import type { TrackedObject } from '../core/protocol/segmenter.ts';
import { findObject, type MaskDocument } from './document.ts';
import {
  pendingDecodes,
  withMaskObject,
  withoutMasksOfModel,
  withPrompts,
  withSegmentation,
} from './promptedMasks.ts';
import { planDetail, withDetail } from './detailPass.ts';
import { commit, newHistory, undo } from './history.ts';
import { withImportedMasks } from './importedMasks.ts';
import { FULL, LEFT, point, runOf, tracked, withOneObject } from './testing/documents.ts';
import { withTrackedFrame } from './trackedFrame.ts';

const EMBEDDED = { id: 'embedded', version: '0.2.0' };
const TINY = { id: 'sam2.1-tiny', version: '3b2984dd865f' };

function on(document: MaskDocument, frame: number): Provenance | undefined {
  return findObject(document, 1)?.track.get(frame)?.provenance;
}

/** Object 1 with prompts on frame 0 that a model has decoded. */
function decoded(prompts: FramePrompts, before = withOneObject(), frame = 0): MaskDocument {
  const next = withPrompts(before, 1, frame, prompts);
  const [decode] = pendingDecodes(next);
  return decode ? withSegmentation(next, decode, { mask: FULL, score: 0.9, model: EMBEDDED }) : next;
}

/** A document in which a run of another model has done some frames. */
function followed(status: TrackedObject['status'] = 'tracked', before = decoded(point(1))): MaskDocument {
  const { document, run: whole } = runOf(before);
  const spans = [{ direction: 'forward' as const, first: 1, last: 3, behind: [], origin: 0 }];
  const [object] = whole.request.objects;
  const run = { ...whole, request: { ...whole.request, objects: [{ ...object!, spans }] } };
  const objects = [{ objectId: 1, mask: LEFT, score: 0.5, status }];
  return [1, 2, 3].reduce(
    (each, frame) => withTrackedFrame(each, run, { ...tracked(frame), objects, model: TINY }),
    document,
  );
}

describe('each mask knows how it came about, and which model made it', () => {
  it('where it was clicked on or boxed', () => {
    expect(on(decoded(point(1)), 0)).toEqual({ origin: 'click', model: EMBEDDED });
    const box = boxFromCorners({ x: 0, y: 0 }, { x: 1, y: 1 });
    expect(on(decoded({ points: [], box }), 0)).toEqual({ origin: 'box', model: EMBEDDED });
  });

  it('where it was painted or given, which no model has a part in', () => {
    expect(on(decoded({ points: [], mask: LEFT, isPainted: true }), 0)).toEqual({ origin: 'brush' });
    expect(on(decoded({ points: [], mask: LEFT }), 0)).toEqual({ origin: 'mask' });
  });

  it('where it was proposed', () => {
    const { document } = withMaskObject(withOneObject(), 0, LEFT, EMBEDDED);
    expect(findObject(document, 2)?.track.get(0)?.provenance).toEqual({ origin: 'mask', model: EMBEDDED });
  });

  it.each([
    ['tracked', 'track'],
    ['absent', 'track'],
    ['interpolated', 'interpolation'],
    ['detailed', 'detail'],
  ] as const)('where a run has found it: %s', (status, origin) => {
    expect(on(followed(status), 2)).toEqual({ origin, model: TINY });
    // What another model decoded stays its own.
    expect(on(followed(status), 0)).toEqual({ origin: 'click', model: EMBEDDED });
  });

  it('where the detail pass has decoded it again', () => {
    const document = followed();
    const [planned] = planDetail(document, 1, { first: 1, last: 1 });
    const next = withDetail(document, 1, planned!, { mask: FULL, model: EMBEDDED });
    expect(on(next, 1)).toEqual({ origin: 'detail', model: EMBEDDED });
    expect(on(next, 2)).toEqual({ origin: 'track', model: TINY });
  });

  it('where it was imported: as its file says, and no model where that does not say', () => {
    const said = provenance('track', TINY);
    const masks = new Map([
      [0, { mask: LEFT, provenance: said }],
      [1, { mask: LEFT }],
    ]);
    for (const as of ['finished', 'prompts'] as const) {
      const document = withImportedMasks({ ...withOneObject(), objects: [] }, [{ name: 'a', masks }], as);
      const { track } = document.objects[0]!;
      expect([0, 1].map((frame) => track.get(frame)?.provenance)).toEqual([said, { origin: 'import' }]);
    }
  });
});

describe('it stays with the mask', () => {
  it('when it gets stale', () => {
    expect(on(withoutMasksOfModel(followed('interpolated')), 2)).toEqual({
      origin: 'interpolation',
      model: TINY,
    });
  });

  it('when a correction is taken back, by undo or by removing its points', () => {
    const before = followed();
    const corrected = decoded(point(0), before, 2);
    expect(on(corrected, 2)).toEqual({ origin: 'click', model: EMBEDDED });
    expect(on(withPrompts(corrected, 1, 2, { points: [] }), 2)).toEqual({ origin: 'track', model: TINY });
    const history = commit(newHistory(before), corrected, 'add point');
    expect(on(undo(history).present, 2)).toEqual({ origin: 'track', model: TINY });
  });
});
