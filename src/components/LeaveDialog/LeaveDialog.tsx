import { useRef } from 'react';
import { useStore } from 'zustand';
import { decideOnWork, leavingStore } from '../../stores/page/leaving.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { openDialog } from '../../stores/page/uiStore.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { AppDialog } from '../AppDialog.tsx';
import { Button } from '../Button/Button.tsx';
import { useCommandState } from '../Button/CommandButton.tsx';
import { plural } from '../format.ts';
import styles from './LeaveDialog.module.css';

/** Asks whether the work that is there may be given up for another clip. */
export function LeaveDialog() {
  const keep = useRef<HTMLButtonElement>(null);
  const next = useStore(leavingStore, (state) => state.next);
  const clip = useStore(videoStore, (state) => state.clip);
  const { present, future } = useStore(objectsStore, (state) => state.history);
  const count = present.objects.length;
  const canExport = useCommandState('export');
  return (
    <AppDialog name="leave" title="Discard this work?" onClose={() => decideOnWork(true)} firstFocus={keep}>
      <p className={styles.text}>
        Opening <b>{next?.name}</b> ends the work on <b>{clip?.name}</b>: {plural(count, 'object')} with all
        points and masks{future.length > 0 && `, and ${plural(future.length, 'step')} that you took back`}.
        This cannot be undone.
      </p>
      <footer className={styles.footer}>
        <Button
          emphasis="solid"
          label="Export first"
          unavailable={canExport === true ? undefined : canExport}
          onClick={() => openDialog('export')}
        />
        <Button emphasis="solid" label="Discard and open" onClick={() => decideOnWork(false)} />
        <Button ref={keep} emphasis="primary" label="Keep working" onClick={() => decideOnWork(true)} />
      </footer>
    </AppDialog>
  );
}
