import type { TrackSettings } from '../../src/core/protocol/segmenter.ts';

/** The options of `parseArgs` that say how to track. */
export const SETTING_OPTIONS = {
  overlap: { type: 'boolean', default: false },
  'fill-holes': { type: 'boolean', default: false },
  'skip-doubtful': { type: 'boolean', default: false },
  'forget-around': { type: 'boolean', default: false },
  fast: { type: 'boolean', default: false },
  detail: { type: 'boolean', default: false },
} as const;

export const SETTINGS_HELP = `\
  --overlap        masks of different objects may share pixels
  --fill-holes     fills holes of a few pixels in tracked masks
  --skip-doubtful  keeps frames with a score below 0.5 out of the memory
  --forget-around  forgets tracked masks within seven frames of a prompted frame
  --fast           gives the model some frames only, and fills in the masks between them
  --detail         decodes each tracked mask once more on the part of its frame round it, and keeps what is surely better`;

/** The tracker's settings from parsed options. */
export function trackSettings(
  values: Readonly<Record<keyof typeof SETTING_OPTIONS, boolean>>,
): TrackSettings {
  return {
    allowOverlap: values.overlap,
    fillHoles: values['fill-holes'],
    skipDoubtful: values['skip-doubtful'],
    forgetAround: values['forget-around'],
    ...(values.fast && { isFast: true }),
    ...(values.detail && { isDetailed: true }),
  };
}
