import { useStore } from 'zustand';
import { CircleCheck, HardDrive, Trash2 } from 'lucide-react';
import type { ModelListing } from '../../core/protocol/library.ts';
import {
  cancelDownload,
  chooseModel,
  libraryStore,
  removeModel,
  type Download,
} from '../../stores/model/libraryStore.ts';
import { modelStore } from '../../stores/model/modelStore.ts';
import { trackingStore } from '../../stores/work/trackingStore.ts';
import { cancelLoad } from '../../stores/workers/recovery.ts';
import { Button } from '../Button/Button.tsx';
import { formatSize } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { DownloadProgress } from './DownloadProgress.tsx';
import styles from './ModelsDialog.module.css';

const FIRST_DOWNLOAD =
  'The hashes of these files were not known when this app was made. Masklet keeps those of the first download, and refuses other files later.';

/** One model: what it is good for, its size and licence, whether it is here, and what can be done with it. */
export function ModelRow({ listing }: { readonly listing: ModelListing }) {
  const { id, name, about, licence, source, host, unfit } = listing;
  const download = useStore(libraryStore, ({ downloads }) => downloads.get(id));
  const model = useStore(modelStore);
  const isRunning = model.phase === 'ready' && model.model.id === id;
  const isLoading = (model.phase === 'loading' || model.phase === 'compiling') && model.id === id;
  return (
    <li className={`${styles.model} ${isRunning ? styles.running : ''}`} aria-label={name}>
      <div className={styles.facts}>
        <h3>
          {name}
          {isRunning && (
            <span className={styles.mark}>
              <CircleCheck aria-hidden />
              in use
            </span>
          )}
          {!isRunning && listing.isKept && (
            <span className={styles.mark}>
              <HardDrive aria-hidden />
              here
            </span>
          )}
        </h3>
        {about !== '' && <p>{about}</p>}
        <p className={styles.details}>
          {formatSize(listing.totalBytes)} · {licence} ·{' '}
          {source === undefined ? origin(host) : <Source address={source}>{origin(host)}</Source>}
          {!listing.isPinned && <span title={FIRST_DOWNLOAD}> · trusted at first download</span>}
        </p>
        {unfit !== undefined && <p className={styles.details}>{unfit}</p>}
        {download?.phase === 'failed' && (
          <p className={styles.problem} role="alert">
            {download.message}
          </p>
        )}
        {isLoading && (
          <div className={styles.download}>
            <ProgressBar label={`Preparing ${name}`} />
            <p className={styles.details}>Preparing the model…</p>
          </div>
        )}
        {download?.phase === 'running' && <DownloadProgress name={name} progress={download.progress} />}
      </div>
      <Actions listing={listing} download={download} isRunning={isRunning} isLoading={isLoading} />
    </li>
  );
}

interface ActionsProps {
  readonly listing: ModelListing;
  readonly download: Download | undefined;
  readonly isRunning: boolean;
  readonly isLoading: boolean;
}

function Actions({ listing, download, isRunning, isLoading }: ActionsProps) {
  const { id, name, isKept, keptBytes, totalBytes, unfit } = listing;
  const isTracking = useStore(trackingStore, ({ phase }) => phase === 'running');
  const isBusy = useStore(modelStore, ({ phase }) => phase === 'loading' || phase === 'compiling');
  if (download?.phase === 'running' || isLoading) {
    return (
      <div className={styles.actions}>
        <Button
          emphasis="solid"
          label="Cancel"
          onClick={() => (isLoading ? void cancelLoad() : cancelDownload(id))}
        />
      </div>
    );
  }
  const why =
    unfit ??
    (isKept && isTracking ? 'Tracking is running.' : undefined) ??
    (isBusy ? 'A model is being loaded.' : undefined);
  return (
    <div className={styles.actions}>
      {!isRunning && (
        <Button
          emphasis="solid"
          label={label(listing, download)}
          title={isKept ? undefined : `${formatSize(totalBytes - keptBytes)} to download`}
          unavailable={why}
          onClick={() => void chooseModel(listing)}
        />
      )}
      {!isRunning && keptBytes > 0 && (
        <Button
          iconOnly
          icon={<Trash2 aria-hidden />}
          label={`Delete the files of ${name} (${formatSize(keptBytes)})`}
          onClick={() => void removeModel(id)}
        />
      )}
    </div>
  );
}

function label({ isKept, keptBytes, host }: ModelListing, download: Download | undefined): string {
  // One from a folder has nowhere to come from: trying says so.
  if (isKept || host === undefined) return 'Use';
  if (download?.phase === 'failed') return 'Try again';
  return keptBytes > 0 ? 'Go on and use' : 'Download and use';
}

function origin(host: string | undefined): string {
  if (host === undefined) return 'added from a folder';
  return host === location.host ? 'comes with this app' : `from ${host}`;
}

function Source({ address, children }: { readonly address: string; readonly children: string }) {
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
