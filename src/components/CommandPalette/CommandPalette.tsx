import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { readAppState } from '../../commands/appState.ts';
import { command, type CommandId } from '../../commands/commands.ts';
import { matchCommands } from '../../commands/matchCommands.ts';
import { runCommand } from '../../commands/runCommand.ts';
import { openDialog } from '../../stores/page/uiStore.ts';
import { AppDialog } from '../AppDialog.tsx';
import { useCommandState } from '../Button/CommandButton.tsx';
import { Keys } from '../Keys.tsx';
import styles from './CommandPalette.module.css';

/** Every command, found by typing. The one that is chosen runs when the focus is back where it was. */
export function CommandPalette() {
  const field = useRef<HTMLInputElement>(null);
  const chosen = useRef<CommandId>(undefined);
  const runChosen = () => {
    if (chosen.current !== undefined) runCommand(chosen.current);
    chosen.current = undefined;
  };
  const choose = (id: CommandId) => {
    if (command(id).isEnabled(readAppState()) !== true) return;
    chosen.current = id;
    openDialog(undefined);
  };
  return (
    <AppDialog name="palette" title="Commands" firstFocus={field} onClosed={runChosen}>
      <CommandSearch field={field} onChoose={choose} />
    </AppDialog>
  );
}

interface CommandSearchProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onChoose: (id: CommandId) => void;
}

function CommandSearch({ field, onChoose }: CommandSearchProps) {
  const listId = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const ids = matchCommands(query);
  const active = ids[at];
  const optionId = (id: CommandId) => `${listId}-${id}`;

  const moveTo = (index: number) => {
    const next = Math.min(Math.max(index, 0), ids.length - 1);
    setAt(next);
    const id = ids[next];
    if (id !== undefined) document.getElementById(optionId(id))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isCtrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (isCtrlK) openDialog(undefined);
    else if (event.key === 'ArrowDown') moveTo(at === ids.length - 1 ? 0 : at + 1);
    else if (event.key === 'ArrowUp') moveTo(at === 0 ? ids.length - 1 : at - 1);
    else if (event.key === 'PageDown') moveTo(at + 8);
    else if (event.key === 'PageUp') moveTo(at - 8);
    else if (event.key === 'Enter' && active !== undefined) onChoose(active);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        ref={field}
        className={styles.field}
        role="combobox"
        aria-label="Find a command"
        aria-expanded={ids.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active && optionId(active)}
        placeholder="Find a command"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} className={styles.list} role="listbox" aria-label="Commands" tabIndex={-1}>
        {ids.map((id) => (
          <Option key={id} {...{ id, optionId: optionId(id), isActive: id === active, onChoose }} />
        ))}
      </ul>
      {ids.length === 0 && (
        <p className={styles.none} aria-live="polite">
          No command matches.
        </p>
      )}
    </>
  );
}

interface OptionProps {
  readonly id: CommandId;
  readonly optionId: string;
  readonly isActive: boolean;
  readonly onChoose: (id: CommandId) => void;
}

function Option({ id, optionId, isActive, onChoose }: OptionProps) {
  const state = useCommandState(id);
  const { label, group, shortcuts } = command(id);
  const shortcut = shortcuts[0];
  return (
    <li
      id={optionId}
      className={styles.option}
      role="option"
      aria-selected={isActive}
      aria-disabled={state !== true || undefined}
      onClick={() => onChoose(id)}
    >
      <span className={styles.text}>
        <span>{label}</span>
        {state !== true && <span className={styles.reason}>{state}</span>}
      </span>
      <span className={styles.group}>{group}</span>
      <span className={styles.keys}>{shortcut && <Keys shortcut={shortcut} />}</span>
    </li>
  );
}
