import { nextSpeed, playbackStore, setSpeed, toggleLoop } from '../stores/clip/playbackStore.ts';
import { toggleMuted } from '../stores/clip/sound.ts';
import {
  canZoomTimeline,
  fitTimeline,
  scrollTimeline,
  timelineStore,
  zoomTimeline,
} from '../stores/clip/timelineStore.ts';
import { seek } from '../stores/work/trackingStore.ts';
import type { AppState } from './appState.ts';
import type { Command } from './command.ts';
import { withTimeline } from './conditions.ts';

const ZOOM_STEP = 2;
const step = (by: number) => seek(playbackStore.getState().frame + by);
const scroll = (share: number) => scrollTimeline(share * timelineStore.getState().scale.width);

function withZoomedTimeline(state: AppState): true | string {
  const open = withTimeline(state);
  return open === true && state.timeline.scale.zoom === 1 ? 'The timeline shows the whole clip.' : open;
}

function changeSpeed(by: 1 | -1): void {
  const speed = nextSpeed(by);
  if (speed !== undefined) setSpeed(speed);
}

/** How the clip is played, and what of it the timeline shows. */
export const TIMELINE_COMMANDS = {
  backTen: {
    label: 'Back ten frames',
    group: 'Playback',
    shortcuts: [{ key: 'ArrowLeft', shift: true }],
    isEnabled: withTimeline,
    run: () => step(-10),
  },
  forwardTen: {
    label: 'Forward ten frames',
    group: 'Playback',
    shortcuts: [{ key: 'ArrowRight', shift: true }],
    isEnabled: withTimeline,
    run: () => step(10),
  },
  goToFrame: {
    label: 'Go to a frame by its number',
    group: 'Playback',
    shortcuts: [{ key: 'g', mod: true }],
    isEnabled: withTimeline,
    run: () => timelineStore.getState().focusFrameField?.(),
  },
  slower: {
    label: 'Play slower',
    group: 'Playback',
    shortcuts: [{ key: ',' }, { key: '<' }],
    isEnabled: (state) =>
      state.playback.speed === 0.25 ? 'It plays as slowly as it can.' : withTimeline(state),
    run: () => changeSpeed(-1),
  },
  faster: {
    label: 'Play faster',
    group: 'Playback',
    shortcuts: [{ key: '.' }, { key: '>' }],
    isEnabled: (state) => (state.playback.speed === 4 ? 'It plays as fast as it can.' : withTimeline(state)),
    run: () => changeSpeed(1),
  },
  loop: {
    label: 'Loop between the marks',
    group: 'Playback',
    shortcuts: [{ key: 'l', shift: true }],
    isEnabled: withTimeline,
    run: toggleLoop,
  },
  mute: {
    label: 'Mute, or unmute',
    group: 'Playback',
    shortcuts: [{ key: 'm', shift: true }],
    isEnabled: (state) => {
      const { phase } = state.sound;
      if (phase === 'unplayable') return 'This browser cannot play the sound of this clip.';
      return phase === 'ready' || 'There is no clip with sound open.';
    },
    run: toggleMuted,
  },
  zoomTimelineIn: {
    label: 'Zoom the timeline in',
    group: 'Playback',
    shortcuts: [{ key: 'ArrowUp', alt: true }],
    isEnabled: (state) => {
      const open = withTimeline(state);
      return open === true && !canZoomTimeline(state.timeline) ? 'The frames are as wide as they get.' : open;
    },
    run: () => zoomTimeline(ZOOM_STEP),
  },
  zoomTimelineOut: {
    label: 'Zoom the timeline out',
    group: 'Playback',
    shortcuts: [{ key: 'ArrowDown', alt: true }],
    isEnabled: withZoomedTimeline,
    run: () => zoomTimeline(1 / ZOOM_STEP),
  },
  fitTimeline: {
    label: 'Show the whole clip on the timeline',
    group: 'Playback',
    shortcuts: [{ key: '0', alt: true }],
    isEnabled: withZoomedTimeline,
    run: fitTimeline,
  },
  scrollTimelineBack: {
    label: 'Scroll the timeline back',
    group: 'Playback',
    shortcuts: [{ key: 'PageUp', alt: true }],
    isEnabled: withZoomedTimeline,
    run: () => scroll(-0.8),
  },
  scrollTimelineForward: {
    label: 'Scroll the timeline forward',
    group: 'Playback',
    shortcuts: [{ key: 'PageDown', alt: true }],
    isEnabled: withZoomedTimeline,
    run: () => scroll(0.8),
  },
} as const satisfies Record<string, Command>;
