import type { Ball, Block, Scene } from './render.ts';
import { boards, bricks, flagstones, panels, peel, plaster, ringed, type Texture } from './textures.ts';
import { color, scale, type Vector } from './vector.ts';

/** A painted sample: a scene, and the balls in it on each of its frames. */
export interface Sample {
  /** Of its file in `public/samples`. */
  readonly name: string;
  readonly frames: number;
  readonly scene: Scene;
  /** @param share of the sample that has passed, 0 to 1 */
  readonly balls: (share: number) => readonly Ball[];
}

const AFTERNOON = {
  lightColor: scale(color('#fff0d8'), 2.5),
  skyColor: scale(color('#c8d8ee'), 0.75),
  bounceColor: color('#9f9688'),
};
const WINDOW = {
  lightColor: scale(color('#fff4e2'), 2.2),
  skyColor: scale(color('#e4e4ea'), 0.7),
  bounceColor: color('#a57a50'),
};

/** A ball that has rolled to `x` on the ground, along the x axis. */
function rolling(radius: number, x: number, z: number, look: { texture: Texture; gloss: number }): Ball {
  return { center: [x, radius, z], radii: [radius, radius, radius], turned: [-x / radius, 0], ...look };
}

const fruit = (
  [x, z]: readonly [number, number],
  radii: Vector,
  turned: Ball['turned'],
  texture: Texture,
  gloss = 0.6,
): Ball => ({ center: [x, radii[1], z], radii, turned, texture, gloss });

/** A still life: five fruits on a table. */
const FRUITS: Sample = {
  name: 'fruits',
  frames: 1,
  scene: {
    ...WINDOW,
    ground: boards(4, '#b98a5a', '#6b4427', 0.62),
    wall: { z: 4.6, texture: plaster(2, '#8c9a98') },
    blocks: [],
    camera: { at: [0, 2.5, -5.6], to: [0, 0.4, -0.05], zoom: 3.7 },
    light: [-0.75, 1, -0.45],
  },
  balls: () => [
    fruit([-1.35, 0.15], [0.62, 0.6, 0.62], [0.4, 0], peel(3, '#f08a1c', '#f3a53a', 0.18), 0.45),
    fruit([-0.1, 0.75], [0.6, 0.55, 0.6], [0.2, 0.6], peel(8, '#b3202a', '#d8843c', 0.04), 0.8),
    fruit([1.2, 0.2], [0.66, 0.46, 0.46], [0.1, 0.5], peel(12, '#f2cf2e', '#e3c93a', 0.14), 0.5),
    fruit([0.28, -0.75], [0.42, 0.4, 0.42], [0, 0.3], peel(17, '#6f9a2c', '#8fae3e', 0.16), 0.5),
    fruit([-0.72, -0.95], [0.36, 0.34, 0.36], [0.3, 0], peel(23, '#4a2350', '#6b2f57', 0.05), 0.35),
  ],
};

const PILLAR: Block = { from: [-0.62, 0, -1.5], to: [0.62, 4, -0.75], texture: bricks(5) };

/** A beach ball rolls behind a pillar, is hidden, and comes out again. */
const BALL: Sample = {
  name: 'ball-and-pillar',
  frames: 48,
  scene: {
    ...AFTERNOON,
    ground: flagstones(7),
    wall: { z: 3.6, texture: plaster(9, '#cdbf9f') },
    blocks: [PILLAR],
    camera: { at: [0, 1.9, -7], to: [0, 0.8, 0], zoom: 2.9 },
    light: [-0.7, 1, -0.75],
  },
  balls: (share) => [
    rolling(0.55, -2.75 + 5.5 * share, 0.35, {
      texture: panels(['#d6342c', '#f3efe6', '#2f6fc0', '#f3efe6', '#f0b428', '#f3efe6']),
      gloss: 0.7,
    }),
  ],
};

/** Two balls roll past each other. */
const BALLS: Sample = {
  name: 'two-balls',
  frames: 48,
  scene: {
    ...WINDOW,
    ground: boards(11, '#d0ab7c', '#94683d', 0.5),
    wall: { z: 3.2, texture: plaster(13, '#7f93a6') },
    blocks: [],
    camera: { at: [0, 2.1, -6.6], to: [0, 0.62, 0], zoom: 2.9 },
    light: [0.7, 1, -0.6],
  },
  balls: (share) => [
    rolling(0.62, -2.5 + 5 * share, 0.75, { texture: ringed('#1f7a6d', '#f1e9d6'), gloss: 0.75 }),
    rolling(0.45, 2.4 - 4.6 * share, -0.7, { texture: ringed('#e2683c', '#5a1f1a'), gloss: 0.6 }),
  ],
};

export const SAMPLES: readonly Sample[] = [FRUITS, BALL, BALLS];
