import { useStore } from 'zustand';
import { projectStore, type ProjectState } from '../../stores/project/projectStore.ts';
import { formatSize } from '../format.ts';
import styles from './Projects.module.css';

const WORDS = { saved: 'Saved', saving: 'Saving…', failed: 'Not saved', off: 'Not saved' };

/** Whether the work is in the browser's storage, in a word; all that is known of it is in the tooltip. */
export function SaveNote() {
  const project = useStore(projectStore);
  const { id, saved, problem, heldSince } = project;
  if (heldSince !== undefined || (id === undefined && problem === undefined)) return null;
  const isSafe = saved === 'saved' || saved === 'saving';
  return (
    <span
      className={isSafe ? styles.saved : `${styles.saved} ${styles.unsaved}`}
      title={explain(project)}
      aria-live="off"
    >
      {WORDS[saved]}
    </span>
  );
}

function explain({ problem, savedAt, persistent, room, videoBytes }: ProjectState): string {
  const sentences = [
    problem,
    savedAt === undefined ? undefined : `Saved at ${new Date(savedAt).toLocaleTimeString()}.`,
    persistent
      ? 'The browser has promised to keep it.'
      : 'The browser has not promised to keep it: save what matters as a file.',
    videoBytes > 0 ? `The video is kept with the project (${formatSize(videoBytes)}).` : undefined,
    room && `${formatSize(room.usage)} of ${formatSize(room.quota)} are in use.`,
  ];
  return sentences.filter((sentence) => sentence !== undefined).join('\n');
}
