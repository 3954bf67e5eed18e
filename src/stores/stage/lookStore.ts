import { createStore } from 'zustand/vanilla';
import { LOOKS, type Look } from '../../core/looks.ts';

export interface LookState {
  readonly look: Look;
  /** Of the overlay's fill, 0 to 1. */
  readonly opacity: number;
  /** Behind the objects in the look `color`: `#rrggbb`. */
  readonly background: string;
}

/** A way of looking, not work: undo leaves it alone, and exports do not depend on it. */
export const lookStore = createStore<LookState>(() => ({
  look: 'overlay',
  opacity: 0.45,
  background: '#00b140',
}));

/** Shows masks in a look. */
export function setLook(look: Look): void {
  lookStore.setState({ look });
}

/** Goes to the look that is `by` places on, round and round. */
export function cycleLook(by: number): void {
  const at = LOOKS.indexOf(lookStore.getState().look) + by + LOOKS.length;
  setLook(LOOKS[at % LOOKS.length] ?? 'overlay');
}

/** Sets the opacity of the overlay’s fill, 0 to 1. */
export function setOpacity(opacity: number): void {
  lookStore.setState({ opacity });
}

/** Sets the colour behind the objects in the look `color`: `#rrggbb`. */
export function setBackground(background: string): void {
  lookStore.setState({ background });
}
