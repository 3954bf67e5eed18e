import { describe, expect, it } from 'vitest';
import type { ClipInfo } from '../core/clip.ts';
import { wholeScale } from '../core/timeScale.ts';
import { FIT } from '../core/viewport.ts';
import { EMPTY_DOCUMENT, withNewObject, type MaskDocument } from '../document/document.ts';
import { withPrompts } from '../document/promptedMasks.ts';
import { newHistory } from '../document/history.ts';
import { elsewhereStore } from '../stores/project/elsewhereStore.ts';
import { projectStore } from '../stores/project/projectStore.ts';
import type { AppState } from './appState.ts';
import { command, COMMANDS, type CommandId } from './commands.ts';
import { matchCommands } from './matchCommands.ts';
import { commandForKey } from './runCommand.ts';
import { shortcutKeys, type KeyPress } from './shortcuts.ts';

const VIDEO: ClipInfo = {
  kind: 'video',
  width: 4,
  height: 2,
  frameCount: 3,
  timestamps: Float64Array.of(0, 1, 2),
  duration: 3,
  codec: 'vp8',
};

const prompted = withPrompts(withNewObject(EMPTY_DOCUMENT).document, 1, 0, {
  points: [{ x: 1, y: 1, label: 1 }],
});

function stateWith(document: MaskDocument, info: ClipInfo | undefined, isLoaded = true): AppState {
  const device = { kind: 'wasm', label: 'CPU' } as const;
  return {
    video: {
      phase: info ? 'ready' : 'empty',
      clip: info && { name: 'clip.webm', file: new Blob(), info },
      opening: undefined,
      modelClip: 'ready',
      ...{ shots: [], thumbnails: [], scannedFrames: 0 },
    },
    objects: {
      history: newHistory(document),
      selectedId: undefined,
      hidden: new Set(),
      soloId: undefined,
      readOnly: undefined,
    },
    playback: {
      frame: 0,
      shownFrame: 0,
      frameError: undefined,
      playing: false,
      range: undefined,
      loops: false,
      speed: 1,
    },
    tracking: { phase: 'idle' },
    model: isLoaded
      ? {
          phase: 'ready',
          model: { id: 'm', name: 'M', family: 'embedded', device, weightBytes: 1, fromCache: true },
        }
      : { phase: 'idle' },
    exporting: { phase: 'idle' },
    proposals: { phase: 'off' },
    view: { room: { width: 400, height: 200 }, view: FIT },
    elsewhere: elsewhereStore.getInitialState(),
    project: projectStore.getInitialState(),
    crosshair: { at: undefined, isActive: false, corner: undefined, focusStage: undefined },
    timeline: { scale: wholeScale(3, 100), focusFrameField: undefined },
    sound: { phase: 'none', muted: false },
  };
}

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

describe('the table of commands', () => {
  it('gives each command a key', () => {
    const keyless = (Object.keys(COMMANDS) as CommandId[]).filter((id) => command(id).shortcuts.length === 0);
    expect(keyless).toEqual([]);
  });

  it('gives no key to two commands', () => {
    const keys = (Object.keys(COMMANDS) as CommandId[]).flatMap((id) =>
      command(id).shortcuts.map((shortcut) => shortcutKeys(shortcut).join('+')),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tells apart keys with and without modifiers', () => {
    expect(commandForKey(press('z', { ctrlKey: true }))).toBe('undo');
    expect(commandForKey(press('Z', { metaKey: true, shiftKey: true }))).toBe('redo');
    expect(commandForKey(press('y', { ctrlKey: true }))).toBe('redo');
    expect(commandForKey(press('?', { shiftKey: true }))).toBe('shortcuts');
    expect(commandForKey(press('[', { ctrlKey: true, altKey: true }))).toBe('smallerBrush');
    expect(commandForKey(press('3'))).toBe('lookCutout');
    expect(commandForKey(press('3', { shiftKey: true }))).toBe('lookCutout');
    for (const other of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }])
      expect(commandForKey(press('3', other))).toBeUndefined();
    expect(commandForKey(press('t', { ctrlKey: true }))).toBeUndefined();
    expect(commandForKey(press('z'))).toBeUndefined();
    expect(commandForKey(press('Enter', { altKey: true }))).toBe('placeAwayPoint');
    expect(commandForKey(press('Enter'))).toBe('placePoint');
  });
});

describe('Track', () => {
  const { isEnabled } = command('track');

  it('is possible when there is something to follow and the model is loaded', () => {
    expect(isEnabled(stateWith(prompted, VIDEO))).toBe(true);
  });

  it('says why it is not possible', () => {
    expect(isEnabled(stateWith(EMPTY_DOCUMENT, undefined))).toContain('Open a video');
    expect(isEnabled(stateWith(EMPTY_DOCUMENT, VIDEO))).toContain('Click an object');
    expect(isEnabled(stateWith(prompted, VIDEO, false))).toContain('model');
    expect(isEnabled(stateWith(prompted, { ...VIDEO, frameCount: 1 }))).toContain('one frame');
    expect(isEnabled(stateWith(prompted, { ...VIDEO, frameCount: 1, kind: 'image' }))).toContain('image');
  });
});

describe('Find and follow everything', () => {
  const { isEnabled } = command('followEverything');

  it('needs no click, but a video, a model, and room', () => {
    expect(isEnabled(stateWith(EMPTY_DOCUMENT, VIDEO))).toBe(true);
    expect(isEnabled(stateWith(EMPTY_DOCUMENT, undefined))).toContain('Open a video');
    expect(isEnabled(stateWith(EMPTY_DOCUMENT, VIDEO, false))).toContain('model');
    expect(isEnabled(stateWith(EMPTY_DOCUMENT, { ...VIDEO, frameCount: 1 }))).toContain('one frame');
    let full = EMPTY_DOCUMENT;
    for (let i = 0; i < 255; i++) full = withNewObject(full).document;
    expect(isEnabled(stateWith(full, VIDEO))).toContain('255 objects at most');
  });
});

describe('Export', () => {
  it('needs a mask', () => {
    expect(command('export').isEnabled(stateWith(prompted, VIDEO))).toContain('no mask');
  });
});

describe('Another mask for this click', () => {
  const { isEnabled } = command('nextReading');
  const selected = (state: AppState): AppState => ({
    ...state,
    objects: { ...state.objects, selectedId: 1 },
  });

  it('is for a single click', () => {
    expect(isEnabled(selected(stateWith(prompted, VIDEO)))).toBe(true);
    const twice = withPrompts(prompted, 1, 0, {
      points: [
        { x: 1, y: 1, label: 1 },
        { x: 2, y: 1, label: 0 },
      ],
    });
    expect(isEnabled(selected(stateWith(twice, VIDEO)))).toContain('single click');
    expect(isEnabled(stateWith(prompted, VIDEO))).toContain('single click');
  });
});

describe('the search for commands', () => {
  it('finds by any words of the label or the group, those that begin with them first', () => {
    expect(matchCommands('')).toHaveLength(Object.keys(COMMANDS).length - 1);
    expect(matchCommands('track')[0]).toBe('track');
    expect(matchCommands(' FRAME one ')).toEqual(['trackStep', 'trackStepBack']);
    expect(matchCommands('playback')).toContain('firstFrame');
    expect(matchCommands('nothing like it')).toEqual([]);
  });
});
