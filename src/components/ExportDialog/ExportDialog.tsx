import { useState } from 'react';
import { useStore } from 'zustand';
import { askAgainAfterExport } from '../../stores/page/leaving.ts';
import { keepExportChoice, lastExportChoice, type ExportChoice } from '../../stores/work/exportChoice.ts';
import { countFiles, exportFormat, exportName } from '../../stores/work/exportFormats.ts';
import { closeExport, exportStore } from '../../stores/work/exportStore.ts';
import { patternFault, type ExportOrder } from '../../stores/work/exportTask.ts';
import { objectsStore } from '../../stores/work/objectsStore.ts';
import { closeVideoExport, isWriting, videoExportStore } from '../../stores/work/videoExport.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { hasTimeline, videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { everyNth, exportScope, framesOf, type FrameChoice } from '../../document/exportScope.ts';
import { AppDialog } from '../AppDialog.tsx';
import { plural } from '../format.ts';
import { ExportFooter } from './ExportFooter.tsx';
import { ExportGaps } from './ExportGaps.tsx';
import { ExportPreview } from './ExportPreview.tsx';
import { FormatChoice } from './FormatChoice.tsx';
import { FrameChoices } from './FrameChoices.tsx';
import { VideoForm } from './VideoForm.tsx';
import form from '../formParts.module.css';
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
    <AppDialog name="export" title="Export" wide={kind === 'masks'} canClose={!isBusy} onClose={close}>
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
        <label key={each} className={form.radio}>
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
  const [frameChoice, setFrameChoice] = useState<FrameChoice>(range ? 'marks' : 'all');
  const [choice, setChoice] = useState(lastExportChoice);
  const change = (changed: Partial<ExportChoice>) => {
    const next = { ...choice, ...changed };
    setChoice(next);
    keepExportChoice(next);
  };
  const { format, switches, step, namePattern } = choice;
  const { frameCount } = clip.info;
  const chosen = framesOf(frameChoice, document, { frameCount, range });
  const scope = exportScope(document, everyNth(chosen, step), frameCount);
  const order: ExportOrder = { clip, scope, format, switches, namePattern };
  const { description, writer, hasFrameNames, needsVideo } = exportFormat(format);
  const contents = [
    plural(countFiles(format, switches, scope), 'file'),
    plural(scope.frames.length, 'frame'),
    plural(scope.objects.length, 'object'),
    plural(scope.maskCount, 'mask'),
  ];
  const fault = faultOf(order, hasFrameNames === true, needsVideo === true);
  return (
    <>
      <div className={styles.columns}>
        <div>
          <FormatChoice {...{ format, switches, description, isDisabled: isRunning }} onChange={change} />
        </div>
        <div>
          {writer && hasTimeline(clip) && (
            <FrameChoices
              {...{ document, frameCount, range, choice: frameChoice, step, isDisabled: isRunning }}
              onChoose={setFrameChoice}
              onStep={(next) => change({ step: next })}
            />
          )}
          {hasFrameNames && hasTimeline(clip) && (
            <label className={styles.names}>
              <span className={styles.legend}>Names of frames</span>
              <input
                type="text"
                value={namePattern}
                disabled={isRunning}
                spellCheck={false}
                onChange={(event) => change({ namePattern: event.currentTarget.value })}
              />
            </label>
          )}
          <div className={styles.contents}>
            <p className={styles.file}>{exportName(clip.name, format, switches)}</p>
            {writer && (
              <p className={styles.text} data-testid="export-contents">
                {contents.join(' · ')}
              </p>
            )}
            {writer && fault === undefined && !isRunning && <ExportPreview order={order} />}
          </div>
          {writer && <ExportGaps gaps={scope.gaps} />}
        </div>
      </div>
      <ExportFooter order={order} fault={fault} />
    </>
  );
}

/** Why an order cannot be written, as far as it is known before. */
function faultOf(
  { clip, namePattern }: ExportOrder,
  hasNames: boolean,
  needsVideo: boolean,
): string | undefined {
  if (needsVideo && clip.file === undefined) return 'A cut-out needs the video, which is not at hand.';
  return hasNames ? patternFault(namePattern) : undefined;
}
