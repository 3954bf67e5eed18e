import { parseColor } from '../../core/objectColors.ts';
import type {
  ClipFrame,
  ClipObject,
  FrameMasks,
  MaskBatch,
  ObjectMask,
  ObjectPrompts,
} from '../../core/maskedClip.ts';
import type { ExportTask, PreviewRequest } from '../../core/protocol/exporter.ts';
import { includesFrame } from '../../core/frameRanges.ts';
import type { FrameMask } from '../../core/frameMask.ts';
import type { MaskObject } from '../../document/document.ts';
import { promptedProvenance } from '../../core/prompts.ts';
import { provenance, provenanceRuns, type Provenance, type ProvenanceRun } from '../../core/provenance.ts';
import { exportNumbers } from '../../document/exportNumbers.ts';
import type { ExportScope } from '../../document/exportScope.ts';
import { stemOf } from '../../formats/files.ts';
import type { Clip } from '../clip/videoStore.ts';
import { modelOfMasks } from '../model/modelStore.ts';
import { currentDocument } from './objectsStore.ts';
import { exportFormat, writerOf, type ExportFormatId, type Switches } from './exportFormats.ts';

/** What is exported, and how. */
export interface ExportOrder {
  readonly clip: Clip;
  readonly scope: ExportScope;
  readonly format: ExportFormatId;
  readonly switches: Switches;
  /** What frames are called; see `frameNames`. */
  readonly namePattern: string;
}

/** The pattern of DAVIS: five digits. */
export const DEFAULT_NAME_PATTERN = '#####';

/** Why a pattern of names cannot be; nothing where it can. */
export function patternFault(pattern: string): string | undefined {
  if (!/#/.test(pattern)) return 'A name needs a # for each digit of the frame’s number, as in frame_#####.';
  if (/#[^#]+#/.test(pattern)) return 'The # signs of a name stand next to each other.';
  if (/[<>:"/\\|?*\p{C}]/u.test(pattern)) return 'A name cannot hold any of < > : " / \\ | ? *';
  return undefined;
}

/** What frames are called: the pattern with the frame’s number in place of its `#` signs, in more digits where the clip needs them. */
export function frameNameOf(pattern: string, frame: number, frameCount: number): string {
  return pattern.replace(/#+/, (signs) =>
    String(frame).padStart(Math.max(signs.length, String(frameCount - 1).length), '0'),
  );
}

/** What the exporter needs to know but for the masks; nothing for a format that the page writes by itself. */
export function exportTask(order: ExportOrder): ExportTask | undefined {
  return taskOf(order, order.scope.frames, exportNumbers(order.scope.objects));
}

/**
 * What a preview needs to know, with the masks of the first four frames, of one in the middle, and of the last; nothing for a format that the
 * page writes by itself.
 */
export function previewTask(order: ExportOrder): PreviewRequest | undefined {
  const { frames, objects } = order.scope;
  const last = frames.length - 1;
  const places = [...new Set([0, 1, 2, 3, Math.floor(last / 2), last])]
    .filter((at) => at >= 0 && at <= last)
    .sort((a, b) => a - b);
  const numbers = exportNumbers(objects);
  const written = places.flatMap((at) => frames[at] ?? []);
  const task = taskOf(order, written, numbers);
  if (task === undefined) return undefined;
  return { ...task, sample: places.map((at) => ({ at, masks: masksOfFrame(order.scope, at, numbers) })) };
}

/**
 * @param written frames whose masks are written: it is told of these where they come from
 * @param numbers of the objects, by their ids
 */
function taskOf(
  { clip, scope, format, switches, namePattern }: ExportOrder,
  written: readonly number[],
  numbers: ReadonlyMap<number, number>,
): ExportTask | undefined {
  const writer = writerOf(format, switches);
  if (writer === undefined) return undefined;
  const { width, height, frameCount, timestamps, duration, kind, ticksPerSecond } = clip.info;
  const model = modelOfMasks();
  const endOf = (frame: number) => timestamps[frame + 1] ?? duration;
  const pattern = exportFormat(format).hasFrameNames ? namePattern : DEFAULT_NAME_PATTERN;
  const { needsVideo, hasSoftEdges } = exportFormat(format);
  const showsFrames =
    needsVideo === true ||
    (hasSoftEdges === true && scope.objects.some(({ edge }) => edge && edge.detail > 0));
  return {
    format: writer.id,
    options: writer.options,
    video: showsFrames ? clip.file : undefined,
    clip: {
      name: stemOf(clip.name) || 'clip',
      ...{ width, height, frameCount },
      ...(model && { model }),
      settings: currentDocument().settings,
      ...(kind === 'video' && duration > 0 && { fps: Math.round((frameCount / duration) * 1000) / 1000 }),
      ...(ticksPerSecond !== undefined && { ticksPerSecond }),
      frames: scope.frames.map((number): ClipFrame => {
        const time = timestamps[number] ?? 0;
        return {
          number,
          name: frameNameOf(pattern, number, frameCount),
          time,
          duration: endOf(number) - time,
        };
      }),
      objects: scope.objects.map((object) => exportedObject(object, written, numbers)),
    },
  };
}

function exportedObject(
  object: MaskObject,
  frames: readonly number[],
  numbers: ReadonlyMap<number, number>,
): ClipObject {
  const { id, name, color, reviewed, prompts, edge } = object;
  return {
    ...{ id: numbers.get(id) ?? id, name, category: name, color: parseColor(color) },
    ...(reviewed && { reviewed }),
    ...(edge && { edge }),
    ...(prompts.size > 0 && { prompts: promptsOf(prompts) }),
    provenance: provenanceOf(object, frames),
  };
}

function provenanceOf(object: MaskObject, frames: readonly number[]): ProvenanceRun[] {
  return provenanceRuns(
    frames.flatMap((frame) => {
      const entry = object.track.get(frame);
      return entry ? [[frame, entry.provenance ?? unsaidProvenance(object, frame, entry)] as const] : [];
    }),
  );
}

/** Run lengths that a batch holds before it is sent: half a megabyte. */
const BATCH_RUNS = 1 << 17;

/** The masks of a scope, in batches, again and again. Stale masks too: they are shown. */
export function masksOfScope(scope: ExportScope): () => AsyncGenerator<MaskBatch, void, undefined> {
  return async function* () {
    if (scope.frames.length === 0) return;
    const numbers = exportNumbers(scope.objects);
    for (;;) {
      let frames: FrameMasks[] = [];
      let runs = 0;
      for (const [at] of scope.frames.entries()) {
        const masks = masksOfFrame(scope, at, numbers);
        for (const { mask } of masks.values()) runs += mask.counts.length;
        frames.push({ at, masks });
        const isLast = at === scope.frames.length - 1;
        if (runs < BATCH_RUNS && frames.length < 256 && !isLast) continue;
        yield { frames, isLast };
        frames = [];
        runs = 0;
      }
    }
  };
}

function masksOfFrame(
  { objects, frames }: ExportScope,
  at: number,
  numbers: ReadonlyMap<number, number>,
): Map<number, ObjectMask> {
  return new Map(
    objects.flatMap((object) => {
      const frame = frames[at] ?? -1;
      const entry = object.track.get(frame);
      if (entry === undefined) return [];
      const { mask, score } = entry;
      return [[numbers.get(object.id) ?? object.id, { mask, score }] as const];
    }),
  );
}

/** What can be told of a mask that does not say where it comes from, as those of older projects: not the model. */
function unsaidProvenance(
  { prompts, locked }: MaskObject,
  frame: number,
  { status, origin }: FrameMask,
): Provenance {
  const said = prompts.get(frame);
  if (status === 'prompted') return said ? promptedProvenance(said, undefined) : provenance('mask');
  if (status === 'interpolated') return provenance('interpolation');
  if (status === 'detailed') return provenance('detail');
  // What tracking reached knows from where; a finished mask of a file does not, and was locked.
  return provenance(origin === undefined && includesFrame(locked, frame) ? 'import' : 'track');
}

function promptsOf(prompts: MaskObject['prompts']): ObjectPrompts[] {
  return Array.from(prompts, ([frame, { points, box, mask, prior, around, reading }]) => ({
    ...{ frame, points, hasMask: mask !== undefined },
    isReplayedByMask: mask !== undefined || prior !== undefined || around !== undefined,
    ...(box && { box }),
    ...(reading !== undefined && { reading }),
  })).sort((a, b) => a.frame - b.frame);
}
