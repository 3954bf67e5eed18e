import type { WeightProgress } from '../../core/protocol/model.ts';
import { formatSize } from '../format.ts';
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
            {formatSize(progress.loadedBytes)} of {formatSize(progress.totalBytes)}
          </p>
          <ul className={styles.files}>
            {progress.files.map((file) => (
              <li key={file.name}>
                <span>{file.name.replaceAll('_', ' ')}</span>
                <span>
                  {file.loadedBytes === file.totalBytes
                    ? formatSize(file.totalBytes)
                    : `${formatSize(file.loadedBytes)} of ${formatSize(file.totalBytes)}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
