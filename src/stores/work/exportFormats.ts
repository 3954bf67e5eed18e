import type { ExportObject, MaskZipRequest } from '../../core/protocol/exporter.ts';
import { exportNumbers } from '../../document/exportNumbers.ts';
import type { ExportScope } from '../../document/exportScope.ts';
import type { Clip } from '../clip/videoStore.ts';
import { exporter } from '../workers/workers.ts';

/** What is exported. */
export interface ExportOrder {
  readonly clip: Clip;
  readonly scope: ExportScope;
  /** Of PNG masks: also a black and white PNG for each object and frame. */
  readonly binary: boolean;
}

/** A kind of file that masks can be written to. */
interface ExportFormat {
  readonly label: string;
  /** What there is in it, in a sentence or two. */
  readonly description: string;
  /** How many files it consists of. */
  readonly countFiles: (order: Omit<ExportOrder, 'clip'>) => number;
  /** Follows the clip's name. */
  readonly ending: string;
  readonly mimeType: string;
  readonly write: (order: ExportOrder, signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** All formats, in the order in which the dialog lists them. */
export const EXPORT_FORMATS = {
  png: {
    label: 'PNG masks',
    description:
      'A ZIP with an ID map for each frame: a pixel’s value is the object’s number, and 0 is background. The colours are the DAVIS palette. Where masks overlap, the object lower in the list wins.',
    countFiles: ({ scope: { frames, objects }, binary }) =>
      1 + frames.length * (1 + (binary ? objects.length : 0)),
    ending: '-masks.zip',
    mimeType: 'application/zip',
    write: (order, signal) => exporter.maskZip(maskZipRequest(order), signal),
  },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatId = keyof typeof EXPORT_FORMATS;

/** A format by its id. */
export function exportFormat(id: ExportFormatId): ExportFormat {
  return EXPORT_FORMATS[id];
}

/** The name of the file that a clip's masks are written to. */
export function exportName(clipName: string, id: ExportFormatId): string {
  return `${clipName.replace(/\.[^.]*$/, '') || 'clip'}${exportFormat(id).ending}`;
}

/** What the exporter needs: every mask that there is on the frames, stale ones too. */
export function maskZipRequest({ clip: { info }, scope, binary }: ExportOrder): MaskZipRequest {
  const { width, height, frameCount } = info;
  const { frames } = scope;
  const numbers = exportNumbers(scope.objects.map(({ id }) => id));
  const objects: ExportObject[] = scope.objects.map(({ id, name, track, reviewed }) => ({
    objectId: numbers.get(id) ?? id,
    name,
    masks: new Map(
      frames.flatMap((frame) => {
        const entry = track.get(frame);
        return entry ? [[frame, entry.mask]] : [];
      }),
    ),
    ...(reviewed && { reviewed }),
  }));
  return { width, height, frameCount, frames, objects, binary };
}
