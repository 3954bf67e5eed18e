import type { ExportOptions } from '../../core/protocol/exporter.ts';
import { stemOf } from '../../formats/files.ts';
import { formatFacts, type FormatFacts, type FormatId } from '../../formats/formatFacts.ts';
import type { ExportScope } from '../../document/exportScope.ts';

/** What people export for. */
export const PURPOSES = {
  editing: 'For editing',
  training: 'For training',
  record: 'For the record',
} as const;

/** A switch of a format. */
interface FormatSwitch {
  readonly key: SwitchKey;
  readonly label: string;
}

export type SwitchKey = 'binary' | 'polygons' | 'together' | 'variant';

/** A kind of file that masks can be written to. */
interface ExportFormat {
  readonly label: string;
  readonly purpose: keyof typeof PURPOSES;
  /** What there is in it, in a sentence or two. */
  readonly description: string;
  /** Which writer it is, and which with the switch `variant`. Nothing for a project, which the page writes by itself. */
  readonly writer: { readonly usual: FormatId; readonly variant?: FormatId } | undefined;
  readonly switches?: readonly FormatSwitch[];
  /** Whether it shows the frames, so that the clip must be at hand. */
  readonly needsVideo?: true;
  /** Whether pixels can be partly of an object; edges that follow the frames' details need the clip then. */
  readonly hasSoftEdges?: true;
  /** Whether files are called after the frames, so that a pattern of names is of use. */
  readonly hasFrameNames?: true;
}

const OUTLINES: FormatSwitch = {
  key: 'polygons',
  label: 'Outlines instead of masks, for programs that read no masks; holes are lost',
};
const TOGETHER: FormatSwitch = { key: 'together', label: 'One sequence of all objects' };
const OVERLAP = 'Where masks overlap, the object lower in the list wins.';

/** All formats, in the order in which the dialog lists them. */
export const EXPORT_FORMATS = {
  cutout: {
    label: 'Cut-out',
    purpose: 'editing',
    description:
      'PNG files of each object with a transparent background (straight alpha), numbered from 0001 without gaps, as editing programs open them.',
    writer: { usual: 'cutout' },
    switches: [TOGETHER],
    needsVideo: true,
  },
  matte: {
    label: 'Matte',
    purpose: 'editing',
    description:
      'Black and white PNG files of each object, numbered from 0001 without gaps, to lay over the clip in an editing program.',
    writer: { usual: 'matte', variant: 'matte16' },
    hasSoftEdges: true,
    switches: [{ key: 'variant', label: '16 bits instead of 8' }, TOGETHER],
  },
  png: {
    label: 'PNG masks',
    purpose: 'training',
    description: `A ZIP with an ID map for each frame: a pixel’s value is the object’s number, and 0 is background. The colours are the DAVIS palette. ${OVERLAP}`,
    writer: { usual: 'png' },
    switches: [{ key: 'binary', label: 'Also a black and white PNG for each object and frame' }],
    hasFrameNames: true,
  },
  davis: {
    label: 'DAVIS',
    purpose: 'training',
    description: `An ID map for each frame in the folders of the DAVIS data set. ${OVERLAP}`,
    writer: { usual: 'davis' },
    hasFrameNames: true,
  },
  youtubeVos: {
    label: 'YouTube-VOS and MOSE',
    purpose: 'training',
    description: `The ID maps of DAVIS, and meta.json with the category and the frames of each object. ${OVERLAP}`,
    writer: { usual: 'youtube-vos' },
    hasFrameNames: true,
  },
  coco: {
    label: 'COCO',
    purpose: 'training',
    description:
      'One JSON file with a run-length mask for each object and frame. Objects keep their number in track_id.',
    writer: { usual: 'coco' },
    switches: [OUTLINES],
    hasFrameNames: true,
  },
  youtubeVis: {
    label: 'YouTube-VIS',
    purpose: 'training',
    description: 'One JSON file with an annotation for each object, which lists its masks frame by frame.',
    writer: { usual: 'youtube-vis' },
    hasFrameNames: true,
  },
  mots: {
    label: 'MOTS',
    purpose: 'training',
    description: `A text with a line for each mask: frame, number, class, size, run lengths. ${OVERLAP}`,
    writer: { usual: 'mots-txt', variant: 'mots-png' },
    switches: [{ key: 'variant', label: 'PNG files of 16 bits instead of a text' }],
  },
  yolo: {
    label: 'YOLO',
    purpose: 'training',
    description:
      'A text for each frame with the outlines of all objects and their classes. Holes and the objects’ numbers are lost.',
    writer: { usual: 'yolo' },
    hasFrameNames: true,
  },
  cvat: {
    label: 'CVAT',
    purpose: 'training',
    description:
      'One XML file to upload to a task of CVAT with the same video (CVAT for video 1.1). Masks of one object share a group.',
    writer: { usual: 'cvat' },
    switches: [OUTLINES],
  },
  labelme: {
    label: 'LabelMe',
    purpose: 'training',
    description: 'A JSON file for each frame, to lie beside the pictures of the frames.',
    writer: { usual: 'labelme' },
    switches: [OUTLINES],
    hasFrameNames: true,
  },
  sav: {
    label: 'SA-V',
    purpose: 'training',
    description: 'The masklets of the SA-V data set: one JSON file with run-length masks, frame by frame.',
    writer: { usual: 'sav', variant: 'sav-folders' },
    switches: [{ key: 'variant', label: 'A folder of PNG files for each object instead of a JSON file' }],
    hasFrameNames: true,
  },
  prompts: {
    label: 'Prompts',
    purpose: 'record',
    description:
      'The points, boxes and given masks, from which npm run track makes the same masks, with the options of tracking. Choose all frames.',
    writer: { usual: 'prompts' },
  },
  project: {
    label: 'Project',
    purpose: 'record',
    description:
      'Everything as it is, as one file to open here again: points, masks, names and the history. The video is not in it.',
    writer: undefined,
  },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatId = keyof typeof EXPORT_FORMATS;

/** A format by its id. */
export function exportFormat(id: ExportFormatId): ExportFormat {
  return EXPORT_FORMATS[id];
}

/** The formats of a purpose. */
export function formatsFor(purpose: keyof typeof PURPOSES): ExportFormatId[] {
  return (Object.keys(EXPORT_FORMATS) as ExportFormatId[]).filter(
    (id) => exportFormat(id).purpose === purpose,
  );
}

export type Switches = Readonly<Partial<Record<SwitchKey, boolean>>>;

/** Which writer writes a format with these switches, and how. Nothing for a project. */
export function writerOf(
  id: ExportFormatId,
  switches: Switches,
): { readonly id: FormatId; readonly facts: FormatFacts; readonly options: ExportOptions } | undefined {
  const { writer, switches: own = [] } = exportFormat(id);
  if (writer === undefined) return undefined;
  const isOn = (key: SwitchKey) => own.some((each) => each.key === key) && switches[key] === true;
  const options = {
    ...(isOn('binary') && { binary: true }),
    ...(isOn('polygons') && { polygons: true }),
    ...(isOn('together') && { together: true }),
  };
  const name = isOn('variant') && writer.variant ? writer.variant : writer.usual;
  return { id: name, facts: formatFacts(name), options };
}

/** How many files an export consists of. */
export function countFiles(id: ExportFormatId, switches: Switches, { frames, objects }: ExportScope): number {
  const writer = writerOf(id, switches);
  return writer ? writer.facts.countFiles(frames.length, objects.length, writer.options) : 1;
}

/** The name of the file that a clip's masks are written to. */
export function exportName(clipName: string, id: ExportFormatId, switches: Switches): string {
  const stem = stemOf(clipName) || 'clip';
  const writer = writerOf(id, switches);
  if (writer === undefined) return `${stem}.masklet`;
  if (id === 'png') return `${stem}-masks.zip`;
  return `${stem}-${writer.id}${writer.facts.ending ?? '.zip'}`;
}
