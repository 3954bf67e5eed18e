import { logWork } from '../stores/work/workLog.ts';
import { readAppState } from './appState.ts';
import { command, COMMANDS, type CommandId } from './commands.ts';
import { matchesShortcut, type KeyPress } from './shortcuts.ts';

/** Runs a command if it is possible now, and notes that in the log. Returns whether it was. */
export function runCommand(id: CommandId): boolean {
  if (command(id).isEnabled(readAppState()) !== true) return false;
  logWork('command', id);
  command(id).run();
  return true;
}

/** The command that a key press stands for. */
export function commandForKey(press: KeyPress): CommandId | undefined {
  const ids = Object.keys(COMMANDS) as CommandId[];
  return ids.find((id) => command(id).shortcuts.some((shortcut) => matchesShortcut(press, shortcut)));
}
