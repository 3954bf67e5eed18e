import type { Size } from '../../src/core/geometry.ts';
import { encodeGrayPng } from '../../src/core/png.ts';
import type { TrackedObject, TrackSettings } from '../../src/core/protocol/segmenter.ts';
import { decodeRle } from '../../src/core/rle.ts';
import { EMPTY_DOCUMENT, type MaskDocument, type MaskObject } from '../../src/document/document.ts';
import {
  followEverything,
  quietWorkplace,
  type EverythingModel,
  type EverythingScope,
} from '../../src/document/everything/followEverything.ts';
import type { EverythingOptions } from '../../workers/tracker/run/everything.ts';
import { findShots } from '../node/shots.ts';
import type { TrackingSession } from '../node/trackingSession.ts';
import type { OutputFolder } from './outputFolder.ts';
import type { ObjectScore, SavedRun } from './runFiles.ts';
import { restoreMasklets, saveMasklets, type SavedMasklets } from './savedMasklets.ts';

export interface EverythingRunOptions {
  readonly session: TrackingSession;
  readonly output: OutputFolder;
  /** Names of the range's frames. */
  readonly names: readonly string[];
  /** The clip's frame that is the range's frame 0. */
  readonly first: number;
  readonly size: Size;
  readonly settings: TrackSettings;
  /** Frames from one look for new things to the next. */
  readonly every: number;
  /** How things are looked for on a frame. */
  readonly look?: EverythingOptions;
  readonly signal: AbortSignal;
  readonly saved: SavedRun | undefined;
  readonly onFrame: (done: number, total: number) => void;
}

/**
 * Finds all things in a clip, follows them, and writes what is found once all is done. It saves where it has come after each
 * stretch of frames; what was done of a stretch is done again.
 *
 * @returns the number of frames that are complete: all, or none where the signal fired
 */
export async function everythingRun(options: EverythingRunOptions): Promise<number> {
  const { session, output, names, signal, saved, onFrame } = options;
  const start = restoreMasklets(saved?.state as SavedMasklets | undefined, {
    ...EMPTY_DOCUMENT,
    settings: options.settings,
  });
  const place = quietWorkplace(start.document);
  const begin = { doneStretches: start.doneStretches, found: start.document.objects };
  try {
    const scope: EverythingScope = {
      frameCount: names.length,
      range: { first: 0, last: names.length - 1 },
      shots: await findShots(session.source, signal),
      every: options.every,
    };
    for await (const state of followEverything(place, scope, modelOf(session, options.look), signal, begin)) {
      await output.saveState({ state: saveMasklets(state), scores: new Map(), pending: new Map() });
      onFrame(Math.round((names.length * state.doneStretches) / state.totalStretches), names.length);
    }
  } catch (error) {
    if (signal.aborted) return 0;
    throw error;
  }
  await writeMasklets(place.document, options);
  return names.length;
}

/** What following everything needs, from a session. */
export function modelOf(session: TrackingSession, look?: EverythingOptions): EverythingModel {
  return {
    find: (frame, signal) => session.everything(frame, signal, look),
    track: ({ objects, settings }, signal) => session.track(objects, signal, { settings }),
  };
}

async function writeMasklets({ objects }: MaskDocument, options: EverythingRunOptions): Promise<void> {
  const { output, names, first, size } = options;
  const numbered = objects.map((object, at) => ({ object, objectId: at + 1, name: `Object ${at + 1}` }));
  const scores = new Map<number, readonly ObjectScore[]>();
  for (const [frame, name] of names.entries()) {
    const tracked = numbered.flatMap(({ object, objectId }) => trackedOn(object, objectId, frame));
    await output.writeFrame(name, tracked, numbered);
    scores.set(
      frame,
      tracked.map(({ objectId, score, status }) => ({ id: objectId, score, status })),
    );
  }
  const entries = [];
  for (const { object, objectId, name } of numbered) {
    const prompts = [];
    for (const [frame, { mask }] of object.prompts) {
      if (!mask) continue;
      const file = `prompts/${objectId}-${names[frame] ?? frame}.png`;
      const pixels = decodeRle(mask).map((inside) => inside * 255);
      await output.writeFile(file, await encodeGrayPng(pixels, size));
      prompts.push({ frame: frame + first, mask: file });
    }
    entries.push({ id: objectId, name, prompts });
  }
  await output.writeFile('prompts.json', `${JSON.stringify({ version: 1, objects: entries }, null, 1)}\n`);
  await output.writeScores(scores, first);
  await output.forgetState();
}

function trackedOn({ track }: MaskObject, objectId: number, frame: number): TrackedObject[] {
  const entry = track.get(frame);
  if (entry === undefined) return [];
  const { mask, score, status } = entry;
  return [{ objectId, mask, score, status: status === 'stale' ? 'tracked' : status }];
}
