import { useStore } from 'zustand';
import { announcementsStore } from '../../stores/page/announcements.ts';
import styles from './Announcer.module.css';

/** Says what happens on the page to those who listen to it. Not seen. */
export function Announcer() {
  const log = useStore(announcementsStore, (state) => state.log);
  return (
    <div className={styles.unseen} role="log" aria-label="Announcements" aria-live="polite">
      {log.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
