import { withBox, withPoint } from '../core/promptEdits.ts';
import type { PointLabel } from '../core/prompts.ts';
import { announce } from '../stores/page/announcements.ts';
import { beginBox, crosshairStore, takeBox } from '../stores/stage/crosshairStore.ts';
import { changePrompts } from '../stores/work/objectsStore.ts';
import { frameUnderHand } from '../stores/work/trackingStore.ts';
import { uiStore } from '../stores/page/uiStore.ts';
import type { AppState } from './appState.ts';
import type { Command } from './command.ts';
import { withClip } from './conditions.ts';

function withCrosshair(state: AppState): true | string {
  const open = withClip(state);
  if (open !== true) return open;
  return state.crosshair.isActive || 'Move to the frame first: Tab, or P.';
}

function addPoint(label: PointLabel): void {
  const { at } = crosshairStore.getState();
  if (at === undefined) return;
  changePrompts(frameUnderHand(), label === 1 ? 'add point' : 'add take-away point', (prompts) =>
    withPoint(prompts, at, label),
  );
}

function endBox(): void {
  const box = takeBox();
  if (box === undefined) announce('The box was empty, so it was dropped.');
  else changePrompts(frameUnderHand(), 'draw box', (prompts) => withBox(prompts, box));
}

/** Prompting by keyboard, at the crosshair. */
export const STAGE_COMMANDS = {
  pointByKeys: {
    label: 'Move to the frame',
    group: 'Crosshair',
    shortcuts: [{ key: 'p' }],
    isEnabled: withClip,
    run: () => crosshairStore.getState().focusStage?.(),
  },
  placePoint: {
    label: 'Place a point, or end the box',
    group: 'Crosshair',
    shortcuts: [{ key: 'Enter' }],
    isEnabled: withCrosshair,
    run: () => {
      if (crosshairStore.getState().corner === undefined) addPoint(uiStore.getState().label);
      else endBox();
    },
  },
  placeAwayPoint: {
    label: 'Take away with a point',
    group: 'Crosshair',
    shortcuts: [{ key: 'Enter', alt: true }],
    isEnabled: withCrosshair,
    run: () => addPoint(0),
  },
  boxCorner: {
    label: 'Begin or end a box',
    group: 'Crosshair',
    shortcuts: [{ key: 'Enter', shift: true }],
    isEnabled: withCrosshair,
    run: () => {
      if (crosshairStore.getState().corner === undefined) beginBox();
      else endBox();
    },
  },
} as const satisfies Record<string, Command>;
