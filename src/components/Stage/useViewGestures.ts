import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import { useStore } from 'zustand';
import { isPressedBySpace } from '../../commands/keys.ts';
import { runCommand } from '../../commands/runCommand.ts';
import type { RoomPoint } from '../../core/geometry.ts';
import type { View } from '../../core/viewport.ts';
import { uiStore } from '../../stores/page/uiStore.ts';
import { panView, pinchView, viewStore, zoomBy } from '../../stores/stage/viewStore.ts';
import { wheelZoom } from '../wheel.ts';

type Fingers = Map<number, RoomPoint>;

/** The middle of two fingers and how far they are apart, in CSS pixels of the room. */
interface Spread {
  readonly middle: RoomPoint;
  readonly distance: number;
}

function spread(fingers: Fingers): Spread | undefined {
  const [a, b] = [...fingers.values()];
  if (a === undefined || b === undefined) return undefined;
  return {
    middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
    distance: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
  };
}

/**
 * Zooming and panning: the wheel and two fingers zoom about where they are; a drag pans with the middle button, with Space held,
 * with the hand, or with two fingers. Space alone still plays, when it is let go. Returns handlers for the room, which
 * come before those of the stage, and whether a drag would pan.
 */
export function useViewGestures(room: RefObject<HTMLElement | null>) {
  const isHand = useStore(uiStore, (state) => state.tool === 'pan');
  const [isSpaceHeld, setSpaceHeld] = useState(false);
  const fingers = useRef<Fingers>(new Map());
  /** The view and the fingers when the last of them came or went. */
  const pinch = useRef<{ view: View; fingers: Spread }>(undefined);
  const pan = useRef<{ pointerId: number; at: RoomPoint }>(undefined);
  const hasPanned = useRef(false);

  const pointAt = ({ clientX, clientY }: { clientX: number; clientY: number }): RoomPoint => {
    const box = room.current?.getBoundingClientRect();
    return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
  };

  useEffect(() => {
    const element = room.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      const { left, top } = element.getBoundingClientRect();
      const { view } = viewStore.getState();
      zoomBy(wheelZoom(event), { x: event.clientX - left, y: event.clientY - top });
      // A wheel that can do no more here scrolls the page; a pinch never zooms it.
      if (event.ctrlKey || viewStore.getState().view.zoom !== view.zoom) event.preventDefault();
    };
    const onMouseDown = (event: MouseEvent) => {
      // The middle button would scroll by itself.
      if (event.button === 1) event.preventDefault();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('mousedown', onMouseDown);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('mousedown', onMouseDown);
    };
  }, [room]);

  useEffect(() => {
    let isHeld = false;
    const release = () => {
      isHeld = false;
      setSpaceHeld(false);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== ' ' || uiStore.getState().dialog !== undefined) return;
      const isUnderPointer = room.current?.matches(':hover') ?? false;
      if (!isHeld && (!isUnderPointer || isPressedBySpace(event.target))) return;
      event.preventDefault();
      if (isHeld) return;
      isHeld = true;
      hasPanned.current = false;
      setSpaceHeld(true);
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !isHeld) return;
      release();
      if (!hasPanned.current) runCommand('play');
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    addEventListener('keyup', onKeyUp);
    addEventListener('blur', release);
    return () => {
      removeEventListener('keydown', onKeyDown, { capture: true });
      removeEventListener('keyup', onKeyUp);
      removeEventListener('blur', release);
    };
  }, [room]);

  const beginPinch = () => {
    const spreadNow = spread(fingers.current);
    pinch.current = spreadNow && { view: viewStore.getState().view, fingers: spreadNow };
  };

  const onPointerDownCapture = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'touch') {
      // The second finger goes on to the stage: it ends what the first one began there.
      fingers.current.set(event.pointerId, pointAt(event));
      beginPinch();
      if (fingers.current.size > 1) {
        pan.current = undefined;
        return;
      }
    }
    if (event.button !== 1 && !(event.button === 0 && (isHand || isSpaceHeld))) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    pan.current = { pointerId: event.pointerId, at: pointAt(event) };
  };

  const onPointerMoveCapture = (event: PointerEvent<HTMLElement>) => {
    const at = pointAt(event);
    if (fingers.current.has(event.pointerId)) {
      fingers.current.set(event.pointerId, at);
      const now = spread(fingers.current);
      if (pinch.current && now) {
        event.stopPropagation();
        const { view, fingers: began } = pinch.current;
        pinchView(view, now.distance / began.distance, began.middle, now.middle);
        return;
      }
    }
    const { current } = pan;
    if (current?.pointerId !== event.pointerId) return;
    event.stopPropagation();
    hasPanned.current = true;
    panView({ x: at.x - current.at.x, y: at.y - current.at.y });
    pan.current = { ...current, at };
  };

  const onPointerEndCapture = (event: PointerEvent<HTMLElement>) => {
    if (fingers.current.delete(event.pointerId)) beginPinch();
    if (pan.current?.pointerId === event.pointerId) pan.current = undefined;
  };

  return {
    isPanning: isHand || isSpaceHeld,
    handlers: {
      onPointerDownCapture,
      onPointerMoveCapture,
      onPointerUpCapture: onPointerEndCapture,
      onPointerCancelCapture: onPointerEndCapture,
    },
  };
}
