import type { WriteOptions } from './format.ts';

/** What is known of a format without its writer and reader, which the page has in a worker. */
export interface FormatFacts {
  readonly label: string;
  /** Of the only file, where the format is one file. */
  readonly ending?: string;
  /** How many files a writer makes. */
  readonly countFiles: (frames: number, objects: number, options: WriteOptions) => number;
}

const countSequences: FormatFacts['countFiles'] = (frames, objects, { together }) =>
  1 + frames * (together ? 1 : objects);

/** All formats by the names that the commands have for them. */
export const FORMAT_FACTS = {
  png: {
    label: 'PNG masks',
    countFiles: (frames, objects, { binary }) => 1 + frames * (1 + (binary ? objects : 0)),
  },
  davis: { label: 'DAVIS', countFiles: (frames) => 2 + frames },
  'youtube-vos': { label: 'YouTube-VOS, MOSE', countFiles: (frames) => 3 + frames },
  'youtube-vis': { label: 'YouTube-VIS', ending: '.json', countFiles: () => 1 },
  coco: { label: 'COCO', ending: '.json', countFiles: () => 1 },
  'mots-txt': { label: 'MOTS, text', countFiles: () => 3 },
  'mots-png': { label: 'MOTS, PNG', countFiles: (frames) => 2 + frames },
  yolo: { label: 'YOLO', countFiles: (frames) => 3 + frames },
  cvat: { label: 'CVAT', ending: '.xml', countFiles: () => 1 },
  labelme: { label: 'LabelMe', countFiles: (frames) => frames },
  sav: { label: 'SA-V, JSON', ending: '.json', countFiles: () => 1 },
  'sav-folders': { label: 'SA-V, folders', countFiles: (frames, objects) => 2 + frames * objects },
  prompts: { label: 'Prompts', countFiles: () => 1 },
  cutout: { label: 'Cut-out', countFiles: countSequences },
  matte: { label: 'Matte, 8 bits', countFiles: countSequences },
  matte16: { label: 'Matte, 16 bits', countFiles: countSequences },
} as const satisfies Record<string, FormatFacts>;

export type FormatId = keyof typeof FORMAT_FACTS;

/** What is known of a format. */
export function formatFacts(id: FormatId): FormatFacts {
  return FORMAT_FACTS[id];
}
