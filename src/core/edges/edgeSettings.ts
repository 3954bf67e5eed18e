/**
 * How the edge of an object's masks is drawn and exported. The masks themselves stay as they are. Lengths are in pixels of the frame; 0 leaves
 * the edge as it is.
 */
export interface EdgeSettings {
  /** Holes that are at most as large as a square of this side are filled. */
  readonly holes: number;
  /** Parts that are at most as large as a square of this side are taken away; the largest part stays. */
  readonly specks: number;
  /** How far the edge is moved: outwards, or inwards where it is negative. */
  readonly grow: number;
  /**
   * How far from the edge a pixel goes with most of three frames: this one, the one before and the next. It takes flicker away.
   */
  readonly steady: number;
  /** How far bumps and dents are levelled. */
  readonly smooth: number;
  /**
   * How far from the edge pixels may be partly of the object: there the edge follows hair, fur and motion blur of the frame, by a guided
   * filter.
   */
  readonly detail: number;
  /** How much the edge that follows the frame counts against the mask's, in percent. */
  readonly strength: number;
  /** How far the edge is blurred. */
  readonly feather: number;
}

/** The edge as the masks have it. */
export const PLAIN_EDGE: EdgeSettings = {
  holes: 0,
  specks: 0,
  steady: 0,
  grow: 0,
  smooth: 0,
  detail: 0,
  strength: 100,
  feather: 0,
};

/** The least and the largest value of each setting. */
export const EDGE_LIMITS: Readonly<Record<keyof EdgeSettings, readonly [least: number, most: number]>> = {
  holes: [0, 64],
  specks: [0, 64],
  steady: [0, 16],
  grow: [-32, 32],
  smooth: [0, 32],
  detail: [0, 48],
  strength: [0, 100],
  feather: [0, 48],
};

/** Whether an edge is drawn as the masks have it. */
export function isPlain(edge: EdgeSettings | undefined): boolean {
  return edge === undefined || (!hasShape(edge) && !isSoft(edge));
}

/** Whether two edges are the same. */
export function isSameEdge(a: EdgeSettings, b: EdgeSettings = PLAIN_EDGE): boolean {
  return (Object.keys(PLAIN_EDGE) as (keyof EdgeSettings)[]).every((key) => a[key] === b[key]);
}

/** Whether an edge has other pixels than the mask. */
export function hasShape({ holes, specks, steady, grow, smooth }: EdgeSettings): boolean {
  return holes > 0 || specks > 0 || steady > 0 || grow !== 0 || smooth > 0;
}

/** Whether pixels at an edge can be partly of the object. */
export function isSoft({ detail, feather }: EdgeSettings): boolean {
  return detail > 0 || feather > 0;
}

/** Settings that a file holds, each within its limits; nothing where they are none. */
export function readEdge(value: unknown): EdgeSettings | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Partial<Record<keyof EdgeSettings, unknown>>;
  const read = (key: keyof EdgeSettings) => {
    const [least, most] = EDGE_LIMITS[key];
    const number = given[key];
    return typeof number === 'number' && Number.isFinite(number)
      ? Math.min(most, Math.max(least, number))
      : PLAIN_EDGE[key];
  };
  const edge = {
    holes: read('holes'),
    specks: read('specks'),
    steady: read('steady'),
    grow: read('grow'),
    smooth: read('smooth'),
    detail: read('detail'),
    strength: read('strength'),
    feather: read('feather'),
  };
  return isPlain(edge) ? undefined : edge;
}
