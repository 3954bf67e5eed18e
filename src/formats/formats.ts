import { readCoco, writeCoco } from './coco.ts';
import { readDavis, writeDavis } from './davis.ts';
import type { ReadMasks, WriteMasks } from './format.ts';
import type { MaskedClip } from './maskedClip.ts';
import { readPngMasks, writePngMasks } from './pngMasks.ts';
import { readYoutubeVis, writeYoutubeVis } from './youtubeVis.ts';

/** A format of masks: what it is called, and how it is written and read. */
export interface MaskFormat {
  readonly label: string;
  /** Of the only file, where the format is one file. */
  readonly ending?: string;
  /** How often a writer walks through the clip; once where it is not said. */
  readonly passes?: (clip: Pick<MaskedClip, 'objects'>) => number;
  readonly write: WriteMasks;
  readonly read: ReadMasks;
}

/** All formats by the names that the commands have for them. */
export const FORMATS = {
  png: { label: 'PNG masks', write: writePngMasks, read: readPngMasks },
  davis: { label: 'DAVIS', write: writeDavis, read: readDavis },
  coco: { label: 'COCO', ending: '.json', write: writeCoco, read: readCoco },
  'youtube-vis': {
    label: 'YouTube-VIS',
    ending: '.json',
    passes: ({ objects }) => objects.length,
    write: writeYoutubeVis,
    read: readYoutubeVis,
  },
} as const satisfies Record<string, MaskFormat>;

export type FormatId = keyof typeof FORMATS;
