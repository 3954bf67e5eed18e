import { useEffect, useRef, type PointerEvent, type RefObject } from 'react';
import { scrollTimeline, timelineStore, zoomTimeline } from '../../stores/clip/timelineStore.ts';
import { wheelTurn, wheelZoom } from '../wheel.ts';

/** Fingers closer than this count as this far apart, in CSS pixels: what they would zoom has no end. */
const CLOSEST = 24;

/** Two fingers, from the left of what is in sight. */
interface Pinch {
  readonly middle: number;
  readonly distance: number;
}

function offsetIn(sight: RefObject<HTMLElement | null>, { clientX }: { readonly clientX: number }): number {
  return clientX - (sight.current?.getBoundingClientRect().left ?? 0);
}

/**
 * Zooming and scrolling the timeline: the wheel zooms over the filmstrip and with Ctrl, and scrolls sideways or with Shift; two fingers
 * do both. Returns handlers for the rows, which come before those of what is in them.
 */
export function useTimelineGestures(
  rows: RefObject<HTMLElement | null>,
  sight: RefObject<HTMLElement | null>,
) {
  /** Where fingers are, from the left of what is in sight. */
  const fingers = useRef(new Map<number, number>());
  const pinch = useRef<Pinch>(undefined);

  useEffect(() => {
    const element = rows.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      const before = timelineStore.getState().scale;
      const { x, y } = wheelTurn(event);
      const isOverFilm = event.target instanceof Node && sight.current?.contains(event.target);
      if (!event.ctrlKey && (event.shiftKey || Math.abs(x) > Math.abs(y)))
        scrollTimeline(Math.abs(x) > Math.abs(y) ? x : y);
      else if (event.ctrlKey || isOverFilm) zoomTimeline(wheelZoom(event), offsetIn(sight, event));
      // A wheel that can do no more here scrolls the page; a pinch never zooms it.
      if (event.ctrlKey || timelineStore.getState().scale !== before) event.preventDefault();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [rows, sight]);

  const pinchNow = (): Pinch | undefined => {
    const [a, b] = [...fingers.current.values()];
    if (a === undefined || b === undefined) return undefined;
    return { middle: (a + b) / 2, distance: Math.max(CLOSEST, Math.abs(a - b)) };
  };
  const onPointerDownCapture = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'touch') return;
    fingers.current.set(event.pointerId, offsetIn(sight, event));
    pinch.current = pinchNow();
    if (pinch.current) event.stopPropagation();
  };
  const onPointerMoveCapture = (event: PointerEvent<HTMLElement>) => {
    if (!fingers.current.has(event.pointerId)) return;
    fingers.current.set(event.pointerId, offsetIn(sight, event));
    const [before, now] = [pinch.current, pinchNow()];
    if (!before || !now) return;
    event.stopPropagation();
    zoomTimeline(now.distance / before.distance, before.middle);
    scrollTimeline(before.middle - now.middle);
    pinch.current = now;
  };
  const onPointerEndCapture = (event: PointerEvent<HTMLElement>) => {
    if (fingers.current.delete(event.pointerId)) pinch.current = pinchNow();
  };
  return {
    onPointerDownCapture,
    onPointerMoveCapture,
    onPointerUpCapture: onPointerEndCapture,
    onPointerCancelCapture: onPointerEndCapture,
  };
}
