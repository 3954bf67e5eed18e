import { LOOKS, type Look } from '../core/looks.ts';
import { cycleLook, setLook } from '../stores/stage/lookStore.ts';
import { togglePreview } from '../stores/stage/preview.ts';
import { canZoomIn, fitView, zoomBy } from '../stores/stage/viewStore.ts';
import type { AppState } from './appState.ts';
import type { Command } from './command.ts';
import { always, withClip } from './conditions.ts';

/** What the looks are called on the page. */
export const LOOK_NAMES: Record<Look, string> = {
  overlay: 'Overlay',
  outline: 'Outline',
  cutout: 'Cut-out',
  matte: 'Matte',
  blur: 'Blurred background',
  color: 'Background colour',
  split: 'Side by side',
};

/** A look's key is its place among them. */
const lookCommand = (look: Look): Command => ({
  label: `Look: ${LOOK_NAMES[look]}`,
  group: 'View',
  shortcuts: [{ key: `${LOOKS.indexOf(look) + 1}` }],
  isEnabled: withClip,
  run: () => setLook(look),
});

const ZOOM_STEP = 1.5;

function canZoom(state: AppState): true | string {
  const { clip } = state.video;
  if (clip === undefined) return withClip(state);
  return canZoomIn(state.view, clip.info) || 'The frame cannot be enlarged further.';
}

function isZoomed(state: AppState): true | string {
  const open = withClip(state);
  return open === true && state.view.view.zoom === 1 ? 'The whole frame is already shown.' : open;
}

/** How the frame is looked at. */
export const VIEW_COMMANDS = {
  togglePreview: {
    label: 'Turn the preview under the pointer on or off',
    group: 'View',
    shortcuts: [{ key: 'p', shift: true }],
    isEnabled: always,
    run: togglePreview,
  },
  zoomIn: {
    label: 'Zoom in',
    group: 'View',
    shortcuts: [{ key: '+' }, { key: '=' }],
    isEnabled: canZoom,
    run: () => zoomBy(ZOOM_STEP),
  },
  zoomOut: {
    label: 'Zoom out',
    group: 'View',
    shortcuts: [{ key: '-' }],
    isEnabled: isZoomed,
    run: () => zoomBy(1 / ZOOM_STEP),
  },
  zoomFit: {
    label: 'Show the whole frame',
    group: 'View',
    shortcuts: [{ key: '0' }],
    isEnabled: isZoomed,
    run: fitView,
  },
  nextLook: {
    label: 'Next look',
    group: 'View',
    shortcuts: [{ key: 'v' }],
    isEnabled: withClip,
    run: () => cycleLook(1),
  },
  previousLook: {
    label: 'Previous look',
    group: 'View',
    shortcuts: [{ key: 'v', shift: true }],
    isEnabled: withClip,
    run: () => cycleLook(-1),
  },
  lookOverlay: lookCommand('overlay'),
  lookOutline: lookCommand('outline'),
  lookCutout: lookCommand('cutout'),
  lookMatte: lookCommand('matte'),
  lookBlur: lookCommand('blur'),
  lookColor: lookCommand('color'),
  lookSplit: lookCommand('split'),
} as const satisfies Record<string, Command>;
