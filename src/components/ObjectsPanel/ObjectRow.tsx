import { useState, type CSSProperties, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { Eye, EyeOff, Pencil, Trash2 } from 'lucide-react';
import type { MaskObject } from '../../stores/document.ts';
import { deleteObject, renameObject, selectObject, toggleVisible } from '../../stores/objectsStore.ts';
import { playbackStore } from '../../stores/playbackStore.ts';
import { Button } from '../Button/Button.tsx';
import styles from './ObjectsPanel.module.css';

interface ObjectRowProps {
  readonly object: MaskObject;
  readonly isSelected: boolean;
  readonly isHidden: boolean;
}

/** One object: its colour and name, what it has on this frame, and what can be done with it. */
export function ObjectRow({ object, isSelected, isHidden }: ObjectRowProps) {
  const [isRenaming, setRenaming] = useState(false);
  const frame = useStore(playbackStore, (state) => state.frame);
  const { id, name, color } = object;
  return (
    <li
      className={styles.row}
      data-selected={isSelected || undefined}
      data-hidden={isHidden || undefined}
      style={{ '--object': color } as CSSProperties}
    >
      {isRenaming ? (
        <NameField object={object} onDone={() => setRenaming(false)} />
      ) : (
        <button
          type="button"
          className={styles.select}
          aria-label={name}
          aria-pressed={isSelected}
          onClick={() => selectObject(id)}
          onDoubleClick={() => setRenaming(true)}
        >
          <span className={styles.swatch} />
          <span className={styles.text}>
            <span className={styles.name}>{name}</span>
            <span className={styles.detail}>{describe(object, frame)}</span>
          </span>
        </button>
      )}
      <div className={styles.actions}>
        {!isRenaming && (
          <Button
            className={styles.quiet}
            iconOnly
            icon={<Pencil aria-hidden />}
            label={`Rename ${name}`}
            onClick={() => setRenaming(true)}
          />
        )}
        <Button
          className={isHidden ? undefined : styles.quiet}
          iconOnly
          icon={isHidden ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          label={isHidden ? `Show ${name}` : `Hide ${name}`}
          onClick={() => toggleVisible(id)}
        />
        <Button
          className={styles.quiet}
          iconOnly
          icon={<Trash2 aria-hidden />}
          label={`Delete ${name}`}
          onClick={() => deleteObject(id)}
        />
      </div>
    </li>
  );
}

function NameField({ object, onDone }: { readonly object: MaskObject; readonly onDone: () => void }) {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') event.currentTarget.value = object.name;
    if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
  };
  return (
    <label className={styles.select}>
      <span className={styles.swatch} />
      <input
        className={styles.field}
        aria-label={`Name of ${object.name}`}
        defaultValue={object.name}
        maxLength={80}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          renameObject(object.id, event.currentTarget.value);
          onDone();
        }}
      />
    </label>
  );
}

/** What an object has on a frame, in a few words. */
function describe({ track, prompts, decoded }: MaskObject, frame: number): string {
  const own = prompts.get(frame);
  if (own !== undefined && decoded.get(frame) !== own) return 'Mask to come…';
  const entry = track.get(frame);
  if (entry === undefined) return track.size > 0 ? 'No mask on this frame' : 'No mask yet';
  if (entry.status === 'absent') return 'Not in this frame';
  const score = `${Math.round(entry.score * 100)} %`;
  if (entry.status === 'stale') return `Stale, score ${score}`;
  return `Score ${score}`;
}
