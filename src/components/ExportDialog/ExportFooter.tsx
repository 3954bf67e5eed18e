import { useStore } from 'zustand';
import { CircleCheck } from 'lucide-react';
import type { ExportFormatId, ExportOrder } from '../../stores/work/exportFormats.ts';
import { cancelExport, exportStore, saveExport } from '../../stores/work/exportStore.ts';
import { Button } from '../Button/Button.tsx';
import { formatSize } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './ExportDialog.module.css';

interface ExportFooterProps {
  readonly format: ExportFormatId;
  readonly order: ExportOrder;
}

/** Save, how far it is, and how it ended. */
export function ExportFooter({ format, order }: ExportFooterProps) {
  const state = useStore(exportStore);
  if (state.phase === 'running') {
    return (
      <footer className={styles.footer}>
        <div className={styles.progress}>
          <ProgressBar label="Exporting masks" />
          <span>{formatSize(state.writtenBytes)} written</span>
        </div>
        <Button emphasis="solid" label="Cancel" onClick={cancelExport} />
      </footer>
    );
  }
  return (
    <footer className={styles.footer}>
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
      <Button emphasis="primary" label="Save" onClick={() => void saveExport(format, order)} />
    </footer>
  );
}
