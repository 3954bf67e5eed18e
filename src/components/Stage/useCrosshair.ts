import { useEffect, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import {
  activateCrosshair,
  cancelBox,
  crosshairStore,
  deactivateCrosshair,
  moveCrosshair,
  resetCrosshair,
} from '../../stores/stage/crosshairStore.ts';

export const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How far an arrow key moves the crosshair, in video pixels. */
const STEP = 10;
const FAR_STEP = 50;
const FINE_STEP = 1;

/**
 * The stage's handlers for a person without a pointer: while it has the focus, the arrow keys move a crosshair, and the
 * commands of `stageCommands.ts` place prompts there. A press with the mouse takes the focus from where it is and leaves it
 * nowhere, so that the arrow keys step frames.
 */
export function useCrosshair(stage: RefObject<HTMLElement | null>) {
  useEffect(() => {
    crosshairStore.setState({ focusStage: () => stage.current?.focus() });
    return () => {
      crosshairStore.setState({ focusStage: undefined });
      resetCrosshair();
    };
  }, [stage]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const isBoxBegun = crosshairStore.getState().corner !== undefined;
    if (arrow) {
      const by = event.altKey ? FINE_STEP : event.shiftKey ? FAR_STEP : STEP;
      moveCrosshair(arrow[0] * by, arrow[1] * by);
    } else if (event.key === 'Escape' && isBoxBegun) {
      cancelBox();
    } else if (event.key !== 'Enter' || !event.repeat) {
      return;
    }
    event.preventDefault();
  };

  const onFocus = (event: { target: EventTarget; currentTarget: EventTarget }) => {
    if (event.target === event.currentTarget) activateCrosshair();
    else deactivateCrosshair();
  };

  const onMouseDown = (event: MouseEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest('button')) return;
    event.preventDefault();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };

  return { onKeyDown, onFocus, onBlur: deactivateCrosshair, onMouseDown };
}
