import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Popover } from 'radix-ui';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { openDialog, uiStore } from '../../stores/page/uiStore.ts';
import {
  dropKeptVideo,
  keepVideoNow,
  MAX_KEPT_VIDEO,
  setKeepsVideos,
} from '../../stores/project/keptVideo.ts';
import { projectStore, type ProjectState } from '../../stores/project/projectStore.ts';
import { readRoom } from '../../stores/project/storage.ts';
import { Button } from '../Button/Button.tsx';
import { CommandButton } from '../Button/CommandButton.tsx';
import { formatAgo, formatSize } from '../format.ts';
import styles from './Projects.module.css';

const WORDS = { saved: 'Saved', saving: 'Saving…', failed: 'Not saved', off: 'Not saved' };

/** Whether the work is in the browser's storage, in a word; behind it, all that is known of it and what can be done. */
export function SaveNote() {
  const project = useStore(projectStore);
  const isOpen = useStore(uiStore, (state) => state.dialog === 'saving');
  const { id, saved, savedAt, problem, heldSince } = project;
  if (heldSince !== undefined || (id === undefined && problem === undefined)) return null;
  const isSafe = saved === 'saved' || saved === 'saving';
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => openDialog(open ? 'saving' : undefined)}>
      <Popover.Trigger
        className={isSafe ? styles.saved : `${styles.saved} ${styles.unsaved}`}
        title={[problem ?? '', ...sentences(project)].join('\n').trim()}
      >
        {WORDS[saved]}
        {saved === 'saved' && savedAt !== undefined && <SavedAgo at={savedAt} />}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.saving} aria-label="Saving" sideOffset={6} collisionPadding={8}>
          <SavingPanel />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Beside the word, how long ago that was: only for the eye, as a screen reader would tell of every second. */
function SavedAgo({ at }: { readonly at: number }) {
  return (
    <span aria-hidden="true" className={styles.ago}>
      {` ${formatAgo(useSecondsSince(at))}`}
    </span>
  );
}

function SavingPanel() {
  const project = useStore(projectStore);
  const file = useStore(videoStore, ({ clip }) => clip?.file);
  const { id, keepsVideos, problem, saved, savedAt, videoBytes } = project;
  useEffect(() => void readRoom().catch(() => undefined), []);
  const mayKeep = id !== undefined && videoBytes === 0 && file !== undefined && file.size <= MAX_KEPT_VIDEO;
  return (
    <>
      <h3>Saving</h3>
      {problem !== undefined && <p className={styles.unsaved}>{problem}</p>}
      {savedAt !== undefined && <LastSave isAll={saved === 'saved'} at={savedAt} />}
      {sentences(project).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {id !== undefined && (
        <label className={styles.choice}>
          <input
            type="checkbox"
            checked={keepsVideos}
            onChange={(event) => setKeepsVideos(event.target.checked)}
          />
          Keep videos of up to {Math.round(MAX_KEPT_VIDEO / 1e6)} MB with their projects
        </label>
      )}
      <div className={styles.choices}>
        {videoBytes > 0 && (
          <Button
            emphasis="solid"
            label="Delete the copy of the video"
            onClick={() => void dropKeptVideo()}
          />
        )}
        {mayKeep && <Button emphasis="solid" label="Keep this video" onClick={() => void keepVideoNow()} />}
        <CommandButton id="saveProject" emphasis="solid" />
        <CommandButton id="checkSaving" emphasis="solid" />
      </div>
    </>
  );
}

function LastSave({ isAll, at }: { readonly isAll: boolean; readonly at: number }) {
  const ago = formatAgo(useSecondsSince(at));
  return <p>{isAll ? `All work was saved ${ago}.` : `The last save was ${ago}.`}</p>;
}

/** What is known of how the project is kept, but for what stops it and for when it was saved. */
function sentences({ id, persistent, room, videoBytes }: ProjectState): string[] {
  if (id === undefined) return [];
  return [
    persistent
      ? 'The browser has promised to keep it.'
      : 'The browser has not promised to keep it: save what matters as a file.',
    videoBytes > 0 ? `The video is kept with the project (${formatSize(videoBytes)}).` : undefined,
    room && `${formatSize(room.usage)} of ${formatSize(room.quota)} are in use.`,
  ].filter((sentence) => sentence !== undefined);
}

/** Whole seconds since a moment, renewed every second of the first minute and every minute from then on. @param at as `Date.now()` */
function useSecondsSince(at: number): number {
  const [now, setNow] = useState(() => Date.now());
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  const interval = seconds < 60 ? 1000 : 60_000;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return seconds;
}
