import { useState } from 'react';
import { useStore } from 'zustand';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { coverage } from '../../document/document.ts';
import {
  cancelExport,
  closeExport,
  exportName,
  exportStore,
  saveMasks,
} from '../../stores/work/exportStore.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { AppDialog } from '../AppDialog.tsx';
import { Button } from '../Button/Button.tsx';
import { formatSize, plural } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './ExportDialog.module.css';

/** Writes masks to files: what will be in them, one choice, progress and outcome. */
export function ExportDialog() {
  const state = useStore(exportStore);
  const isRunning = state.phase === 'running';
  return (
    <AppDialog name="export" title="Export" canClose={!isRunning} onClose={closeExport}>
      <ExportForm />
    </AppDialog>
  );
}

function ExportForm() {
  const [binary, setBinary] = useState(false);
  const state = useStore(exportStore);
  const clip = useStore(videoStore, ({ clip }) => clip);
  const document = useStore(objectsStore, ({ history }) => history.present);
  if (clip === undefined) return null;
  const { frameCount, kind } = clip.info;
  const warning = describeGaps(coverage(document, frameCount));
  const isRunning = state.phase === 'running';
  return (
    <>
      <p className={styles.file}>{exportName(clip.name)}</p>
      <p className={styles.text}>
        {kind === 'image' ? 'A PNG ID map' : `${plural(frameCount, 'PNG ID map')}, one for each frame`}, with
        the DAVIS palette: a pixel’s value is the object’s number, 0 is the background. Where masks overlap,
        the object lower in the list wins.
      </p>
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={binary}
          disabled={isRunning}
          onChange={(event) => setBinary(event.currentTarget.checked)}
        />
        Also a black and white PNG for each object and frame
      </label>
      {warning !== undefined && (
        <p className={styles.warning}>
          <TriangleAlert aria-hidden />
          {warning}
        </p>
      )}
      <footer className={styles.footer}>
        {isRunning ? (
          <>
            <div className={styles.progress}>
              <ProgressBar label="Writing masks" />
              <span>{formatSize(state.writtenBytes)} written</span>
            </div>
            <Button emphasis="solid" label="Cancel" onClick={cancelExport} />
          </>
        ) : (
          <>
            {state.phase === 'failed' && (
              <p className={styles.failed} role="alert">
                {state.message}
              </p>
            )}
            {state.phase === 'done' && (
              <p className={styles.done}>
                <CircleCheck aria-hidden />
                {formatSize(state.writtenBytes)} saved to your downloads.
              </p>
            )}
            <Button emphasis="primary" label="Save" onClick={() => void saveMasks(binary)} />
          </>
        )}
      </footer>
    </>
  );
}

/** What a person should know before they use the masks. */
function describeGaps({ stale, missing }: { stale: number; missing: number }): string | undefined {
  const parts: string[] = [];
  if (stale > 0)
    parts.push(
      `${plural(stale, 'mask')} ${stale === 1 ? 'is' : 'are'} stale: tracked before the last change.`,
    );
  if (missing > 0)
    parts.push(`${plural(missing, 'mask')} ${missing === 1 ? 'is' : 'are'} missing and will be background.`);
  return parts.length > 0 ? `${parts.join(' ')} Track completes them.` : undefined;
}
