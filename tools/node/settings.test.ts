import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/core/protocol/segmenter.ts';
import { SETTING_OPTIONS, trackSettings } from './settings.ts';

const settingsOf = (...args: string[]) => trackSettings(parseArgs({ args, options: SETTING_OPTIONS }).values);

it.each([
  ['--overlap', 'allowOverlap'],
  ['--fill-holes', 'fillHoles'],
  ['--skip-doubtful', 'skipDoubtful'],
  ['--forget-around', 'forgetAround'],
  ['--fast', 'isFast'],
])('%s turns on one setting, %s', (option, setting) => {
  expect(settingsOf()).toEqual(DEFAULT_SETTINGS);
  expect(settingsOf(option)).toEqual({ ...DEFAULT_SETTINGS, [setting]: true });
});
