import {
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import type { Size, VideoPoint } from '../../core/geometry.ts';
import type { PointPrompt } from '../../core/prompts.ts';
import { changePrompts } from '../../stores/work/objectsStore.ts';
import { seek } from '../../stores/work/trackingStore.ts';
import { withMovedPoint, withoutPoint } from '../../core/promptEdits.ts';
import { ARROWS } from './useCrosshair.ts';
import { dragDistance, isTakingAway, videoPointAt } from './usePromptGesture.ts';
import styles from './Prompts.module.css';

interface PromptPointProps {
  readonly point: PointPrompt;
  readonly index: number;
  readonly frame: number;
  readonly video: Size;
  readonly stage: RefObject<HTMLElement | null>;
}

/** A point on the stage: a drag moves it, a click or Delete removes it, the arrow keys nudge it (with Shift by 10). */
export function PromptPoint({ point, index, frame, video, stage }: PromptPointProps) {
  const drag = useRef<{ x: number; y: number; moved: boolean }>(undefined);
  const [draft, setDraft] = useState<VideoPoint>();
  const { x, y } = draft ?? point;

  const move = (to: VideoPoint) =>
    changePrompts(frame, 'move point', (prompts) => withMovedPoint(prompts, index, to));
  const remove = () => changePrompts(frame, 'remove point', (prompts) => withoutPoint(prompts, index));

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    // A second finger goes on to the stage: it ends what the first one began there.
    if (!event.isPrimary) return;
    // So does a press that takes away: it places a point, however near.
    if (isTakingAway(event)) return;
    event.stopPropagation();
    if (event.button !== 0) return;
    seek(frame);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, moved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const start = drag.current;
    if (start === undefined || stage.current === null) return;
    const distance = Math.hypot(event.clientX - start.x, event.clientY - start.y);
    start.moved ||= distance > dragDistance(event.pointerType);
    if (start.moved) setDraft(videoPointAt(event, stage.current, video));
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const start = drag.current;
    drag.current = undefined;
    setDraft(undefined);
    if (start === undefined || stage.current === null) return;
    // Where the pointer is now: a fast drag ends before its draft is drawn. No click follows where a finger rests for long.
    if (start.moved) move(videoPointAt(event, stage.current, video));
    else remove();
  };
  const onPointerCancel = () => {
    drag.current = undefined;
    setDraft(undefined);
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    // The click of a key: that of a pointer has been dealt with.
    if (event.detail !== 0) return;
    remove();
    stage.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.shiftKey ? 10 : 1;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const clamp = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
      move({ x: clamp(x + arrow[0] * by, video.width), y: clamp(y + arrow[1] * by, video.height) });
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      remove();
      stage.current?.focus();
    } else {
      return;
    }
    event.preventDefault();
  };

  const kind = point.label === 1 ? 'add' : 'take away';
  const place = { left: `${(x / video.width) * 100}%`, top: `${(y / video.height) * 100}%` } as CSSProperties;
  return (
    <button
      type="button"
      className={styles.point}
      style={place}
      aria-label={`Point ${index + 1}, ${kind}, at ${Math.round(x)}, ${Math.round(y)}: remove`}
      title="Drag to move, click to remove"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerCancel}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <svg viewBox="0 0 24 24" aria-hidden>
        {['edge', 'line'].map((part) => (
          <g key={part} className={styles[part]}>
            <circle cx="12" cy="12" r="7" />
            <path d={point.label === 1 ? 'M17 5h5M19.5 2.5v5' : 'M17 5h5'} />
          </g>
        ))}
      </svg>
    </button>
  );
}
