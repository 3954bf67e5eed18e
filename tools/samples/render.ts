import {
  add,
  cross,
  dot,
  mix,
  multiply,
  normalize,
  scale,
  smoothstep,
  subtract,
  turn,
  type Vector,
} from './vector.ts';
import type { Texture } from './textures.ts';

/** An ellipsoid that lies on the ground or rolls on it. */
export interface Ball {
  readonly center: Vector;
  /** Half the length of each axis. */
  readonly radii: Vector;
  /** How far it has turned about the camera's axis and then about the upright one, in radians. */
  readonly turned: readonly [aboutZ: number, aboutY: number];
  /** Given the direction from its centre, as it was before it turned. */
  readonly texture: Texture;
  /** 0 (chalk) to 1 (glaze). */
  readonly gloss: number;
}

/** A box whose sides are parallel to the axes. */
export interface Block {
  readonly from: Vector;
  readonly to: Vector;
  readonly texture: Texture;
}

export interface Scene {
  readonly ground: Texture;
  /** Upright and square to the camera. */
  readonly wall: { readonly z: number; readonly texture: Texture };
  readonly blocks: readonly Block[];
  readonly camera: { readonly at: Vector; readonly to: Vector; readonly zoom: number };
  /** Towards the light. */
  readonly light: Vector;
  readonly lightColor: Vector;
  readonly skyColor: Vector;
  /** What the ground sends back. */
  readonly bounceColor: Vector;
}

/** What a ray meets of all that never moves. */
interface Still {
  readonly place: Vector;
  readonly normal: Vector;
  readonly color: Vector;
  readonly distance: number;
  /** How much of the light the blocks leave, 0 to 1. */
  readonly lit: number;
}

/** A ray and what it shows where no ball changes it. */
interface Ray {
  readonly direction: Vector;
  readonly still: Still;
  /** As on screen. */
  readonly bare: Vector;
}

/** Rays through each pixel, in each direction. */
const RAYS = 2;
/** How wide the light is, as a share of the distance that a shadow falls. */
const LIGHT_WIDTH = 0.09;
/** A ball that takes less than this share of the sky or the lamp from a place leaves it as it is. */
const UNSEEN = 0.004;

/** Paints pictures of one scene with different balls in it. */
export class Painter {
  readonly #scene: Scene;
  readonly #width: number;
  readonly #height: number;

  constructor(scene: Scene, width: number, height: number) {
    this.#scene = { ...scene, light: normalize(scene.light) };
    this.#width = width;
    this.#height = height;
  }

  /**
   * One picture for each of the lists of balls. What does not move is computed once for all pictures, row by row.
   * @returns RGB, row-major, one byte each
   */
  paint(pictures: readonly (readonly Ball[])[]): Uint8Array[] {
    const outputs = pictures.map(() => new Uint8Array(this.#width * this.#height * 3));
    for (let y = 0; y < this.#height; y++) {
      const rays = this.#rowOfRays(y);
      pictures.forEach((balls, picture) => {
        for (let x = 0; x < this.#width; x++) {
          const through = rays.slice(x * RAYS * RAYS, (x + 1) * RAYS * RAYS);
          const sum = through.reduce<Vector>((total, ray) => add(total, this.#see(ray, balls)), [0, 0, 0]);
          const mean = sum.map((value) => Math.round((255 * value) / through.length));
          outputs[picture]?.set(mean, (y * this.#width + x) * 3);
        }
      });
    }
    return outputs;
  }

  #rowOfRays(y: number): Ray[] {
    return cameraRays(this.#scene.camera, y, this.#width, this.#height).map((direction) => {
      const still = meetStill(this.#scene, direction);
      return { direction, still, bare: onScreen(this.#shade(still, [], undefined)) };
    });
  }

  #see({ direction, still, bare }: Ray, balls: readonly Ball[]): Vector {
    let [nearest, seen] = [still.distance, undefined as Ball | undefined];
    for (const ball of balls) {
      const distance = meetBall(ball, this.#scene.camera.at, direction);
      if (distance !== undefined && distance < nearest) [nearest, seen] = [distance, ball];
    }
    if (!seen) {
      const near = balls.filter((ball) => takesLight(ball, still, this.#scene.light));
      return near.length === 0 ? bare : onScreen(this.#shade(still, near, undefined));
    }
    const place = add(this.#scene.camera.at, scale(direction, nearest));
    const local = divide(subtract(place, seen.center), seen.radii);
    const normal = normalize(divide(local, seen.radii));
    const [aboutZ, aboutY] = seen.turned;
    const before = turn(turn(local, 0, -aboutY), -aboutZ, 0);
    const lit = blockLight(this.#scene, place);
    const color = seen.texture(normalize(before));
    const matte = this.#shade({ place, normal, color, distance: nearest, lit }, balls, seen);
    return onScreen(this.#glaze(matte, { direction, normal, lit, gloss: seen.gloss }));
  }

  /** Light from the lamp, from the sky, and back from the ground, less what balls keep off. */
  #shade({ place, normal, color, lit }: Still, balls: readonly Ball[], self: Ball | undefined): Vector {
    const { light, lightColor, skyColor, bounceColor } = this.#scene;
    let direct = Math.max(0, dot(normal, light)) * lit;
    let open = 1;
    for (const ball of balls) {
      if (ball === self) continue;
      direct *= ballLight(ball, place, light);
      open *= ballOpenness(ball, place, normal);
    }
    const upward = 0.5 + 0.5 * normal[1];
    const bounce = scale(bounceColor, 0.5 * (1 - upward));
    const contact = self ? smoothstep(-0.15, 1.2, place[1] / self.radii[1]) : 1;
    const ambient = add(scale(skyColor, (0.35 + 0.65 * upward) * open), bounce);
    return multiply(color, add(scale(lightColor, direct), scale(ambient, 0.35 + 0.65 * contact)));
  }

  #glaze(
    matte: Vector,
    { direction, normal, lit, gloss }: { direction: Vector; normal: Vector; lit: number; gloss: number },
  ): Vector {
    const { light, lightColor, skyColor } = this.#scene;
    const facing = Math.max(0, -dot(direction, normal));
    const mirrored = subtract(direction, scale(normal, 2 * dot(direction, normal)));
    const fresnel = gloss * (0.04 + 0.5 * (1 - facing) ** 5);
    const sky = scale(skyColor, 0.6 + 0.9 * Math.max(0, mirrored[1]));
    const lamp = gloss * lit * Math.max(0, dot(mirrored, light)) ** (20 + 160 * gloss) * 0.8;
    return add(mix(matte, sky, fresnel), scale(lightColor, lamp));
  }
}

function cameraRays({ at, to, zoom }: Scene['camera'], y: number, width: number, height: number): Vector[] {
  const forward = normalize(subtract(to, at));
  const right = normalize(cross([0, 1, 0], forward));
  const up = cross(forward, right);
  return Array.from({ length: width * RAYS * RAYS }, (_, i) => {
    const [x, part] = [Math.floor(i / (RAYS * RAYS)), i % (RAYS * RAYS)];
    const dx = ((x + ((part % RAYS) + 0.5) / RAYS) * 2 - width) / height;
    const dy = (height - (y + (Math.floor(part / RAYS) + 0.5) / RAYS) * 2) / height;
    return normalize(add(scale(forward, zoom), add(scale(right, dx), scale(up, dy))));
  });
}

function meetStill(scene: Scene, ray: Vector): Still {
  const { at } = scene.camera;
  const toWall = (scene.wall.z - at[2]) / ray[2];
  const toGround = ray[1] < 0 ? -at[1] / ray[1] : Infinity;
  let distance = Math.min(toWall, toGround);
  const isWall = toWall < toGround;
  let normal: Vector = isWall ? [0, 0, -1] : [0, 1, 0];
  let texture = isWall ? scene.wall.texture : scene.ground;
  for (const block of scene.blocks) {
    const met = meetBlock(block, at, ray);
    if (met && met.distance < distance) {
      ({ distance, normal } = met);
      texture = block.texture;
    }
  }
  const place = add(at, scale(ray, distance));
  // Corners are darker.
  const corner = isWall ? smoothstep(-0.6, 0.7, place[1]) : smoothstep(-0.6, 0.7, scene.wall.z - place[2]);
  const color = scale(texture(place), normal[2] === -1 && !isWall ? smoothstep(-0.5, 0.5, place[1]) : corner);
  const lit = blockLight(scene, add(place, scale(normal, 1e-4)));
  return { place, normal, color, distance, lit };
}

function meetBlock(
  { from, to }: Block,
  at: Vector,
  ray: Vector,
): { distance: number; normal: Vector } | undefined {
  let [enter, leave, axis] = [-Infinity, Infinity, 0];
  for (const each of [0, 1, 2] as const) {
    const [one, other] = [(from[each] - at[each]) / ray[each], (to[each] - at[each]) / ray[each]];
    if (Math.min(one, other) > enter) [enter, axis] = [Math.min(one, other), each];
    leave = Math.min(leave, Math.max(one, other));
  }
  if (enter > leave || enter <= 0) return undefined;
  const normal: [number, number, number] = [0, 0, 0];
  normal[axis] = -Math.sign(ray[axis] ?? 0);
  return { distance: enter, normal };
}

/** Lamps side by side, so that the shadows of blocks have soft edges. */
const LAMPS: readonly Vector[] = Array.from({ length: 16 }, (_, i) => {
  const [angle, radius] = [i * 2.399963, Math.sqrt((i + 0.5) / 16)];
  return scale([Math.cos(angle), Math.sin(angle) * 0.7, Math.sin(angle) * 0.7], radius * LIGHT_WIDTH * 0.7);
});

function blockLight({ blocks, light }: Scene, place: Vector): number {
  if (blocks.length === 0) return 1;
  const open = LAMPS.filter((lamp) => {
    const ray = normalize(add(light, lamp));
    return blocks.every((block) => meetBlock(block, place, ray) === undefined);
  });
  return open.length / LAMPS.length;
}

function meetBall({ center, radii }: Ball, at: Vector, ray: Vector): number | undefined {
  const origin = divide(subtract(at, center), radii);
  const direction = divide(ray, radii);
  const a = dot(direction, direction);
  const b = dot(origin, direction);
  const root = b * b - a * (dot(origin, origin) - 1);
  return root < 0 || b > 0 ? undefined : (-b - Math.sqrt(root)) / a;
}

function takesLight(ball: Ball, { place, normal }: Still, light: Vector): boolean {
  return ballOpenness(ball, place, normal) < 1 - UNSEEN || ballLight(ball, place, light) < 1 - UNSEEN;
}

/** How much of the lamp a place sees past a ball: by how far the ray to the lamp's middle passes it. */
function ballLight({ center, radii }: Ball, place: Vector, light: Vector): number {
  const toCenter = divide(subtract(center, place), radii);
  const direction = divide(light, radii);
  const length = Math.sqrt(dot(direction, direction));
  const along = dot(toCenter, direction) / length;
  if (along <= 0) return 1;
  const apart = Math.sqrt(Math.max(0, dot(toCenter, toCenter) - along * along));
  const blur = 0.02 + LIGHT_WIDTH * along;
  return smoothstep(1 - blur, 1 + blur, apart);
}

/** How much of the sky over a place a ball leaves open. */
function ballOpenness({ center, radii }: Ball, place: Vector, normal: Vector): number {
  const toCenter = subtract(center, place);
  const distance = Math.sqrt(dot(toCenter, toCenter));
  const radius = (radii[0] + radii[1] + radii[2]) / 3;
  const facing = Math.max(0, dot(normal, toCenter) / distance);
  return 1 - 0.9 * facing * Math.min(1, (radius / distance) ** 2);
}

function divide(a: Vector, b: Vector): Vector {
  return [a[0] / b[0], a[1] / b[1], a[2] / b[2]];
}

/** Bright light is drawn softer, as a camera does. */
function onScreen(linear: Vector): Vector {
  const curve = (value: number) => Math.min(1, (value * (1 + value / 4)) / (1 + value)) ** (1 / 2.2);
  return [curve(linear[0]), curve(linear[1]), curve(linear[2])];
}
