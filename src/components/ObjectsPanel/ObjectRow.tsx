import type { ComponentProps, CSSProperties, KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { Eye, EyeOff, Focus, Lock, LockOpen, Trash2 } from 'lucide-react';
import { UNSURE, type Doubt, type Doubts } from '../../core/doubt.ts';
import { includesFrame, includesRange } from '../../core/frameRanges.ts';
import type { FrameMask, FrameStatus } from '../../core/frameMask.ts';
import { givenMask, type FramePrompts } from '../../core/prompts.ts';
import { rleArea } from '../../core/rle.ts';
import type { MaskObject } from '../../document/document.ts';
import {
  deleteObject,
  renameObject,
  selectObject,
  toggleLock,
  toggleSolo,
  toggleVisible,
} from '../../stores/work/objectsStore.ts';
import { activeRange, playbackStore } from '../../stores/clip/playbackStore.ts';
import { setRenaming, uiStore } from '../../stores/page/uiStore.ts';
import { Button } from '../Button/Button.tsx';
import { ColorPicker } from './ColorPicker.tsx';
import styles from './ObjectsPanel.module.css';

interface ObjectRowProps extends ComponentProps<'li'> {
  readonly object: MaskObject;
  readonly doubts: Doubts | undefined;
  readonly isSelected: boolean;
  /** Hidden by itself, whether or not another one is shown alone. */
  readonly isHidden: boolean;
  readonly isSolo: boolean;
  /** Whether its masks are drawn. */
  readonly isDrawn: boolean;
}

/** One object: its colour and name, what it has on this frame, and what can be done with it. */
export function ObjectRow({
  object,
  doubts,
  isSelected,
  isHidden,
  isSolo,
  isDrawn,
  ...rest
}: ObjectRowProps) {
  const isRenaming = useStore(uiStore, (state) => state.renamingId === object.id);
  const frame = useStore(playbackStore, (state) => state.frame);
  const range = useStore(playbackStore, (state) => state.range) ?? activeRange();
  const { id, name, color } = object;
  const isLocked = includesRange(object.locked, range);
  const frames = `on frames ${range.first} to ${range.last} (L)`;
  return (
    <li
      {...rest}
      className={styles.row}
      draggable={!isRenaming}
      data-selected={isSelected || undefined}
      data-hidden={!isDrawn || undefined}
      style={{ '--object': color } as CSSProperties}
    >
      <ColorPicker object={object} />
      {isRenaming ? (
        <NameField object={object} onDone={() => setRenaming(undefined)} />
      ) : (
        <button
          type="button"
          className={styles.select}
          aria-pressed={isSelected}
          title="Double-click to rename, drag to reorder"
          onClick={() => selectObject(id)}
          onDoubleClick={() => setRenaming(id)}
        >
          <span className={styles.text}>
            <span className={styles.name}>{name}</span>{' '}
            <span className={styles.detail} title={scoreOf(object, frame)}>
              {describe(object, frame, doubts?.get(frame))}
            </span>
          </span>
        </button>
      )}
      <div className={styles.actions}>
        <Button
          className={isLocked ? undefined : styles.quiet}
          iconOnly
          icon={isLocked ? <Lock aria-hidden /> : <LockOpen aria-hidden />}
          label={isLocked ? `Unlock ${name}` : `Lock ${name}`}
          title={isLocked ? `Unlock ${name} ${frames}` : `Lock ${name} ${frames}`}
          onClick={() => toggleLock(id)}
        />
        <Button
          className={isSolo ? undefined : styles.quiet}
          iconOnly
          icon={<Focus aria-hidden />}
          label={`Show ${name} only`}
          title={isSolo ? 'Show all objects (S)' : `Show ${name} only (S)`}
          aria-pressed={isSolo}
          onClick={() => toggleSolo(id)}
        />
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
    // Enter and Escape are an input method's while it composes.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') event.currentTarget.value = object.name;
    if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
  };
  return (
    <label className={styles.select}>
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

/** What is said after how sure the model is; nothing where that says it all. */
const DOUBTS: Record<Doubt, string | undefined> = {
  unsure: undefined,
  lost: undefined,
  jump: 'jumps here',
  disagrees: 'two runs differ',
  overlaps: 'overlaps another',
};

const STATES: Partial<Record<FrameStatus, string>> = {
  stale: 'Stale',
  interpolated: 'Filled in',
  detailed: 'In detail',
};

/** What an object has on a frame, in a few words. */
function describe(object: MaskObject, frame: number, doubt: Doubt | undefined): string {
  const { track, prompts, decoded, locked } = object;
  const own = prompts.get(frame);
  if (own !== undefined && decoded.get(frame) !== own) return 'Mask to come…';
  const entry = track.get(frame);
  if (entry === undefined) return track.size > 0 ? 'No mask on this frame' : 'No mask yet';
  const state = includesFrame(locked, frame) ? 'Locked' : STATES[entry.status];
  const parts = [state, confidence(entry, own), doubt && DOUBTS[doubt]].filter((part) => part !== undefined);
  const text = parts.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How sure the model is of a mask: not of one that a person made. */
function confidence(entry: FrameMask, own: FramePrompts | undefined): string {
  if (own && givenMask(own)) return 'made by hand';
  if (entry.status !== 'prompted' && rleArea(entry.mask) === 0) return 'lost: not in this frame';
  return entry.score < UNSURE ? 'unsure' : 'sure';
}

/** The model's score of the mask on a frame, in words with the number; nothing for a mask that a person made. */
function scoreOf({ track, prompts }: MaskObject, frame: number): string | undefined {
  const entry = track.get(frame);
  const own = prompts.get(frame);
  if (entry === undefined || (own && givenMask(own))) return undefined;
  return `The model’s score: ${Math.round(entry.score * 100)} %`;
}
