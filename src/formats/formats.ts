import { readCoco, writeCoco } from './coco.ts';
import { cvatPasses, writeCvat } from './cvat.ts';
import { readDavis, writeDavis } from './davis.ts';
import { writeCutOut, writeMatte, writeMatte16 } from './editors.ts';
import type { ReadMasks, WriteMasks, WriteOptions } from './format.ts';
import { readLabelMe, writeLabelMe } from './labelMe.ts';
import type { MaskedClip } from './maskedClip.ts';
import { readMotsPng, writeMotsPng } from './motsPng.ts';
import { readMotsText, writeMotsText } from './motsText.ts';
import { readPngMasks, writePngMasks } from './pngMasks.ts';
import { readCvat } from './readCvat.ts';
import { readSavFolders, writeSavFolders } from './savFolders.ts';
import { readSavJson, writeSavJson } from './savJson.ts';
import { readYolo, writeYolo } from './yolo.ts';
import { readYoutubeVis, writeYoutubeVis } from './youtubeVis.ts';
import { readYoutubeVos, writeYoutubeVos } from './youtubeVos.ts';

/** A format of masks: what it is called, and how it is written and read. */
export interface MaskFormat {
  readonly label: string;
  /** Of the only file, where the format is one file. */
  readonly ending?: string;
  /** How often a writer walks through the clip; once where it is not said. */
  readonly passes?: (clip: Pick<MaskedClip, 'objects'>, options: WriteOptions) => number;
  readonly write: WriteMasks;
  readonly read: ReadMasks;
}

/** All formats by the names that the commands have for them. */
export const FORMATS = {
  png: { label: 'PNG masks', write: writePngMasks, read: readPngMasks },
  davis: { label: 'DAVIS', write: writeDavis, read: readDavis },
  'youtube-vos': { label: 'YouTube-VOS, MOSE', write: writeYoutubeVos, read: readYoutubeVos },
  'youtube-vis': {
    label: 'YouTube-VIS',
    ending: '.json',
    passes: ({ objects }) => objects.length,
    write: writeYoutubeVis,
    read: readYoutubeVis,
  },
  coco: { label: 'COCO', ending: '.json', write: writeCoco, read: readCoco },
  'mots-txt': { label: 'MOTS, text', write: writeMotsText, read: readMotsText },
  'mots-png': { label: 'MOTS, PNG', write: writeMotsPng, read: readMotsPng },
  yolo: { label: 'YOLO', write: writeYolo, read: readYolo },
  cvat: { label: 'CVAT', ending: '.xml', passes: cvatPasses, write: writeCvat, read: readCvat },
  labelme: { label: 'LabelMe', write: writeLabelMe, read: readLabelMe },
  sav: { label: 'SA-V, JSON', ending: '.json', write: writeSavJson, read: readSavJson },
  'sav-folders': { label: 'SA-V, folders', write: writeSavFolders, read: readSavFolders },
  cutout: { label: 'Cut-out', write: writeCutOut, read: readDavis },
  matte: { label: 'Matte, 8 bits', write: writeMatte, read: readDavis },
  matte16: { label: 'Matte, 16 bits', write: writeMatte16, read: readDavis },
} as const satisfies Record<string, MaskFormat>;

export type FormatId = keyof typeof FORMATS;
