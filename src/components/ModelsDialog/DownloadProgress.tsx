import type { WeightProgress } from '../../core/protocol.ts';
import { formatMegabytes } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import styles from './ModelsDialog.module.css';

interface DownloadProgressProps {
  readonly name: string;
  /** Nothing until the server has answered. */
  readonly progress: WeightProgress | undefined;
}

/** How much of a model has come, in all and file by file. */
export function DownloadProgress({ name, progress }: DownloadProgressProps) {
  const share = progress && progress.loadedBytes / progress.totalBytes;
  return (
    <div className={styles.download}>
      <ProgressBar label={`Downloading ${name}`} value={share} />
      {progress && (
        <>
          <p className={styles.details} aria-live="off">
            {formatMegabytes(progress.loadedBytes)} of {formatMegabytes(progress.totalBytes)}
          </p>
          <ul className={styles.files}>
            {progress.files.map((file) => (
              <li key={file.name}>
                <span>{file.name.replaceAll('_', ' ')}</span>
                <span>
                  {file.loadedBytes === file.totalBytes
                    ? formatMegabytes(file.totalBytes)
                    : `${formatMegabytes(file.loadedBytes)} of ${formatMegabytes(file.totalBytes)}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
