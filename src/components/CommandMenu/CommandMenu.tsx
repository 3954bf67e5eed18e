import type { ReactNode } from 'react';
import { DropdownMenu } from 'radix-ui';
import { command, type CommandId } from '../../commands/commands.ts';
import { runCommand } from '../../commands/runCommand.ts';
import { shortcutKeys } from '../../commands/shortcuts.ts';
import { useCommandState } from '../Button/CommandButton.tsx';
import styles from './CommandMenu.module.css';

interface CommandMenuProps {
  readonly ids: readonly CommandId[];
  /** What commands are called in this menu, where that is not their own label. */
  readonly labels?: Partial<Record<CommandId, string>>;
  readonly align?: 'start' | 'end';
  /** The button that opens the menu. */
  readonly children: ReactNode;
}

/** A menu of commands, with their keys. */
export function CommandMenu({ ids, labels = {}, align = 'end', children }: CommandMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles.menu}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          // Letters find items here; elsewhere they are keys of commands.
          onKeyDown={(event) => event.stopPropagation()}
        >
          {ids.map((id) => (
            <CommandItem key={id} id={id} label={labels[id] ?? command(id).label} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function CommandItem({ id, label }: { readonly id: CommandId; readonly label: string }) {
  const state = useCommandState(id);
  const shortcut = command(id).shortcuts[0];
  return (
    <DropdownMenu.Item
      className={styles.item}
      disabled={state !== true}
      title={state === true ? undefined : state}
      onSelect={() => runCommand(id)}
    >
      <span>{label}</span>
      {shortcut && <kbd aria-hidden>{shortcutKeys(shortcut).join('+')}</kbd>}
    </DropdownMenu.Item>
  );
}
