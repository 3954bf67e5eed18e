import type { Size, VideoBox } from '../../../src/core/geometry.ts';
import { BORDER, type GreyPyramid } from './greyPyramid.ts';
import { flowBetween, sample, type Flow, type Region } from './opticalFlow.ts';

/** Where the pixels of one frame are in another, and how well they match there. */
export interface Warp {
  readonly flow: Flow;
  /** For each pixel of the flow: the difference of brightness to where it leads, 0 to 255. */
  readonly mismatch: Float32Array;
}

/** @param where the part of the frame where it is wanted, in pixels of the video; elsewhere pixels stay where they are, and match */
export function warpBetween(from: GreyPyramid, to: GreyPyramid, where: VideoBox, video: Size): Warp {
  const region = regionOf(where, from[0].width / video.width, from[0].height / video.height);
  const flow = flowBetween(from, to, region);
  const { width, height, right, down } = flow;
  const [a, b] = [from[0], to[0]];
  const mismatch = new Float32Array(width * height);
  for (let y = region.y0; y < region.y1; y++)
    for (let x = region.x0, at = y * width + x; x < region.x1; x++, at++)
      mismatch[at] = Math.abs(
        sample(b, x + (right[at] ?? 0), y + (down[at] ?? 0)) -
          (a.data[(y + BORDER) * a.stride + x + BORDER] ?? 0),
      );
  return { flow, mismatch };
}

function regionOf({ x0, y0, x1, y1 }: VideoBox, across: number, down: number): Region {
  return {
    ...{ x0: Math.floor(x0 * across), x1: Math.ceil(x1 * across) },
    ...{ y0: Math.floor(y0 * down), y1: Math.ceil(y1 * down) },
  };
}

/** A mask on an anchor frame, as 0 and 1, row-major, and how a frame between is warped to it. */
export interface NearMask {
  readonly raster: Uint8Array;
  readonly warp: Warp;
  /** Frames from the anchor frame to the frame between. */
  readonly distance: number;
}

/** A mask that is filled in between two anchor frames. */
export interface FilledMask {
  /** 0 and 1, row-major */
  readonly raster: Uint8Array;
  /** IoU of the masks that the two anchor frames give by themselves. */
  readonly agreement: number;
}

/** Differences of brightness that say nothing yet: noise, and what is rounded away. */
const NOISE = 10;

/**
 * The mask of a frame between two anchor frames: each pixel is looked up in both masks where the flow leads. The nearer one, and the
 * one that the pixel matches better, counts more; so what one of the two hides is taken from the other.
 *
 * @param video size of the masks, in pixels
 * @param where the part of the frame that the object may be in, in pixels of the video
 */
export function fillMask(video: Size, where: VideoBox, near: readonly [NearMask, NearMask]): FilledMask {
  const raster = new Uint8Array(video.width * video.height);
  const [one, other] = near.map((each) => new Lookup(video, each)) as [Lookup, Lookup];
  let [either, both] = [0, 0];
  for (let y = where.y0; y < where.y1; y++) {
    one.row(y);
    other.row(y);
    for (let x = where.x0, at = y * video.width + x; x < where.x1; x++, at++) {
      const a = one.share(x, y);
      const b = other.share(x, y);
      if (a === 0 && b === 0) continue;
      const [weightA, weightB] = [one.weight(), other.weight()];
      if (a * weightA + b * weightB > (weightA + weightB) / 2) raster[at] = 1;
      if (a > 0.5 || b > 0.5) either++;
      if (a > 0.5 && b > 0.5) both++;
    }
  }
  return { raster, agreement: either === 0 ? 1 : both / either };
}

/** Looks pixels of a frame up in one anchor frame’s mask. */
class Lookup {
  readonly #video: Size;
  readonly #near: NearMask;
  readonly #scaleX: number;
  readonly #scaleY: number;
  #rowAt = 0;
  #rowNext = 0;
  #rowShare = 0;
  #cell = 0;
  #cellNext = 0;
  #cellShare = 0;

  constructor(video: Size, near: NearMask) {
    this.#video = video;
    this.#near = near;
    this.#scaleX = near.warp.flow.width / video.width;
    this.#scaleY = near.warp.flow.height / video.height;
  }

  row(y: number): void {
    const { width, height } = this.#near.warp.flow;
    const at = Math.min(Math.max((y + 0.5) * this.#scaleY - 0.5, 0), height - 1);
    const low = Math.floor(at);
    this.#rowAt = low * width;
    this.#rowNext = Math.min(low + 1, height - 1) * width;
    this.#rowShare = at - low;
  }

  /** The mask where the pixel has come from, 0 to 1. */
  share(x: number, y: number): number {
    const { width } = this.#near.warp.flow;
    const at = Math.min(Math.max((x + 0.5) * this.#scaleX - 0.5, 0), width - 1);
    this.#cell = Math.floor(at);
    this.#cellNext = Math.min(this.#cell + 1, width - 1);
    this.#cellShare = at - this.#cell;
    const { right, down } = this.#near.warp.flow;
    return this.#mask(x + this.#between(right) / this.#scaleX, y + this.#between(down) / this.#scaleY);
  }

  /** How much the anchor frame has to say of the pixel that was looked up last. */
  weight(): number {
    const mismatch = this.#between(this.#near.warp.mismatch) / NOISE;
    return 1 / (this.#near.distance * (1 + mismatch * mismatch));
  }

  #between(values: Float32Array): number {
    const upper = mix(
      values[this.#rowAt + this.#cell] ?? 0,
      values[this.#rowAt + this.#cellNext] ?? 0,
      this.#cellShare,
    );
    const lower = mix(
      values[this.#rowNext + this.#cell] ?? 0,
      values[this.#rowNext + this.#cellNext] ?? 0,
      this.#cellShare,
    );
    return mix(upper, lower, this.#rowShare);
  }

  #mask(x: number, y: number): number {
    const { width, height } = this.#video;
    const { raster } = this.#near;
    if (x <= -1 || y <= -1 || x >= width || y >= height) return 0;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [x0, x1] = [Math.max(left, 0), Math.min(left + 1, width - 1)];
    const [y0, y1] = [Math.max(top, 0) * width, Math.min(top + 1, height - 1) * width];
    return mix(
      mix(raster[y0 + x0] ?? 0, raster[y0 + x1] ?? 0, x - left),
      mix(raster[y1 + x0] ?? 0, raster[y1 + x1] ?? 0, x - left),
      y - top,
    );
  }
}

function mix(a: number, b: number, share: number): number {
  return a + share * (b - a);
}
