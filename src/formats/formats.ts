import { FormatError } from '../core/formatError.ts';
import { readCoco, writeCoco } from './coco.ts';
import { cvatPasses, writeCvat } from './cvat.ts';
import { readDavis, writeDavis } from './davis.ts';
import { writeCutOut, writeMatte, writeMatte16 } from './editors.ts';
import type { ReadMasks, WriteMasks, WriteOptions } from './format.ts';
import type { FormatId } from './formatFacts.ts';
import { readLabelMe, writeLabelMe } from './labelMe.ts';
import type { MaskedClip } from '../core/maskedClip.ts';
import { readMotsPng, writeMotsPng } from './motsPng.ts';
import { readMotsText, writeMotsText } from './motsText.ts';
import { readPngMasks, writePngMasks } from './pngMasks.ts';
import { readCvat } from './readCvat.ts';
import { writePrompts } from './writePrompts.ts';
import { readSavFolders, writeSavFolders } from './savFolders.ts';
import { readSavJson, writeSavJson } from './savJson.ts';
import { readYolo, writeYolo } from './yolo.ts';
import { readYoutubeVis, writeYoutubeVis } from './youtubeVis.ts';
import { readYoutubeVos, writeYoutubeVos } from './youtubeVos.ts';

/** How a format is written and read. */
export interface MaskFormat {
  /** How often a writer walks through the clip; once where it is not said. */
  readonly passes?: (clip: Pick<MaskedClip, 'objects'>, options: WriteOptions) => number;
  readonly write: WriteMasks;
  readonly read: ReadMasks;
}

/** A format that holds no masks. */
const noMasks: ReadMasks = () =>
  Promise.reject(new FormatError('Prompts are no masks: npm run track makes masks of them.'));

/** The writers and readers of all formats. */
export const FORMATS: Readonly<Record<FormatId, MaskFormat>> = {
  png: { write: writePngMasks, read: readPngMasks },
  davis: { write: writeDavis, read: readDavis },
  'youtube-vos': { write: writeYoutubeVos, read: readYoutubeVos },
  'youtube-vis': { passes: ({ objects }) => objects.length, write: writeYoutubeVis, read: readYoutubeVis },
  coco: { write: writeCoco, read: readCoco },
  'mots-txt': { write: writeMotsText, read: readMotsText },
  'mots-png': { write: writeMotsPng, read: readMotsPng },
  yolo: { write: writeYolo, read: readYolo },
  cvat: { passes: cvatPasses, write: writeCvat, read: readCvat },
  labelme: { write: writeLabelMe, read: readLabelMe },
  sav: { write: writeSavJson, read: readSavJson },
  'sav-folders': { write: writeSavFolders, read: readSavFolders },
  prompts: { write: writePrompts, read: noMasks },
  cutout: { write: writeCutOut, read: readDavis },
  matte: { write: writeMatte, read: readDavis },
  matte16: { write: writeMatte16, read: readDavis },
};
