import { useStore } from 'zustand';
import { doubtfulStore, doubtShown } from '../../stores/work/doubtful.ts';
import { exportStore } from '../../stores/work/exportStore.ts';
import { libraryStore } from '../../stores/model/libraryStore.ts';
import { modelStore } from '../../stores/model/modelStore.ts';
import { modelWorkStore } from '../../stores/model/modelWorkStore.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { proposalsStore } from '../../stores/work/proposalsStore.ts';
import { retryModel } from '../../stores/workers/recovery.ts';
import { trackingStore } from '../../stores/work/trackingStore.ts';
import { videoStore } from '../../stores/clip/videoStore.ts';
import { Button } from '../Button/Button.tsx';
import { CommandButton } from '../Button/CommandButton.tsx';
import { formatSize } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { idleHint } from './idleHint.ts';
import { LoadProgress } from './LoadProgress.tsx';
import { TrackProgress } from './TrackProgress.tsx';
import styles from './StatusBar.module.css';

/** The one thing that goes on and that the person most likely waits for; a hint of what to do where there is none. */
export function Activity() {
  const video = useStore(videoStore);
  const model = useStore(modelStore);
  const tracking = useStore(trackingStore);
  const work = useStore(modelWorkStore);
  const exporting = useStore(exportStore);
  const downloads = useStore(libraryStore, (state) => state.downloads);
  const frame = useStore(playbackStore, (state) => state.frame);
  const history = useStore(objectsStore, (state) => state.history);
  const selectedId = useStore(objectsStore, (state) => state.selectedId);
  const proposals = useStore(proposalsStore);
  const doubtful = useStore(doubtfulStore, (state) => state.at);
  const judged = useStore(doubtfulStore, (state) => state.judged);

  const isTouch = matchMedia('(pointer: coarse)').matches;

  if (tracking.phase === 'running') {
    return <TrackProgress progress={tracking} />;
  }
  if (model.phase === 'loading' || model.phase === 'compiling') {
    return (
      <>
        <LoadProgress state={model} />
        <CommandButton id="cancel" label="Cancel" emphasis="solid" className={styles.small} />
      </>
    );
  }
  if (exporting.phase === 'running') {
    return <span className={styles.text}>Exporting: {formatSize(exporting.writtenBytes)}</span>;
  }
  if (model.phase === 'cancelled') {
    return (
      <>
        <span className={styles.text}>The model is not loaded. Your clicks wait until it is.</span>
        <Button emphasis="solid" className={styles.small} label="Load the model" onClick={retryModel} />
      </>
    );
  }
  if (video.phase === 'opening') {
    return (
      <>
        <Busy text={`Opening ${video.opening ?? 'the file'}…`} />
        <CommandButton id="cancel" label="Cancel" emphasis="solid" className={styles.small} />
      </>
    );
  }
  if (video.modelClip === 'opening' && model.phase === 'ready')
    return <Busy text="The model is reading the clip…" />;
  if (proposals.phase === 'finding') {
    return (
      <Busy
        text={
          proposals.like
            ? `Looking for more like ${proposals.like.name}, here and in other shots. Click what you want to keep.`
            : 'Looking for all objects on the frame. Click what you want to keep.'
        }
      />
    );
  }
  if (work.decoding !== undefined) {
    const at = video.clip?.info.kind === 'image' ? 'the image' : `frame ${work.decoding.frame}`;
    const isRead = work.preparedFrame === work.decoding.frame;
    return <Busy text={isRead ? `Finding the mask on ${at}…` : `Reading ${at}; its mask comes next…`} />;
  }
  if (work.preparing?.phase === 'reading') {
    const at = video.clip?.info.kind === 'image' ? 'the image' : `frame ${work.preparing.frame}`;
    return <Busy text={`Reading ${at} for the model…`} />;
  }
  const download = [...downloads.values()].find(({ phase }) => phase === 'running');
  if (download?.phase === 'running') {
    const { loadedBytes = 0, totalBytes = 0 } = download.progress ?? {};
    return (
      <>
        <span className={styles.progress}>
          <ProgressBar
            label="Downloading a model"
            value={totalBytes > 0 ? loadedBytes / totalBytes : undefined}
          />
        </span>
        <span className={styles.text}>
          Downloading a model
          <span className={styles.detail} aria-live="off">
            {formatSize(loadedBytes)} of {formatSize(totalBytes)}
          </span>
        </span>
      </>
    );
  }
  if (proposals.phase === 'found' && (proposals.like || proposals.frame === frame))
    return <span className={styles.text}>Click what you want to keep. Esc ends it.</span>;
  if (judged !== undefined) return <Busy text="Looking for doubtful masks…" value={judged} />;
  const doubt = doubtShown(doubtful, frame, selectedId);
  if (doubt !== undefined) return <span className={styles.text}>{doubt}</span>;
  return <span className={styles.text}>{idleHint({ video, tracking, history, frame, model, isTouch })}</span>;
}

function Busy({ text, value }: { readonly text: string; readonly value?: number }) {
  return (
    <>
      <span className={styles.progress}>
        <ProgressBar label={text} value={value} />
      </span>
      <span className={styles.text}>{text}</span>
    </>
  );
}
