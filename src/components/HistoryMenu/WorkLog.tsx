import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { summarizeLog, type LogSummary } from '../../core/workLog.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { notifyError } from '../../stores/page/noticesStore.ts';
import { readWorkLog, saveWorkLog } from '../../stores/project/workLogFile.ts';
import { currentDocument } from '../../stores/work/objectsStore.ts';
import { describeReview } from '../../stores/work/review.ts';
import { Button } from '../Button/Button.tsx';
import { formatTimeLeft, plural } from '../format.ts';
import styles from './HistoryMenu.module.css';

/** How long was worked on the clip and what was done, and files with each thing that was done. */
export function WorkLog() {
  const [summary, setSummary] = useState<LogSummary>();
  const frameCount = useStore(videoStore, ({ clip }) => clip?.info.frameCount ?? 0);
  useEffect(() => {
    let isGone = false;
    readWorkLog().then((log) => {
      if (!isGone) setSummary(summarizeLog(log));
    }, notifyError);
    return () => void (isGone = true);
  }, []);
  return (
    <section className={styles.runs} aria-labelledby="log-title">
      <h3 id="log-title">Log of your work</h3>
      <p className={styles.text} data-testid="log-summary">
        {summary && describe(summary)} {describeReview(currentDocument(), frameCount)}
      </p>
      <div className={styles.buttons}>
        <Button emphasis="solid" label="Save as CSV" onClick={() => void saveWorkLog('csv')} />
        <Button emphasis="solid" label="Save as JSON" onClick={() => void saveWorkLog('json')} />
      </div>
    </section>
  );
}

function describe({ active, clicks, boxes, strokes, runs }: LogSummary): string {
  const counts = [
    [clicks, 'click'],
    [boxes, 'box'],
    [strokes, 'stroke'],
    [runs, 'run'],
  ] as const;
  const done = counts.flatMap(([count, noun]) => {
    if (count === 0) return [];
    return noun === 'box' && count > 1 ? [`${count} boxes`] : [plural(count, noun)];
  });
  return [`${formatTimeLeft(active / 1000)} at work`, ...done].join(', ') + '.';
}
