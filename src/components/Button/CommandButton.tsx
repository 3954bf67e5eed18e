import { useSyncExternalStore, type ReactNode } from 'react';
import { readAppState, subscribeToApp } from '../../commands/appState.ts';
import { command, type CommandId } from '../../commands/commands.ts';
import { runCommand } from '../../commands/runCommand.ts';
import { shortcutKeys } from '../../commands/shortcuts.ts';
import { Button } from './Button.tsx';

interface CommandButtonProps {
  readonly id: CommandId;
  readonly icon?: ReactNode;
  readonly iconOnly?: boolean;
  readonly compact?: boolean;
  readonly roomy?: boolean;
  /** What is shown of the label, where that is too long. */
  readonly text?: string;
  readonly emphasis?: 'plain' | 'solid' | 'primary';
  /** In place of the command's own label. */
  readonly label?: string;
  /** Said in the tooltip after the label, for example what would be undone. */
  readonly detail?: string | undefined;
  readonly className?: string | undefined;
  /** Whether what it switches is on. */
  readonly pressed?: boolean;
}

/** Whether a command is possible now: `true`, or why not. */
export function useCommandState(id: CommandId): true | string {
  return useSyncExternalStore(subscribeToApp, () => command(id).isEnabled(readAppState()));
}

/** A button that runs a command. It looks and says what the table of commands says of it. */
export function CommandButton({
  id,
  label = command(id).label,
  detail,
  pressed,
  ...rest
}: CommandButtonProps) {
  const state = useCommandState(id);
  const shortcut = command(id).shortcuts[0];
  const keys = shortcut && ` (${shortcutKeys(shortcut).join('+')})`;
  return (
    <Button
      {...rest}
      data-command={id}
      aria-pressed={pressed}
      label={label}
      title={`${label}${detail ? ` ${detail}` : ''}${keys ?? ''}`}
      unavailable={state === true ? undefined : state}
      onClick={() => runCommand(id)}
    />
  );
}
