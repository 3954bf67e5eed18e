import { useRef } from 'react';
import { useStore } from 'zustand';
import { answerLongRun, longRunStore } from '../../stores/work/longRun.ts';
import { AppDialog } from '../AppDialog.tsx';
import { Button } from '../Button/Button.tsx';
import { formatTimeLeft, plural } from '../format.ts';
import styles from './LongRunDialog.module.css';

/** Says that a run will take long, and offers a part of it. */
export function LongRunDialog() {
  const first = useRef<HTMLButtonElement>(null);
  const question = useStore(longRunStore, (state) => state.question);
  return (
    <AppDialog
      name="longRun"
      title="This will take a while"
      onClose={() => answerLongRun('none')}
      firstFocus={first}
    >
      {question && (
        <>
          <p className={styles.text}>
            At this computer’s pace, {plural(question.frames, 'frame')} take about{' '}
            <b>{formatTimeLeft(question.seconds)}</b>. You can stop at any time and keep the masks so far, or
            begin with a part: the in-mark and the out-mark are then set to it.
          </p>
          <footer className={styles.footer}>
            <Button
              emphasis="solid"
              label={`Track all ${plural(question.frames, 'frame')}`}
              onClick={() => answerLongRun('all')}
            />
            <Button
              ref={first}
              emphasis="primary"
              label={`Track frames ${question.part.first} to ${question.part.last} (5 min)`}
              onClick={() => answerLongRun('part')}
            />
          </footer>
        </>
      )}
    </AppDialog>
  );
}
