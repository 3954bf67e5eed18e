import type { KeyboardEvent } from 'react';
import { commandForKey, runCommand } from '../../commands/runCommand.ts';

/** Runs the command of a key with Alt, which a slider would take for the key without it. */
export function runAltCommand(event: KeyboardEvent): void {
  const id = event.altKey ? commandForKey(event) : undefined;
  if (id === undefined) return;
  event.preventDefault();
  runCommand(id);
}
