import { useRef, type CSSProperties } from 'react';
import { useStore } from 'zustand';
import { LoaderCircle } from 'lucide-react';
import { placeFrame, visiblePart } from '../../core/viewport.ts';
import { playbackStore } from '../../stores/playbackStore.ts';
import { uiStore } from '../../stores/uiStore.ts';
import { videoStore, type Clip } from '../../stores/videoStore.ts';
import { viewStore } from '../../stores/viewStore.ts';
import { FrameCanvas } from './FrameCanvas.tsx';
import { MaskCanvas } from './MaskCanvas.tsx';
import { ProposalLayer } from './ProposalLayer.tsx';
import { Prompts } from './Prompts.tsx';
import { usePromptGesture } from './usePromptGesture.ts';
import { useRoom } from './useRoom.ts';
import { useViewGestures } from './useViewGestures.ts';
import styles from './Stage.module.css';

/** From this many CSS pixels for a pixel of the video on, its pixels are drawn as squares. */
const CRISP_FROM = 4;

/** The frame at the playhead with its masks and prompts, and the place where prompts are given. */
export function Stage({ clip }: { readonly clip: Clip }) {
  const room = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const video = clip.info;
  useRoom(room);
  const { isPanning, handlers: viewHandlers } = useViewGestures(room);
  const { room: roomSize, view } = useStore(viewStore);
  const place = placeFrame(view, { room: roomSize, video });
  const part = visiblePart(place, roomSize);
  const { draft, handlers } = usePromptGesture(video);
  const label = useStore(uiStore, (state) => state.label);
  const opening = useStore(videoStore, (state) => state.opening);
  const error = useStore(playbackStore, ({ frameError, frame }) =>
    frameError?.frame === frame ? frameError.message : undefined,
  );
  return (
    <div
      ref={room}
      className={styles.room}
      data-panning={isPanning || undefined}
      style={{ '--aspect': video.width / video.height } as CSSProperties}
      {...viewHandlers}
    >
      <div
        ref={stage}
        className={styles.stage}
        style={place}
        data-crisp={place.width / video.width >= CRISP_FROM || undefined}
        data-testid="stage"
        data-label={label}
        role="application"
        aria-roledescription="frame to click on"
        aria-label="Stage: click to add to the selected object, Alt-click to take away, drag to draw a box"
        onContextMenu={(event) => event.preventDefault()}
        {...handlers}
      >
        <FrameCanvas video={video} />
        <MaskCanvas stage={place} part={part} />
        <Prompts video={video} stage={stage} draft={draft} />
        <ProposalLayer video={video} stage={place} part={part} />
        {error !== undefined && <p className={styles.error}>{error}</p>}
      </div>
      {opening !== undefined && (
        <p className={styles.opening}>
          <LoaderCircle aria-hidden /> Opening {opening}…
        </p>
      )}
    </div>
  );
}
