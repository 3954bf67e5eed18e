import { useState } from 'react';
import { useStore } from 'zustand';
import { askAgainAfterExport } from '../../stores/page/leaving.ts';
import { closeExport, exportStore } from '../../stores/work/exportStore.ts';
import {
  EXPORT_FORMATS,
  exportFormat,
  exportName,
  type ExportFormatId,
} from '../../stores/work/exportFormats.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { closeVideoExport, isWriting, videoExportStore } from '../../stores/work/videoExport.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { hasTimeline, videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { exportScope, framesOf, type FrameChoice } from '../../document/exportScope.ts';
import { AppDialog } from '../AppDialog.tsx';
import { plural } from '../format.ts';
import { ExportFooter } from './ExportFooter.tsx';
import { ExportGaps } from './ExportGaps.tsx';
import { FrameChoices } from './FrameChoices.tsx';
import { VideoForm } from './VideoForm.tsx';
import styles from './ExportDialog.module.css';

/** Writes masks to files: which frames, in which format, what will be in them and what is missing, progress and outcome. */
export function ExportDialog() {
  const isRunning = useStore(exportStore, (state) => state.phase === 'running');
  const isWritingVideo = useStore(videoExportStore, (state) => isWriting(state));
  const clip = useStore(videoStore, (state) => state.clip);
  const [kind, setKind] = useState<ExportKind>('masks');
  const isBusy = isRunning || isWritingVideo;
  const close = () => {
    closeExport();
    closeVideoExport();
    askAgainAfterExport();
  };
  const canBeVideo = clip !== undefined && hasTimeline(clip);
  return (
    <AppDialog name="export" title="Export" canClose={!isBusy} onClose={close}>
      {canBeVideo && <KindSwitch kind={kind} isDisabled={isBusy} onChoose={setKind} />}
      {clip && (canBeVideo && kind === 'video' ? <VideoForm clip={clip} /> : <ExportForm clip={clip} />)}
    </AppDialog>
  );
}

type ExportKind = 'masks' | 'video';

interface KindSwitchProps {
  readonly kind: ExportKind;
  readonly isDisabled: boolean;
  readonly onChoose: (kind: ExportKind) => void;
}

/** Files of masks, or a video that shows them. */
function KindSwitch({ kind, isDisabled, onChoose }: KindSwitchProps) {
  return (
    <div role="radiogroup" aria-label="What is exported" className={styles.kinds}>
      {(['masks', 'video'] as const).map((each) => (
        <label key={each} className={styles.radio}>
          <input
            type="radio"
            name="export-kind"
            checked={kind === each}
            disabled={isDisabled}
            onChange={() => onChoose(each)}
          />
          <b>{each === 'masks' ? 'Masks' : 'Video'}</b>
        </label>
      ))}
    </div>
  );
}

function ExportForm({ clip }: { readonly clip: Clip }) {
  const document = useStore(objectsStore, ({ history }) => history.present);
  const range = useStore(playbackStore, (state) => state.range);
  const isRunning = useStore(exportStore, (state) => state.phase === 'running');
  const [choice, setChoice] = useState<FrameChoice>(range ? 'marks' : 'all');
  const [format, setFormat] = useState<ExportFormatId>('png');
  const [binary, setBinary] = useState(false);
  const { frameCount } = clip.info;
  const scope = exportScope(document, framesOf(choice, document, { frameCount, range }), frameCount);
  const { countFiles, description } = exportFormat(format);
  const contents = [
    plural(countFiles({ scope, binary }), 'file'),
    plural(scope.frames.length, 'frame'),
    plural(scope.objects.length, 'object'),
    plural(scope.maskCount, 'mask'),
  ];
  return (
    <>
      {hasTimeline(clip) && (
        <FrameChoices
          {...{ document, frameCount, range, choice, isDisabled: isRunning }}
          onChoose={setChoice}
        />
      )}
      <label className={styles.format}>
        <span className={styles.legend}>Format</span>
        <select
          size={Math.max(2, Object.keys(EXPORT_FORMATS).length)}
          value={format}
          disabled={isRunning}
          onChange={(event) => setFormat(event.currentTarget.value as ExportFormatId)}
        >
          {Object.entries(EXPORT_FORMATS).map(([id, { label }]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <p className={styles.text}>{description}</p>
      {format === 'png' && (
        <label className={styles.choice}>
          <input
            type="checkbox"
            checked={binary}
            disabled={isRunning}
            onChange={(event) => setBinary(event.currentTarget.checked)}
          />
          Also a black and white PNG for each object and frame
        </label>
      )}
      <div className={styles.contents}>
        <p className={styles.file}>{exportName(clip.name, format)}</p>
        <p className={styles.text} data-testid="export-contents">
          {contents.join(' · ')}
        </p>
      </div>
      <ExportGaps gaps={scope.gaps} />
      <ExportFooter format={format} order={{ clip, scope, binary }} />
    </>
  );
}
