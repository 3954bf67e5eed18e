import { useEffect, useRef, useState, type PointerEvent } from 'react';
import type { Size, VideoPoint } from '../../core/geometry.ts';
import { beginStroke, type Stroke } from '../../stores/work/brushStore.ts';
import { frameUnderHand } from '../../stores/work/trackingStore.ts';
import { uiStore } from '../../stores/page/uiStore.ts';
import { isTakingAway, videoPointAt } from './usePromptGesture.ts';

/**
 * The gesture that paints: a drag adds to the mask, or erases, by the same switch, button and keys by which a click takes away.
 * Escape and a second finger cancel. Returns where the pointer is and the stage's handlers.
 */
export function useBrushGesture(video: Size) {
  const stroke = useRef<{ pointerId: number; stroke: Stroke }>(undefined);
  const [pointer, setPointer] = useState<VideoPoint>();

  const cancel = () => {
    stroke.current?.stroke.cancel();
    stroke.current = undefined;
  };

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || stroke.current === undefined) return;
      event.preventDefault();
      cancel();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    const endWatch = uiStore.subscribe(({ tool }) => {
      if (tool !== 'brush') cancel();
    });
    return () => {
      endWatch();
      removeEventListener('keydown', onKeyDown, { capture: true });
      cancel();
    };
  }, []);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (!event.isPrimary) return cancel();
    if (event.button !== 0 && event.button !== 2) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const label = isTakingAway(event) ? 0 : uiStore.getState().label;
    const begun = beginStroke(frameUnderHand(), videoPointAt(event, event.currentTarget, video), label);
    stroke.current = begun && { pointerId: event.pointerId, stroke: begun };
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    setPointer(videoPointAt(event, event.currentTarget, video));
    const { current } = stroke;
    if (current?.pointerId !== event.pointerId) return;
    // The browser gathers the pointer's moves; a fast curve needs all of them. Safari tells of them from 18.2 on.
    const { nativeEvent } = event;
    const moves = 'getCoalescedEvents' in nativeEvent ? nativeEvent.getCoalescedEvents() : [];
    for (const move of moves) current.stroke.moveTo(videoPointAt(move, event.currentTarget, video));
    current.stroke.moveTo(videoPointAt(event, event.currentTarget, video));
  };

  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (stroke.current?.pointerId !== event.pointerId) return;
    stroke.current.stroke.end();
    stroke.current = undefined;
  };

  return {
    pointer,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: cancel,
      onPointerLeave: () => setPointer(undefined),
    },
  };
}
