import { createStore } from 'zustand/vanilla';
import type { PointLabel } from '../../core/prompts.ts';

export type DialogName =
  | 'export'
  | 'import'
  | 'models'
  | 'shortcuts'
  | 'palette'
  | 'leave'
  | 'history'
  | 'about'
  | 'saving';
/** What a press on the stage does: places prompts, paints the mask, or moves the frame. */
export type Tool = 'click' | 'brush' | 'pan';
export type Theme = 'dark' | 'light' | 'system';

const THEMES: readonly Theme[] = ['dark', 'light', 'system'];
const THEME_KEY = 'masklet-theme';

interface UiState {
  readonly dialog: DialogName | undefined;
  readonly theme: Theme;
  readonly tool: Tool;
  /** The object whose name is being written. */
  readonly renamingId: number | undefined;
  /** What a plain click does: 1 adds to the object, 0 takes away. */
  readonly label: PointLabel;
  /** Opens the browser's file dialog; set by the component that holds the file input. */
  readonly pickFile: (() => void) | undefined;
}

export const uiStore = createStore<UiState>(() => ({
  dialog: undefined,
  theme: 'dark',
  tool: 'click',
  renamingId: undefined,
  label: 1,
  pickFile: undefined,
}));

/** Opens a dialog in place of the one before; `undefined` closes it. */
export function openDialog(dialog: DialogName | undefined): void {
  uiStore.setState({ dialog });
}

/** Sets what a plain click does: 1 adds to the object, 0 takes away. */
export function setLabel(label: PointLabel): void {
  uiStore.setState({ label });
}

/** Chooses what the pointer does on the stage. */
export function setTool(tool: Tool): void {
  uiStore.setState({ tool });
}

/** Opens the name of an object for writing; `undefined` ends it. */
export function setRenaming(renamingId: number | undefined): void {
  uiStore.setState({ renamingId });
}

/** Takes the theme that was chosen on an earlier visit. */
export function restoreTheme(): void {
  const saved = THEMES.find((theme) => theme === readSavedTheme());
  setTheme(saved ?? 'dark');
}

/** Dark, light, as the system says, and round again. */
export function nextTheme(): void {
  const at = THEMES.indexOf(uiStore.getState().theme);
  setTheme(THEMES[(at + 1) % THEMES.length] ?? 'dark');
}

function setTheme(theme: Theme): void {
  uiStore.setState({ theme });
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function readSavedTheme(): string | null {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null;
  }
}
