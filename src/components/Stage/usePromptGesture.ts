import { useEffect, useRef, useState, type PointerEvent } from 'react';
import {
  boxFromCorners,
  stageToVideoPoint,
  type Size,
  type VideoBox,
  type VideoPoint,
} from '../../core/geometry.ts';
import type { PointLabel } from '../../core/prompts.ts';
import { changePrompts } from '../../stores/work/objectsStore.ts';
import { endPreview, keepPreview, previewAt } from '../../stores/stage/preview.ts';
import { frameUnderHand } from '../../stores/work/trackingStore.ts';
import { uiStore } from '../../stores/page/uiStore.ts';
import { withBox, withPoint } from '../../core/promptEdits.ts';

/** How far the pointer may stray, in CSS pixels, before a click is a drag. A finger is less steady. */
export const DRAG_DISTANCE = { mouse: 4, pen: 6, touch: 10 } as const;

export function dragDistance(pointerType: string): number {
  return DRAG_DISTANCE[pointerType as keyof typeof DRAG_DISTANCE] ?? DRAG_DISTANCE.touch;
}

interface Gesture {
  readonly pointerId: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly start: VideoPoint;
  readonly label: PointLabel;
  /** The frame that the person saw when the gesture began. */
  readonly frame: number;
  isDrag: boolean;
}

/** Whether a press takes away, whatever the switch says. */
export function isTakingAway({ button, altKey, ctrlKey }: PointerEvent): boolean {
  return button === 2 || altKey || ctrlKey;
}

/** Where a pointer is, in the pixels of the frame that `element` shows. */
export function videoPointAt(
  event: { clientX: number; clientY: number },
  element: Element,
  video: Size,
): VideoPoint {
  const { left, top, width, height } = element.getBoundingClientRect();
  return stageToVideoPoint({ x: event.clientX - left, y: event.clientY - top }, { width, height }, video);
}

/**
 * The gesture that places prompts: a click places a point, a drag draws a box. The secondary button, Alt, or Ctrl on a Mac
 * takes away; so does every click while the switch says so. Escape, a second finger and another tool cancel. Returns the box that
 * is being drawn and the stage's handlers.
 */
export function usePromptGesture(video: Size) {
  const gesture = useRef<Gesture>(undefined);
  const [draft, setDraft] = useState<VideoBox>();

  const cancel = () => {
    gesture.current = undefined;
    setDraft(undefined);
  };

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || gesture.current === undefined) return;
      event.preventDefault();
      cancel();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    const endWatch = uiStore.subscribe(({ tool }, before) => {
      if (tool !== before.tool) cancel();
    });
    return () => {
      endWatch();
      removeEventListener('keydown', onKeyDown, { capture: true });
    };
  }, []);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (!event.isPrimary) return cancel();
    if (event.button !== 0 && event.button !== 2) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    gesture.current = {
      pointerId: event.pointerId,
      clientX: event.clientX,
      clientY: event.clientY,
      start: videoPointAt(event, event.currentTarget, video),
      label: isTakingAway(event) ? 0 : uiStore.getState().label,
      frame: frameUnderHand(),
      isDrag: false,
    };
    keepPreview(gesture.current.start);
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const current = gesture.current;
    if (!current && event.pointerType !== 'touch' && event.buttons === 0)
      previewAt(videoPointAt(event, event.currentTarget, video));
    if (current?.pointerId !== event.pointerId) return;
    const distance = Math.hypot(event.clientX - current.clientX, event.clientY - current.clientY);
    if (distance > dragDistance(event.pointerType)) current.isDrag = true;
    if (!current.isDrag) return;
    endPreview();
    // A box says where the object is; there is none that says where it is not.
    if (current.label === 0) return;
    setDraft(boxFromCorners(current.start, videoPointAt(event, event.currentTarget, video)));
  };

  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const current = gesture.current;
    if (current?.pointerId !== event.pointerId) return;
    const end = videoPointAt(event, event.currentTarget, video);
    cancel();
    if (!current.isDrag) {
      const { start, label, frame } = current;
      changePrompts(frame, label === 1 ? 'add point' : 'add take-away point', (prompts) =>
        withPoint(prompts, start, label),
      );
      return;
    }
    const box = boxFromCorners(current.start, end);
    if (current.label === 1 && box.x1 - box.x0 >= 1 && box.y1 - box.y0 >= 1) {
      changePrompts(current.frame, 'draw box', (prompts) => withBox(prompts, box));
    }
  };

  return {
    draft,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerLeave: endPreview,
      onPointerCancel: cancel,
    },
  };
}
