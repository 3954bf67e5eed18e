import type { CSSProperties, RefObject } from 'react';
import { useStore } from 'zustand';
import { X } from 'lucide-react';
import type { Size, VideoBox } from '../../core/geometry.ts';
import { changePrompts, objectsStore, selectedObject } from '../../stores/work/objectsStore.ts';
import { playbackStore } from '../../stores/clip/playbackStore.ts';
import { trackingStore } from '../../stores/work/trackingStore.ts';
import { withoutBox } from '../../core/promptEdits.ts';
import { PromptPoint } from './PromptPoint.tsx';
import styles from './Prompts.module.css';

interface PromptsProps {
  readonly video: Size;
  readonly stage: RefObject<HTMLElement | null>;
  /** A box that is being drawn. */
  readonly draft: VideoBox | undefined;
}

/** The selected object's points and box on the frame that is shown, above its masks. */
export function Prompts({ video, stage, draft }: PromptsProps) {
  const object = useStore(objectsStore, selectedObject);
  const isFollowing = useStore(trackingStore, (state) => state.phase === 'running' && state.follow);
  // While the playhead moves by itself, prompts go with the picture; else they show before the picture does.
  const frame = useStore(playbackStore, (state) =>
    state.playing || isFollowing ? (state.shownFrame ?? state.frame) : state.frame,
  );
  const prompts = object?.prompts.get(frame);
  const box = draft ?? prompts?.box;
  return (
    <div className={styles.prompts} style={{ '--object': object?.color ?? 'var(--accent)' } as CSSProperties}>
      {box && (
        <div className={styles.box} style={boxStyle(box, video)} data-testid="prompt-box">
          {!draft && (
            <button
              type="button"
              className={styles.removeBox}
              aria-label="Remove box"
              title="Remove box"
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => changePrompts(frame, 'remove box', withoutBox)}
            >
              <X aria-hidden />
            </button>
          )}
        </div>
      )}
      {prompts?.points.map((point, index) => (
        <PromptPoint key={index} {...{ point, index, frame, video, stage }} />
      ))}
    </div>
  );
}

function boxStyle({ x0, y0, x1, y1 }: VideoBox, { width, height }: Size): CSSProperties {
  return {
    left: `${(x0 / width) * 100}%`,
    top: `${(y0 / height) * 100}%`,
    width: `${((x1 - x0) / width) * 100}%`,
    height: `${((y1 - y0) / height) * 100}%`,
  };
}
