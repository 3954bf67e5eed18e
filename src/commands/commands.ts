import {
  changePrompts,
  clearFrame,
  copyMaskToNext,
  redoStep,
  selectedObject,
  undoStep,
} from '../stores/work/objectsStore.ts';
import { announce } from '../stores/page/announcements.ts';
import { openSample } from '../stores/clip/openClip.ts';
import { SAMPLES } from '../stores/clip/samples.ts';
import { pause, play, playbackStore } from '../stores/clip/playbackStore.ts';
import { isSingleClick, showNextReading } from '../stores/work/readings.ts';
import { frameUnderHand, seek, stopFollowing } from '../stores/work/trackingStore.ts';
import { nextTheme, openDialog, setLabel, uiStore } from '../stores/page/uiStore.ts';
import { videoStore } from '../stores/clip/videoStore.ts';
import { NO_PROMPTS } from '../core/prompts.ts';
import { rleArea } from '../core/rle.ts';
import type { AppState } from './appState.ts';
import type { Command } from './command.ts';
import { always, canModelWork, withClip, withTimeline } from './conditions.ts';
import { OBJECT_COMMANDS } from './objectCommands.ts';
import { PROJECT_COMMANDS } from './projectCommands.ts';
import { STAGE_COMMANDS } from './stageCommands.ts';
import { TIMELINE_COMMANDS } from './timelineCommands.ts';
import { TOOL_COMMANDS } from './toolCommands.ts';
import { TRACKING_COMMANDS } from './trackingCommands.ts';
import { VIEW_COMMANDS } from './viewCommands.ts';

/** A shirt or the person in it: what one click means has several answers. */
function canReadAnew(state: AppState): true | string {
  const prompts = selectedObject(state.objects)?.prompts.get(state.playback.frame);
  if (!isSingleClick(prompts)) return 'The selected object needs a single click on this frame.';
  return canModelWork(state);
}

function canCopyMask(state: AppState): true | string {
  const isPossible = withTimeline(state);
  if (isPossible !== true) return isPossible;
  const { frame } = state.playback;
  if (frame + 1 >= (state.video.clip?.info.frameCount ?? 0)) return 'This is the last frame.';
  const mask = selectedObject(state.objects)?.track.get(frame)?.mask;
  return (mask && rleArea(mask) > 0) || 'The selected object has no mask on this frame.';
}

const frameCount = () => videoStore.getState().clip?.info.frameCount ?? 1;
const step = (by: number) => seek(playbackStore.getState().frame + by);

/** Everything that a person can do by a button or a key; gestures on the stage are in `components/Stage`. */
export const COMMANDS = {
  open: {
    label: 'Open',
    group: 'File',
    shortcuts: [{ key: 'o', mod: true }],
    isEnabled: always,
    run: () => uiStore.getState().pickFile?.(),
  },
  sample: {
    label: 'Try the sample',
    group: 'File',
    shortcuts: [{ key: 'o', shift: true }],
    isEnabled: ({ video }) => video.phase !== 'opening' || 'A file is opening.',
    run: () => openSample(SAMPLES[0]),
  },
  export: {
    label: 'Export',
    group: 'File',
    shortcuts: [{ key: 'e' }],
    isEnabled: (state) => {
      const hasMask = state.objects.history.present.objects.some(({ track }) => track.size > 0);
      return hasMask || 'There is no mask to export yet.';
    },
    run: () => openDialog('export'),
  },
  importMasks: {
    label: 'Import masks',
    group: 'File',
    shortcuts: [{ key: 'e', shift: true }],
    isEnabled: withClip,
    run: () => openDialog('import'),
  },
  undo: {
    label: 'Undo',
    group: 'Edit',
    shortcuts: [{ key: 'z', mod: true }],
    isEnabled: ({ objects }) => objects.history.past.length > 0 || 'There is nothing to undo.',
    run: undoStep,
  },
  redo: {
    label: 'Redo',
    group: 'Edit',
    shortcuts: [
      { key: 'z', mod: true, shift: true },
      { key: 'y', mod: true },
    ],
    isEnabled: ({ objects }) => objects.history.future.length > 0 || 'There is nothing to redo.',
    run: redoStep,
  },
  history: {
    label: 'History',
    group: 'Edit',
    shortcuts: [{ key: 'u' }],
    isEnabled: ({ objects: { history } }) =>
      history.past.length + history.future.length > 0 || 'Nothing has been done yet.',
    run: () => openDialog(uiStore.getState().dialog === 'history' ? undefined : 'history'),
  },
  clearPrompts: {
    label: 'Clear points and box on this frame',
    group: 'Edit',
    shortcuts: [{ key: 'c' }],
    isEnabled: ({ objects, playback }) =>
      selectedObject(objects)?.prompts.has(playback.frame) ||
      'The selected object has no point or box on this frame.',
    run: () => changePrompts(frameUnderHand(), 'clear points and box', () => NO_PROMPTS),
  },
  freshFrame: {
    label: 'Start this frame afresh',
    group: 'Edit',
    shortcuts: [{ key: 'c', shift: true }],
    isEnabled: ({ objects, playback }) => {
      const object = selectedObject(objects);
      const hasAny = object?.prompts.has(playback.frame) || object?.track.get(playback.frame) !== undefined;
      return hasAny || 'The selected object has nothing on this frame.';
    },
    run: () => {
      const frame = frameUnderHand();
      if (clearFrame(frame)) announce(`Nothing is left on frame ${frame}.`);
    },
  },
  copyMask: {
    label: 'Copy this mask to the next frame',
    group: 'Edit',
    shortcuts: [{ key: 'd', shift: true }],
    isEnabled: canCopyMask,
    run: () => {
      const frame = frameUnderHand();
      if (copyMaskToNext(frame)) seek(frame + 1);
    },
  },
  nextReading: {
    label: 'Another mask for this click',
    group: 'Edit',
    shortcuts: [{ key: 'r' }],
    isEnabled: canReadAnew,
    run: () => {
      frameUnderHand();
      void showNextReading();
    },
  },
  switchLabel: {
    label: 'Switch between add and take away',
    group: 'Edit',
    shortcuts: [{ key: 'x' }],
    isEnabled: withClip,
    run: () => setLabel(uiStore.getState().label === 1 ? 0 : 1),
  },
  ...PROJECT_COMMANDS,
  ...OBJECT_COMMANDS,
  ...TOOL_COMMANDS,
  play: {
    label: 'Play',
    group: 'Playback',
    shortcuts: [{ key: ' ' }],
    isEnabled: withTimeline,
    run: () => {
      stopFollowing();
      if (playbackStore.getState().playing) pause();
      else play();
    },
  },
  firstFrame: {
    label: 'First frame',
    group: 'Playback',
    shortcuts: [{ key: 'Home' }],
    isEnabled: withTimeline,
    run: () => seek(0),
  },
  previousFrame: {
    label: 'Previous frame',
    group: 'Playback',
    shortcuts: [{ key: 'ArrowLeft' }],
    isEnabled: withTimeline,
    run: () => step(-1),
  },
  nextFrame: {
    label: 'Next frame',
    group: 'Playback',
    shortcuts: [{ key: 'ArrowRight' }],
    isEnabled: withTimeline,
    run: () => step(1),
  },
  lastFrame: {
    label: 'Last frame',
    group: 'Playback',
    shortcuts: [{ key: 'End' }],
    isEnabled: withTimeline,
    run: () => seek(frameCount() - 1),
  },
  ...TIMELINE_COMMANDS,
  ...STAGE_COMMANDS,
  ...TRACKING_COMMANDS,
  ...VIEW_COMMANDS,
  models: {
    label: 'Models',
    group: 'File',
    shortcuts: [{ key: 'm' }],
    isEnabled: always,
    run: () => openDialog('models'),
  },
  theme: {
    label: 'Change theme',
    group: 'View',
    shortcuts: [{ key: 'd' }],
    isEnabled: always,
    run: nextTheme,
  },
  palette: {
    label: 'Commands',
    group: 'View',
    shortcuts: [{ key: 'k', mod: true }],
    isEnabled: always,
    run: () => openDialog('palette'),
  },
  shortcuts: {
    label: 'Keyboard shortcuts',
    group: 'View',
    shortcuts: [{ key: '?' }],
    isEnabled: always,
    run: () => openDialog('shortcuts'),
  },
  about: {
    label: 'About Masklet',
    group: 'View',
    shortcuts: [{ key: 'F1' }],
    isEnabled: always,
    run: () => openDialog('about'),
  },
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof COMMANDS;

export function command(id: CommandId): Command {
  return COMMANDS[id];
}
