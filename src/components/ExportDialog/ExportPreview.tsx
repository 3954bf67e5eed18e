import { useEffect, useState } from 'react';
import type { ExportPreview as Preview } from '../../core/protocol/exporter.ts';
import { previewExport } from '../../stores/work/exportStore.ts';
import type { ExportOrder } from '../../stores/work/exportTask.ts';
import { formatSize } from '../format.ts';
import styles from './ExportDialog.module.css';

/** How long a choice stays as it is before its files are tried, in milliseconds. */
const PAUSE = 150;

/** The first files of an export, and how large it will be. */
export function ExportPreview({ order }: { readonly order: ExportOrder }) {
  const [found, setFound] = useState<{
    readonly order: ExportOrder;
    readonly preview: Preview | undefined;
  }>();
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void previewExport(order).then((preview) => {
        if (isCurrent) setFound({ order, preview });
      });
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [order]);
  const preview = found?.order === order ? found.preview : undefined;
  if (preview === undefined) return null;
  return (
    <div className={styles.preview} data-testid="export-preview">
      <p className={styles.text}>About {formatSize(preview.bytes)}. First files:</p>
      <ul aria-label="First files">
        {preview.paths.map((path) => (
          <li key={path}>{path}</li>
        ))}
      </ul>
    </div>
  );
}
