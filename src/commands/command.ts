import type { AppState } from './appState.ts';
import type { Shortcut } from './shortcuts.ts';

/** Something that a person can do. Buttons, keys and the sheet of shortcuts are drawn from it. */
export interface Command {
  readonly label: string;
  readonly group: 'File' | 'Edit' | 'Crosshair' | 'Objects' | 'Playback' | 'Tracking' | 'View' | 'Tools';
  readonly shortcuts: readonly Shortcut[];
  /** `true`, or why it is not possible now. */
  readonly isEnabled: (state: AppState) => true | string;
  readonly run: () => void;
}
