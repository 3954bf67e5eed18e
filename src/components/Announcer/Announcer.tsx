import { useStore } from 'zustand';
import { announcementsStore } from '../../stores/page/announcements.ts';
import styles from './Announcer.module.css';

/** Says what happens on the page to those who listen to it. Not seen. */
export function Announcer() {
  const { id, text } = useStore(announcementsStore);
  return (
    <div className={styles.unseen} role="log" aria-label="Announcements" aria-live="polite">
      <p key={id}>{text}</p>
    </div>
  );
}
