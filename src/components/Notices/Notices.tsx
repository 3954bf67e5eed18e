import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Info, TriangleAlert, X } from 'lucide-react';
import { modelStore } from '../../stores/model/modelStore.ts';
import { dismissNotice, noticesStore, readingTime, type Notice } from '../../stores/page/noticesStore.ts';
import { retryModel } from '../../stores/workers/recovery.ts';
import { Button } from '../Button/Button.tsx';
import styles from './Notices.module.css';

/** What went wrong, until the person has read it; and news, which pass. Nothing lies under them that can be pressed. */
export function Notices() {
  const notices = useStore(noticesStore, (state) => state.notices);
  const model = useStore(modelStore);
  return (
    <>
      <div className={styles.news}>
        {notices
          .filter(({ kind }) => kind === 'notice')
          .map((notice) => (
            <News key={notice.id} notice={notice} />
          ))}
      </div>
      {model.phase === 'failed' && (
        <div className={`${styles.notice} ${styles.error}`} role="alert">
          <TriangleAlert aria-hidden />
          <p>{model.message}</p>
          <Button emphasis="solid" label={model.retry} onClick={retryModel} />
        </div>
      )}
      {notices
        .filter(({ kind }) => kind === 'error')
        .map((notice) => (
          <div key={notice.id} className={`${styles.notice} ${styles.error}`} role="alert">
            <TriangleAlert aria-hidden />
            <Sentence notice={notice} />
          </div>
        ))}
    </>
  );
}

/** Passes when there was time to read it, unless the pointer or the focus is on it. */
function News({ notice }: { readonly notice: Notice }) {
  const [isHeld, setHeld] = useState(false);
  const { id } = notice;
  const time = readingTime(notice);
  useEffect(() => {
    if (isHeld || time === undefined) return;
    const timer = setTimeout(() => dismissNotice(id), time);
    return () => clearTimeout(timer);
  }, [id, time, isHeld]);
  return (
    <div
      className={styles.notice}
      data-testid="notice"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Info aria-hidden />
      <Sentence notice={notice} />
    </div>
  );
}

function Sentence({ notice: { id, message, action } }: { readonly notice: Notice }) {
  return (
    <>
      <p>{message}</p>
      {action && (
        <Button
          emphasis="solid"
          label={action.label}
          onClick={() => {
            dismissNotice(id);
            action.run();
          }}
        />
      )}
      <Button iconOnly icon={<X aria-hidden />} label="Dismiss" onClick={() => dismissNotice(id)} />
    </>
  );
}
