import { uiStore } from '../stores/page/uiStore.ts';
import { command } from './commands.ts';
import { commandForKey, runCommand } from './runCommand.ts';
import { readAppState } from './appState.ts';

const TEXT_FIELDS =
  'input:not([type=checkbox], [type=radio], [type=color]), textarea, select, [contenteditable=true]';
const PRESSED_BY_SPACE = 'button, a, summary, input, [role=radio], [role=switch], [role=checkbox]';

/** Whether Space means something where the focus is. */
export function isPressedBySpace(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${TEXT_FIELDS}, ${PRESSED_BY_SPACE}`) !== null;
}

/** Runs commands by their keys, wherever the focus is, except where the key means something there. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || uiStore.getState().dialog !== undefined) return;
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest(TEXT_FIELDS)) return;
    if (event.key === ' ' && isPressedBySpace(event.target)) return;
    const id = commandForKey(event);
    if (id === undefined || command(id).isEnabled(readAppState()) !== true) return;
    event.preventDefault();
    // Held, Space plays or pauses once.
    if (event.key === ' ' && event.repeat) return;
    runCommand(id);
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}
