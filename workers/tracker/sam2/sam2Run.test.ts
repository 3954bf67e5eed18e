import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { FramePrompts } from '../../../src/core/prompts.ts';
import {
  DEFAULT_SETTINGS,
  type TrackSettings,
  type TrackSpan,
} from '../../../src/core/protocol/segmenter.ts';
import { createNodeRuntime } from '../../models/ortNode.ts';
import type { FeatureLookup } from '../run/featureLookup.ts';
import type { MemoryEntry, SelectedMemories } from '../run/memoryBank.ts';
import { propagate } from '../run/propagation.ts';
import { StepTimer } from '../run/stepTimer.ts';
import type { Sam2Memory } from './contract.ts';
import type { Sam2Features } from './features.ts';
import { Sam2Model } from './sam2Model.ts';
import { rectangleMask } from './testing/fixture.ts';
import { fixtureSource } from './testing/fixtureSource.ts';
import { readParityFixture } from './testing/parityFixture.ts';
import { weightsOf } from './weights.ts';

const FIXTURES = new URL('../../../fixtures/models/', import.meta.url);
const CLICK: FramePrompts = { points: [{ x: 20, y: 24, label: 1 }] };
const framesOf = (entries: readonly MemoryEntry<Sam2Memory>[]) => entries.map(({ frame }) => frame);
const seenOf = ({ conditioning, recent }: SelectedMemories<Sam2Memory>) => ({
  conditioning: framesOf(conditioning),
  recent: framesOf(recent),
});
const span = (direction: TrackSpan['direction'], first: number, last: number): TrackSpan => ({
  ...{ direction, first, last },
  behind: [],
  origin: first,
});

describe.each(['sam2.1-tiny-random', 'sam2.1-tiny-random-five', 'edgetam-published-tiny-random'])(
  'a run of %s',
  async (folder) => {
    const fixture = await readParityFixture(folder, (path) => readFile(new URL(path, FIXTURES)));
    const { clip, manifest, files } = fixture;
    const model = await Sam2Model.load(
      createNodeRuntime({ threads: 1 }),
      manifest,
      weightsOf(files),
      new StepTimer(),
    );
    const source = fixtureSource(fixture, clip.frames);
    const features = new Map<number, Sam2Features>();
    const lookUp: FeatureLookup<Sam2Features> = async (frame, work) => {
      const seen = features.get(frame) ?? (await model.encode(await source.frame(frame)));
      features.set(frame, seen);
      return work(seen);
    };
    const track = vi.spyOn(model, 'track');
    const segment = vi.spyOn(model, 'segment');
    afterAll(() => model.dispose());

    /** By direction and frame, the frames whose memories took part. */
    async function memoriesOf(
      prompts: ReadonlyMap<number, FramePrompts>,
      spans: readonly TrackSpan[],
      settings: Partial<TrackSettings> = {},
    ): Promise<Record<string, ReturnType<typeof seenOf>>> {
      track.mockClear();
      segment.mockClear();
      const object = { objectId: 1, prompts, spans };
      const run = propagate(source, model, lookUp, [object], new AbortController().signal, {
        settings: { ...DEFAULT_SETTINGS, ...settings },
      });
      for await (const { objects } of run) expect(objects).toHaveLength(1);
      const followed = track.mock.calls.flatMap(([, objects]) => objects);
      return Object.fromEntries(followed.map((each) => [`${each.direction} ${each.frame}`, seenOf(each)]));
    }

    it('keeps what was tracked before a prompt that it passes, and on the way back what was tracked forward', async () => {
      const prompts = new Map([5, 7].map((frame) => [frame, CLICK]));
      expect(await memoriesOf(prompts, [span('forward', 5, 9), span('backward', 4, 3)])).toEqual({
        'forward 6': { conditioning: [5, 7], recent: [] },
        'forward 8': { conditioning: [7, 5], recent: [6] },
        'forward 9': { conditioning: [7, 5], recent: [8, 6] },
        'backward 4': { conditioning: [5, 7], recent: [6, 8, 9] },
        'backward 3': { conditioning: [5, 7], recent: [4, 6, 8, 9] },
      });
    });

    it('forgets seven frames on either side of a prompt where it is told to', async () => {
      const prompts = new Map([0, 9].map((frame) => [frame, CLICK]));
      const spans = [span('forward', 0, 10)];
      const kept = await memoriesOf(prompts, spans);
      expect(kept['forward 10']).toEqual({ conditioning: [9, 0], recent: [8, 7, 6, 5, 4, 3, 2, 1] });
      const forgotten = await memoriesOf(prompts, spans, { forgetAround: true });
      expect(forgotten['forward 10']).toEqual({ conditioning: [9, 0], recent: [1] });
    });

    it('is conditioned by a correction, which memories of the masks around condition', async () => {
      const correction: FramePrompts = {
        ...CLICK,
        prior: rectangleMask(clip, [22, 14, 40, 36]),
        around: [
          { frame: 0, mask: rectangleMask(clip, [6, 12, 26, 34]), isPrompted: true },
          { frame: 2, mask: rectangleMask(clip, [16, 14, 34, 36]), isPrompted: false },
        ],
      };
      const prompts = new Map([
        [0, CLICK],
        [3, correction],
      ]);
      expect(await memoriesOf(prompts, [span('forward', 4, 4)])).toEqual({
        'forward 4': { conditioning: [3, 0], recent: [] },
      });
      const corrected = segment.mock.calls.find(([, given]) => given.prior !== undefined);
      expect(corrected?.[2] && seenOf(corrected[2])).toEqual({ conditioning: [0], recent: [2] });
    });
  },
);
