import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { uiStore } from '../../stores/page/uiStore.ts';
import { AppDialog } from '../AppDialog.tsx';
import styles from './AboutDialog.module.css';

/** The file that the build makes (tools/build/notices.ts). */
const NOTICES = 'third-party-notices.txt';

/** The version, and the licences of Masklet and of all that it contains. */
export function AboutDialog() {
  const isOpen = useStore(uiStore, ({ dialog }) => dialog === 'about');
  const [notices, setNotices] = useState<string>();
  useEffect(() => {
    if (!isOpen) return;
    const missing = () =>
      setNotices('The licences could not be loaded. Check the connection, then open this again.');
    fetch(NOTICES).then(async (response) => {
      if (response.ok) setNotices(await response.text());
      else missing();
    }, missing);
  }, [isOpen]);
  return (
    <AppDialog name="about" title="About Masklet" wide>
      <p>Masklet cuts objects out of videos. The files that you open stay on this computer.</p>
      <pre className={styles.notices} tabIndex={0} role="region" aria-label="Version and licences">
        {notices ?? 'Loading…'}
      </pre>
    </AppDialog>
  );
}
