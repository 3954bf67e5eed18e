import { useRef, type CSSProperties } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { LoaderCircle } from 'lucide-react';
import { BLUR_ZOOM, blurDeviation, type Look } from '../../core/looks.ts';
import { placeFrame, visiblePart } from '../../core/viewport.ts';
import { crosshairBox, crosshairStore } from '../../stores/stage/crosshairStore.ts';
import { lookStore } from '../../stores/stage/lookStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { stageStore } from '../../stores/stage/stageStore.ts';
import { uiStore } from '../../stores/page/uiStore.ts';
import { videoStore, type Clip } from '../../stores/clip/videoStore.ts';
import { viewStore } from '../../stores/stage/viewStore.ts';
import { ReadingStrip } from '../ReadingStrip/ReadingStrip.tsx';
import { BrushCursor } from './BrushCursor.tsx';
import { Crosshair } from './Crosshair.tsx';
import { FrameCanvas } from './FrameCanvas.tsx';
import { GpuStage } from './GpuStage.tsx';
import { MaskCanvas } from './MaskCanvas.tsx';
import type { MaskLook } from './maskPicture.ts';
import { PreviewLayer } from './PreviewLayer.tsx';
import { ProposalLayer } from './ProposalLayer.tsx';
import { Prompts } from './Prompts.tsx';
import { SeekingNote } from './SeekingNote.tsx';
import { SplitPane } from './SplitPane.tsx';
import { useBrushGesture } from './useBrushGesture.ts';
import { StaleNote } from './StaleNote.tsx';
import { useCrosshair } from './useCrosshair.ts';
import { usePromptGesture } from './usePromptGesture.ts';
import { useRoom } from './useRoom.ts';
import { useViewGestures } from './useViewGestures.ts';
import styles from './Stage.module.css';

/** From this many CSS pixels for a pixel of the video on, its pixels are drawn as squares. */
const CRISP_FROM = 4;

/** What is drawn over the frame, or in place of it. */
const MASK_LOOKS: Record<Look, MaskLook | undefined> = {
  overlay: 'overlay',
  outline: 'outline',
  cutout: 'cutout',
  matte: 'matte',
  blur: 'cutout',
  color: 'cutout',
  split: undefined,
};

/** The frame at the playhead with its masks and prompts, and the place where prompts are given. */
export function Stage({ clip }: { readonly clip: Clip }) {
  const room = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLCanvasElement>(null);
  const video = clip.info;
  useRoom(room);
  const { isPanning, handlers: viewHandlers } = useViewGestures(room);
  const { room: roomSize, view } = useStore(viewStore);
  const crosshairHandlers = useCrosshair(stage);
  const keyDraft = useStore(crosshairStore, useShallow(crosshairBox));
  const prompting = usePromptGesture(video);
  const painting = useBrushGesture(video);
  const label = useStore(uiStore, (state) => state.label);
  const tool = useStore(uiStore, (state) => state.tool);
  const handlers = tool === 'brush' ? painting.handlers : prompting.handlers;
  const { look, background } = useStore(lookStore);
  const renderer = useStore(stageStore, (state) => state.renderer);
  const opening = useStore(videoStore, (state) => state.opening);
  const error = useStore(playbackStore, ({ frameError, frame }) =>
    frameError?.frame === frame ? frameError.message : undefined,
  );
  const place = placeFrame(view, { room: roomSize, video });
  const isCrisp = place.width / video.width >= CRISP_FROM;
  const part = visiblePart(place, roomSize);
  const maskLook = MASK_LOOKS[look];
  const style = {
    ...place,
    '--background': background,
    '--blur': `${blurDeviation(place.width)}px`,
    '--blur-zoom': BLUR_ZOOM,
  } as CSSProperties;
  return (
    <div className={styles.panes} style={{ '--aspect': video.width / video.height } as CSSProperties}>
      <div ref={room} className={styles.room} data-panning={isPanning || undefined} {...viewHandlers}>
        <div
          ref={stage}
          className={styles.stage}
          style={style}
          data-look={look === 'split' ? undefined : look}
          data-crisp={isCrisp || undefined}
          data-testid="stage"
          data-label={label}
          data-tool={tool}
          role="application"
          tabIndex={0}
          aria-roledescription="frame to point at"
          aria-label="Stage: the arrow keys move a crosshair, Enter adds a point there, Alt+Enter takes away, Shift+Enter begins and ends a box"
          onContextMenu={(event) => event.preventDefault()}
          {...handlers}
          {...crosshairHandlers}
        >
          {renderer === 'gpu' ? (
            <GpuStage stage={place} part={part} isCrisp={isCrisp} />
          ) : (
            <>
              <FrameCanvas canvas={frame} video={video} />
              {maskLook && <MaskCanvas look={maskLook} stage={place} {...{ part, frame, isCrisp }} />}
            </>
          )}
          <Prompts video={video} stage={stage} draft={prompting.draft ?? keyDraft} />
          {tool === 'brush' && painting.pointer && !isPanning && (
            <BrushCursor video={video} at={painting.pointer} />
          )}
          <Crosshair video={video} />
          <PreviewLayer stage={place} part={part} />
          <ProposalLayer video={video} stage={place} part={part} />
          <StaleNote />
          <SeekingNote />
          {error !== undefined && <p className={styles.error}>{error}</p>}
        </div>
        {opening !== undefined && (
          <p className={styles.opening}>
            <LoaderCircle aria-hidden /> Opening {opening}…
          </p>
        )}
      </div>
      {look === 'split' && <SplitPane {...{ place, part, frame, isCrisp }} />}
      <ReadingStrip />
    </div>
  );
}
