import { useStore } from 'zustand';
import { CircleCheck, HardDrive, Trash2 } from 'lucide-react';
import type { ModelListing } from '../../core/protocol.ts';
import {
  cancelDownload,
  chooseModel,
  libraryStore,
  removeModel,
  type Download,
} from '../../stores/libraryStore.ts';
import { modelStore } from '../../stores/modelStore.ts';
import { trackingStore } from '../../stores/trackingStore.ts';
import { Button } from '../Button/Button.tsx';
import { formatMegabytes } from '../format.ts';
import { DownloadProgress } from './DownloadProgress.tsx';
import styles from './ModelsDialog.module.css';

/** One model: what it is good for, its size and licence, whether it is here, and what can be done with it. */
export function ModelRow({ listing }: { readonly listing: ModelListing }) {
  const { id, name, about, licence, source, host, unfit } = listing;
  const download = useStore(libraryStore, ({ downloads }) => downloads.get(id));
  const isRunning = useStore(modelStore, (state) => state.phase === 'ready' && state.model.id === id);
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
          {formatMegabytes(listing.totalBytes)} · {licence} ·{' '}
          {source === undefined ? origin(host) : <Source address={source}>{origin(host)}</Source>}
        </p>
        {unfit !== undefined && <p className={styles.details}>{unfit}</p>}
        {download?.phase === 'failed' && (
          <p className={styles.problem} role="alert">
            {download.message}
          </p>
        )}
        {download?.phase === 'running' && <DownloadProgress name={name} progress={download.progress} />}
      </div>
      <Actions listing={listing} download={download} isRunning={isRunning} />
    </li>
  );
}

interface ActionsProps {
  readonly listing: ModelListing;
  readonly download: Download | undefined;
  readonly isRunning: boolean;
}

function Actions({ listing, download, isRunning }: ActionsProps) {
  const { id, name, isKept, keptBytes, totalBytes, unfit } = listing;
  const isTracking = useStore(trackingStore, ({ phase }) => phase === 'running');
  const isLoading = useStore(modelStore, ({ phase }) => phase === 'loading' || phase === 'compiling');
  if (download?.phase === 'running') {
    return (
      <div className={styles.actions}>
        <Button look="solid" label="Cancel" onClick={() => cancelDownload(id)} />
      </div>
    );
  }
  const why =
    unfit ??
    (isKept && isTracking ? 'Tracking is running.' : undefined) ??
    (isLoading ? 'A model is being loaded.' : undefined);
  return (
    <div className={styles.actions}>
      {!isRunning && (
        <Button
          look="solid"
          label={label(listing, download)}
          title={isKept ? undefined : `${formatMegabytes(totalBytes - keptBytes)} to download`}
          unavailable={why}
          onClick={() => void chooseModel(listing)}
        />
      )}
      {!isRunning && keptBytes > 0 && (
        <Button
          iconOnly
          icon={<Trash2 aria-hidden />}
          label={`Delete the files of ${name} (${formatMegabytes(keptBytes)})`}
          onClick={() => void removeModel(id)}
        />
      )}
    </div>
  );
}

function label({ isKept, keptBytes }: ModelListing, download: Download | undefined): string {
  if (isKept) return 'Use';
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
