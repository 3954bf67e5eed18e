import { useEffect, useEffectEvent, useState } from 'react';
import { useStore } from 'zustand';
import { CircleCheck } from 'lucide-react';
import { LOOK_NAMES } from '../../commands/viewCommands.ts';
import { LOOKS, type Look } from '../../core/looks.ts';
import type { VideoKind } from '../../core/protocol/video.ts';
import { exportScope, framesOf, type FrameChoice } from '../../document/exportScope.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import type { Clip } from '../../stores/clip/videoStore.ts';
import { lookStore } from '../../stores/stage/lookStore.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import {
  endVideo,
  isWriting,
  NO_ENCODER,
  saveVideo,
  videoExportStore,
  videoKind,
  videoName,
  type VideoOrder,
} from '../../stores/work/videoExport.ts';
import { videoSize } from '../../stores/work/videoSize.ts';
import { Button } from '../Button/Button.tsx';
import { formatSize, plural } from '../format.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { ExportGaps } from './ExportGaps.tsx';
import { FrameChoices } from './FrameChoices.tsx';
import form from '../formParts.module.css';
import styles from './ExportDialog.module.css';

const ABOUT: Record<Look, string> = {
  overlay: 'The clip with its masks in colours, as opaque as on the stage.',
  outline: 'The clip with the outlines of its masks.',
  cutout: 'The objects alone, the rest transparent: to be laid over another video.',
  matte: 'White objects on black: a mask for an editing program.',
  blur: 'The objects before the blurred clip.',
  color: 'The objects before one colour, as a green screen.',
  split: 'The clip beside its objects on black, twice as wide.',
};

/** A video that shows the masks: which frames, in which look, how far it is, and how it ended. */
export function VideoForm({ clip }: { readonly clip: Clip }) {
  const document = useStore(objectsStore, ({ history }) => history.present);
  const range = useStore(playbackStore, (state) => state.range);
  const isBusy = useStore(videoExportStore, (state) => isWriting(state));
  const [choice, setChoice] = useState<FrameChoice>(range ? 'marks' : 'all');
  const [look, setLook] = useState<Look>(() => lookStore.getState().look);
  const kind = useVideoKind(clip, look);
  const { frameCount } = clip.info;
  const scope = exportScope(document, framesOf(choice, document, { frameCount, range }), frameCount);
  const [first = 0, last = 0] = [scope.frames[0], scope.frames.at(-1)];
  const order = { clip, scope, look };
  const size = useVideoSize(order, kind !== undefined && kind !== null && !isBusy);
  return (
    <>
      <FrameChoices {...{ document, frameCount, range, choice, isDisabled: isBusy }} onChoose={setChoice} />
      <label className={styles.format}>
        <span className={styles.legend}>Look</span>
        <select
          value={look}
          disabled={isBusy}
          onChange={(event) => setLook(event.currentTarget.value as Look)}
        >
          {LOOKS.map((each) => (
            <option key={each} value={each}>
              {LOOK_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
      <p className={styles.text}>{ABOUT[look]}</p>
      {kind && (
        <div className={styles.contents}>
          <p className={styles.file}>{videoName(clip.name, look, kind.ending)}</p>
          <p className={styles.text} data-testid="video-contents">
            {plural(last - first + 1, 'frame')} · {kind.codec} ·{' '}
            {clip.info.sound ? 'with the clip’s sound' : 'no sound'}
            {size !== undefined && ` · about ${formatSize(size)}`}
          </p>
        </div>
      )}
      <ExportGaps gaps={scope.gaps} />
      <VideoFooter order={order} kind={kind} />
    </>
  );
}

/** Nothing while it is asked, `null` where the browser encodes no such video. */
function useVideoKind(clip: Clip, look: Look): VideoKind | null | undefined {
  const [found, setFound] = useState<{ look: Look; kind: VideoKind | null }>();
  useEffect(() => {
    let isLate = false;
    const tell = (kind: VideoKind | null) => !isLate && setFound({ look, kind });
    videoKind(clip, look).then(
      (kind) => tell(kind ?? null),
      () => tell(null),
    );
    return () => {
      isLate = true;
    };
  }, [clip, look]);
  return found?.look === look ? found.kind : undefined;
}

/** About how large the video will be, in bytes; nothing until that is known. */
function useVideoSize(order: VideoOrder, isAsked: boolean): number | undefined {
  const { clip, look, scope } = order;
  const [first, last] = [scope.frames[0], scope.frames.at(-1)];
  const of = `${look} ${first} ${last}`;
  const [found, setFound] = useState<{ of: string; size: number | undefined }>();
  const sizeNow = useEffectEvent((signal: AbortSignal) => videoSize(order, signal));
  useEffect(() => {
    if (!isAsked) return;
    const abort = new AbortController();
    sizeNow(abort.signal).then(
      (size) => !abort.signal.aborted && setFound({ of, size }),
      // It is a help: where it fails, saving says why.
      () => undefined,
    );
    return () => abort.abort();
  }, [clip, of, isAsked]);
  return found?.of === of ? found.size : undefined;
}

interface VideoFooterProps {
  readonly order: VideoOrder;
  readonly kind: VideoKind | null | undefined;
}

function VideoFooter({ order, kind }: VideoFooterProps) {
  const state = useStore(videoExportStore);
  if (state.phase === 'running' || state.phase === 'ending') {
    return (
      <footer className={styles.footer}>
        <div className={styles.progress}>
          <ProgressBar label="Exporting video" value={state.done / state.total} />
          <span>
            {state.done} of {plural(state.total, 'frame')}
          </span>
        </div>
        <Button
          emphasis="solid"
          label={state.phase === 'ending' ? 'Finishing…' : 'Stop and save'}
          unavailable={state.phase === 'ending' ? 'The file is being finished.' : undefined}
          onClick={endVideo}
        />
      </footer>
    );
  }
  const refusal =
    kind === null
      ? NO_ENCODER
      : order.clip.file === undefined
        ? 'The video of this project is not at hand: choose it first.'
        : undefined;
  return (
    <footer className={styles.footer}>
      {(refusal ?? (state.phase === 'failed' && state.message)) && (
        <p className={styles.failed} role="alert">
          {refusal ?? (state.phase === 'failed' && state.message)}
        </p>
      )}
      {state.phase === 'done' && (
        <div className={styles.outcome}>
          <p className={form.done}>
            <CircleCheck aria-hidden />
            {plural(state.frames, 'frame')}, {formatSize(state.bytes)} on its way to your downloads.
          </p>
          {state.note && <p className={styles.text}>{state.note}</p>}
        </div>
      )}
      <Button
        emphasis="primary"
        label="Save"
        unavailable={refusal ?? (order.scope.frames.length === 0 ? 'There are no such frames.' : undefined)}
        onClick={() => void saveVideo(order)}
      />
    </footer>
  );
}
