import { createStore } from 'zustand/vanilla';
import { toMaskletError } from '../../core/errors.ts';
import { provenanceOn } from '../../core/provenance.ts';
import type { FoundMasks, MaskFiles } from '../../core/protocol/exporter.ts';
import { matchFrames, matchingsFor, type FrameMatching } from '../../formats/matchFrames.ts';
import { MAX_OBJECTS } from '../../document/document.ts';
import {
  withImportedMasks,
  type ImportAs,
  type ImportedMask,
  type ImportedObject,
} from '../../document/importedMasks.ts';
import { videoStore } from '../clip/videoStore.ts';
import { exporter } from '../workers/workers.ts';
import { commitDocument, currentDocument } from './objectsStore.ts';

/** What was found in files of masks, and how it fits the clip. */
export interface Findings extends FoundMasks {
  readonly files: MaskFiles;
  /** The ways in which frames can be matched, the one that fits best first. */
  readonly matchings: readonly FrameMatching[];
}

export type ImportState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'looking' }
  | { readonly phase: 'found'; readonly findings: Findings }
  | { readonly phase: 'reading'; readonly doneFrames: number; readonly totalFrames: number }
  | { readonly phase: 'done'; readonly objects: number; readonly frames: number }
  /** `files` are those that could not be read, to be looked at again. */
  | { readonly phase: 'failed'; readonly message: string; readonly files: GivenFiles | undefined };

export type GivenFiles = MaskFiles['files'];

export const importStore = createStore<ImportState>(() => ({ phase: 'idle' }));

let running: AbortController | undefined;

/** Looks through files of masks. Nothing is changed. @param clip which one is meant, where they hold several */
export async function examineMasks(files: GivenFiles, clip?: string): Promise<void> {
  const { clip: open } = videoStore.getState();
  if (open === undefined || files.length === 0) return;
  const controller = start();
  importStore.setState({ phase: 'looking' }, true);
  const { width, height } = open.info;
  const given: MaskFiles = { files, size: { width, height }, ...(clip !== undefined && { clip }) };
  try {
    const found = await exporter.examine(given);
    if (running !== controller) return;
    const misfit = misfitOf(found, open.info);
    if (misfit !== undefined) {
      importStore.setState({ phase: 'failed', message: misfit, files: undefined }, true);
      return;
    }
    const matchings = matchingsFor(found.clip.frames, open.info);
    importStore.setState({ phase: 'found', findings: { ...found, files: given, matchings } }, true);
  } catch (thrown) {
    if (running === controller) {
      importStore.setState({ phase: 'failed', message: toMaskletError(thrown).message, files }, true);
    }
  }
}

/** Why masks cannot be those of a clip; nothing where they can. */
function misfitOf({ clip }: FoundMasks, info: { width: number; height: number }): string | undefined {
  if (clip.width !== info.width || clip.height !== info.height) {
    return `The masks are ${clip.width}×${clip.height} pixels, but the clip is ${info.width}×${info.height}. Masks have the size of the frames that they belong to.`;
  }
  return clip.objects.length === 0 ? 'There is no object in these files.' : undefined;
}

/** What does not fit, beside what could not be read: frames that the clip has not, frames without a mask, objects without room. */
export function misfits(
  { clip, matchings: [usual = 'number'] }: Findings,
  matching: FrameMatching = usual,
): string[] {
  const { clip: open } = videoStore.getState();
  if (open === undefined) return [];
  const matched = matchFrames(clip.frames, open.info, matching);
  const lost = clip.frames.filter((_, at) => matched[at] === undefined).length;
  const room = MAX_OBJECTS - currentDocument().objects.length;
  const sentences: string[] = [];
  if (lost > 0)
    sentences.push(`${lost} of ${clip.frames.length} frames are not in the clip and are left out.`);
  const without = open.info.frameCount - (clip.frames.length - lost);
  if (without > 0) sentences.push(`${without} of the clip’s ${open.info.frameCount} frames get no mask.`);
  if (clip.objects.length > room)
    sentences.push(`There is room for ${room} more objects: the others are left out.`);
  return sentences;
}

/** Puts the masks that were found into the document, as one step that can be undone. */
export async function acceptMasks(
  { files, clip }: Findings,
  matching: FrameMatching,
  as: ImportAs,
): Promise<void> {
  const { clip: open } = videoStore.getState();
  if (open === undefined) return;
  const controller = start();
  const totalFrames = clip.frames.length;
  importStore.setState({ phase: 'reading', doneFrames: 0, totalFrames }, true);
  try {
    const matched = matchFrames(clip.frames, open.info, matching);
    const masks = new Map(clip.objects.map(({ id }) => [id, new Map<number, ImportedMask>()]));
    const runs = new Map(clip.objects.map(({ id, provenance }) => [id, provenance]));
    const provenanceOf = (id: number, at: number) => {
      const provenance = provenanceOn(runs.get(id), clip.frames[at]?.number ?? -1);
      return provenance && { provenance };
    };
    let doneFrames = 0;
    for await (const { frames } of exporter.read(files, controller.signal)) {
      for (const { at, masks: found } of frames) {
        const frame = matched[at];
        if (frame === undefined) continue;
        for (const [id, mask] of found) masks.get(id)?.set(frame, { ...mask, ...provenanceOf(id, at) });
      }
      doneFrames += frames.length;
      importStore.setState({ phase: 'reading', doneFrames, totalFrames }, true);
    }
    const objects = clip.objects.flatMap(({ id, name }): ImportedObject[] => {
      const own = masks.get(id);
      return own && own.size > 0 ? [{ name, masks: new Map([...own].sort(([a], [b]) => a - b)) }] : [];
    });
    commitDocument(withImportedMasks(currentDocument(), objects, as), 'import masks');
    const frames = new Set(objects.flatMap(({ masks: own }) => [...own.keys()])).size;
    importStore.setState({ phase: 'done', objects: objects.length, frames }, true);
  } catch (thrown) {
    const { code, message } = toMaskletError(thrown);
    if (code !== 'aborted') importStore.setState({ phase: 'failed', message, files: undefined }, true);
  } finally {
    if (running === controller) running = undefined;
  }
}

function start(): AbortController {
  running?.abort();
  running = new AbortController();
  return running;
}

/** Forgets what was found. What is being read is not put in. */
export function closeImport(): void {
  running?.abort();
  running = undefined;
  importStore.setState({ phase: 'idle' }, true);
}
