/** Zoom for each CSS pixel that a wheel turns. A pinch on a touchpad comes as small turns with Ctrl. */
const WHEEL_ZOOM = 0.0018;
const PINCH_ZOOM = 0.012;
/** CSS pixels in a line and a page, for wheels that count in those. */
const WHEEL_UNIT = [1, 16, 400] as const;

/** How far a wheel turned, in CSS pixels. */
export function wheelTurn({ deltaX, deltaY, deltaMode }: WheelEvent): {
  readonly x: number;
  readonly y: number;
} {
  const unit = WHEEL_UNIT[deltaMode] ?? 1;
  return { x: deltaX * unit, y: deltaY * unit };
}

/** The factor by which a wheel, or a pinch on a touchpad, zooms. */
export function wheelZoom(event: WheelEvent): number {
  return Math.exp(-wheelTurn(event).y * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM));
}
