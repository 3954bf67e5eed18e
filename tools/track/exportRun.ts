import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromptedObject } from '../../src/core/promptFile.ts';
import { provenanceRuns, readProvenance, type ProvenanceRun } from '../../src/core/provenance.ts';
import { trackedProvenance } from '../../src/document/trackedFrame.ts';
import { paletteColor } from '../../src/formats/facts.ts';
import type { FormatId } from '../../src/formats/formatFacts.ts';
import { FORMATS } from '../../src/formats/formats.ts';
import { FramePixels } from '../../src/formats/framePixels.ts';
import type { ClipObject, MaskedClip } from '../../src/core/maskedClip.ts';
import { readPngMasks } from '../../src/formats/pngMasks.ts';
import { Report } from '../../src/formats/report.ts';
import { openFiles, writeFolder } from '../formats/nodeFiles.ts';
import type { FfmpegSource } from '../node/ffmpegSource.ts';
import type { ObjectScore } from './runFiles.ts';

interface RunToExport {
  /** The folder of a finished run with black and white masks, which are whole. */
  readonly folder: string;
  readonly format: FormatId;
  readonly source: FfmpegSource;
  readonly clipName: string;
  readonly range: { readonly first: number; readonly last: number };
  /** As the prompt file has them; those that were found beside them are called by their numbers. */
  readonly objects: readonly PromptedObject[];
  readonly signal: AbortSignal;
}

/**
 * Writes the masks of a finished run in another format, into a folder of the format's name in the run's folder. What an earlier try left there is
 * replaced.
 * @returns sentences about what the format could not hold
 */
export async function exportRun(run: RunToExport): Promise<readonly string[]> {
  const { folder, format, signal } = run;
  const target = join(folder, format);
  await rm(target, { recursive: true, force: true });
  const report = new Report();
  const clip = await clipOf(run, report);
  await writeFolder(target, FORMATS[format].write(clip, { signal }, report));
  await clip.close();
  return report.sentences;
}

async function clipOf(
  { folder, source, clipName, range, objects, signal }: RunToExport,
  report: Report,
): Promise<MaskedClip & { close(): Promise<void> }> {
  const files = (await openFiles(folder)).filter(({ path }) => path.startsWith('binary/'));
  const read = await readPngMasks(files, { signal }, report);
  const { timestamps, frameCount, duration, ticksPerSecond } = source.info;
  const timeOf = (frame: number) => timestamps[frame] ?? duration;
  const frames = source.names.slice(range.first, range.last + 1).map((name, i) => {
    const number = range.first + i;
    return { number, name, time: timeOf(number), duration: timeOf(number + 1) - timeOf(number) };
  });
  const names = new Map(objects.map(({ objectId, name }) => [objectId, name]));
  const ids = new Set(read.objects.map(({ id }) => id));
  const order = [...names.keys()].filter((id) => ids.has(id));
  const all = [...order, ...[...ids].filter((id) => !names.has(id))];
  const { scores, provenanceOf } = await readScores(folder, objects);
  const places = new Map(frames.map(({ name }, at) => [name, at]));
  const pixels = new FramePixels(source, frames);
  return {
    ...{ name: clipName, width: read.width, height: read.height, frameCount, frames },
    ...(duration > 0 && { fps: Math.round((frameCount / duration) * 1000) / 1000 }),
    ...(ticksPerSecond !== undefined && { ticksPerSecond }),
    objects: all.map((id): ClipObject => {
      const name = names.get(id) ?? `Object ${id}`;
      return { id, name, category: name, color: paletteColor(id), provenance: provenanceOf(id) };
    }),
    async *frameMasks(stop) {
      // Every frame of a finished run has a file for each object, so these are all frames, in the order of their numbers.
      for await (const { at, masks } of read.frameMasks(stop)) {
        const name = read.frames[at]?.name ?? '';
        const scored = Array.from(masks, ([id, { mask }]) => {
          const score = scores.get(`${name} ${id}`);
          return [id, { mask, ...(score !== undefined && { score }) }] as const;
        });
        yield { at: places.get(name) ?? at, masks: new Map(scored) };
      }
    },
    pixels: (at, stop) => pixels.at(at, stop),
    close: () => pixels.close(),
  };
}

/** What `scores.json` of a finished run says. */
interface Scores {
  readonly model?: unknown;
  readonly modelVersion?: unknown;
  readonly frames: readonly {
    readonly frame: number;
    readonly name: string;
    readonly objects: readonly ObjectScore[];
  }[];
}

/** The scores by name of the frame and id of the object, and where masks come from, by id of the object. */
async function readScores(
  folder: string,
  objects: readonly PromptedObject[],
): Promise<{
  readonly scores: ReadonlyMap<string, number>;
  readonly provenanceOf: (id: number) => ProvenanceRun[];
}> {
  const {
    model: id,
    modelVersion,
    frames,
  } = JSON.parse(await readFile(join(folder, 'scores.json'), 'utf8')) as Scores;
  const model = readProvenance('track', id, modelVersion)?.model;
  return {
    scores: new Map(
      frames.flatMap(({ name, objects: scored }) =>
        scored.map((each) => [`${name} ${each.id}`, each.score] as const),
      ),
    ),
    provenanceOf: (objectId) => {
      const prompts = objects.find((object) => object.objectId === objectId)?.prompts;
      return provenanceRuns(
        frames.flatMap(({ frame, objects: scored }) => {
          const found = scored.find((each) => each.id === objectId);
          return found ? [[frame, trackedProvenance(found.status, prompts?.get(frame), model)] as const] : [];
        }),
      );
    },
  };
}
