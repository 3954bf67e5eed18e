import { blurRadius, MEANS } from '../../../src/core/edges/boxMean.ts';
import { hasShape } from '../../../src/core/edges/edgeSettings.ts';
import { mend, mendAll, shapeMargin } from '../../../src/core/edges/edges.ts';
import { areaOf, type Area } from '../../../src/core/edges/patch.ts';
import { movedNeighbours } from '../../../src/core/edges/steady.ts';
import type { Size, VideoBox } from '../../../src/core/geometry.ts';
import type { MaskRle } from '../../../src/core/rle.ts';
import type { ShapeToMake } from '../../../src/core/stageScene.ts';
import { computeShader } from '../computeShader.ts';
import type { Drawing } from '../drawing.ts';
import { FrameTexture } from '../frameTexture.ts';
import { MASKS_PER_LAYER, type MaskBits } from '../maskBits.ts';
import { areaBytes, columnsOf } from './area.ts';
import { readBack } from './readBack.ts';
import { ScratchBuffers } from './scratchBuffers.ts';
import areaCode from './area.wgsl?raw';
import coverCode from './cover.wgsl?raw';
import distancesCode from './shapeDistances.wgsl?raw';
import growCode from './grow.wgsl?raw';
import maskCode from './mask.wgsl?raw';
import meanAcrossCode from './meanAcross.wgsl?raw';
import meanDownCode from './meanDown.wgsl?raw';
import mergeCode from './mergeShapes.wgsl?raw';
import otherSideCode from './otherSide.wgsl?raw';
import putCode from './putShape.wgsl?raw';
import steadyCode from './steady.wgsl?raw';

/** Bytes of a mask's bounds: those of putShape.wgsl. */
const BOUNDS_BYTES = 16;

/** A mask, and the shape that it is to have. */
export interface MaskToShape {
  readonly mask: MaskRle;
  /** Left out where it stays as it is. */
  readonly shape?: ShapeToMake;
}

/** What is made of a mask, and where. */
interface Work {
  /** The mask's number. */
  readonly mask: number;
  readonly area: Area;
  readonly edge: ShapeToMake['edge'];
  /** The numbers of the masks that it is steadied by; nothing where it is not. */
  readonly beside: readonly [before: number, after: number] | undefined;
}

type BufferName = 'shape' | 'spare' | 'distances' | 'words' | 'bounds';

/**
 * Gives masks their shapes on the GPU. Holes and specks are found in the run lengths, before they go up. Its twin on the CPU: shapedMask
 * (core/edges/edges.ts).
 */
export class MaskShapes {
  readonly #device: GPUDevice;
  readonly #shaders: ReturnType<typeof shadersOf>;
  readonly #buffers: ScratchBuffers<BufferName>;
  readonly #merged: FrameTexture;
  /** The numbers of the masks that were unfolded last and got a shape. An empty one gets none. */
  #shaped: readonly number[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#shaders = shadersOf(device);
    this.#buffers = new ScratchBuffers(device);
    this.#merged = new FrameTexture(device, 'r32uint', GPUTextureUsage.STORAGE_BINDING);
  }

  /** Bytes of the buffers and the texture. */
  get bytes(): number {
    return this.#buffers.bytes + this.#merged.bytes;
  }

  /**
   * Unfolds masks, all of one size, in their shapes.
   *
   * @param bits unfolds them as they are
   * @returns a bit for each mask and pixel, as `MaskBits` has them
   */
  unfold(drawing: Drawing, bits: MaskBits, masks: readonly MaskToShape[]): GPUTextureView {
    const { works, made } = planShapes(masks);
    const [first] = masks;
    this.#shaped = works.map(({ mask }) => mask);
    bits.unfold(drawing, made);
    if (works.length === 0 || first === undefined) return bits.view;
    const { width, height } = first.mask;
    const frame = { width, height };
    const layers = Math.ceil(masks.length / MASKS_PER_LAYER);
    this.#merged.sized(frame, layers);
    this.#reserve(frame, works, masks.length);
    drawing.clear(this.#buffers.get('bounds'));
    const merged = this.#merged.current.createView({ dimension: '2d-array' });
    for (let layer = 0; layer < layers; layer++) {
      const ofLayer = works.filter(({ mask }) => Math.floor(mask / MASKS_PER_LAYER) === layer);
      drawing.clear(this.#buffers.get('words'));
      for (const work of ofLayer) this.#make(drawing, frame, work, bits.view);
      const shaped = ofLayer.reduce((all, { mask }) => all | (1 << (mask % MASKS_PER_LAYER)), 0) >>> 0;
      const about = drawing.uniform(Uint32Array.of(width, height, layer, shaped).buffer);
      drawing.computeFor(this.#shaders.merge, [about, bits.view, this.#binding('words'), merged], frame);
    }
    return merged;
  }

  /** The bounds of the masks that were unfolded last and got a shape, once that was submitted; by the masks' numbers. */
  async bounds(masks: readonly MaskToShape[]): Promise<ReadonlyMap<number, VideoBox | null>> {
    if (this.#shaped.length === 0) return new Map();
    const bytes = BOUNDS_BYTES * masks.length;
    const read = await readBack(this.#device, bytes, (commands, into) =>
      commands.copyBufferToBuffer(this.#buffers.get('bounds'), 0, into, 0, bytes),
    );
    return new Map(
      this.#shaped.map((at) => {
        const { width = 0, height = 0 } = masks[at]?.mask ?? {};
        const [left = 0, top = 0, x1 = 0, y1 = 0] = new Uint32Array(read, BOUNDS_BYTES * at, 4);
        return [at, x1 === 0 ? null : { x0: width - left, y0: height - top, x1, y1 }] as const;
      }),
    );
  }

  #make(
    drawing: Drawing,
    frame: Size,
    { mask, area: place, edge, beside }: Work,
    bits: GPUTextureView,
  ): void {
    const shaders = this.#shaders;
    const [words, bounds, distances] = [
      this.#binding('words'),
      this.#binding('bounds'),
      this.#binding('distances'),
    ];
    let [shape, spare] = [this.#binding('shape'), this.#binding('spare')];
    const area = (more: { reach?: number; radius?: number } = {}) =>
      drawing.uniform(areaBytes(place, { frame, mask, ...more }));
    const whole = area();
    drawing.computeFor(shaders.cover, [whole, bits, shape], place);
    if (beside) {
      const near = area({ reach: edge.steady });
      const numbers = drawing.uniform(Uint32Array.from(beside).buffer);
      drawing.computeFor(shaders.distances, [near, shape, distances], place);
      drawing.computeFor(shaders.steady, [near, shape, distances, spare, bits, numbers], place);
      [shape, spare] = [spare, shape];
    }
    if (edge.grow !== 0) {
      const near = area({ reach: Math.abs(edge.grow) });
      const grows = drawing.uniform(Uint32Array.of(Number(edge.grow > 0)).buffer);
      drawing.computeFor(shaders.distances, [near, shape, distances], place);
      drawing.computeFor(shaders.grow, [near, shape, distances, spare, grows], place);
      [shape, spare] = [spare, shape];
    }
    if (edge.smooth > 0) {
      const blur = area({ radius: blurRadius(edge.smooth / 2) });
      for (let i = 0; i < MEANS; i++) {
        drawing.computeFor(shaders.meanAcross, [blur, shape, spare], place);
        drawing.computeFor(shaders.meanDown, [blur, spare, shape], columnsOf(place));
      }
    }
    drawing.computeFor(shaders.put, [whole, shape, words, bounds], place);
  }

  #reserve(frame: Size, works: readonly Work[], masks: number): void {
    const pixels = Math.max(...works.map(({ area }) => area.width * area.height));
    this.#buffers.reserve({
      ...{ shape: 4 * pixels, spare: 4 * pixels, distances: 4 * pixels },
      words: 4 * frame.width * frame.height,
      bounds: BOUNDS_BYTES * masks,
    });
  }

  #binding(name: BufferName): GPUBindingResource {
    return { buffer: this.#buffers.get(name) };
  }
}

function shadersOf(device: GPUDevice) {
  const shader = (label: string, code: string) => computeShader(device, label, areaCode + code);
  return {
    cover: shader('coverShape', maskCode + coverCode),
    distances: shader('shapeDistances', distancesCode),
    steady: shader('steady', otherSideCode + steadyCode),
    grow: shader('grow', otherSideCode + growCode),
    meanAcross: shader('meanAcross', meanAcrossCode),
    meanDown: shader('meanDown', meanDownCode),
    put: shader('putShape', putCode),
    merge: computeShader(device, 'mergeShapes', mergeCode),
  };
}

function isShaped(shape: ShapeToMake | undefined): shape is ShapeToMake {
  return shape !== undefined && hasShape(shape.edge);
}

/** What is to be made of masks, and the masks that it is made of: those of other frames come after those of this one. */
function planShapes(masks: readonly MaskToShape[]): {
  readonly works: readonly Work[];
  readonly made: readonly MaskRle[];
} {
  const works: Work[] = [];
  const mended: MaskRle[] = [];
  const beside: MaskRle[] = [];
  for (const [number, { mask: given, shape }] of masks.entries()) {
    const mask = isShaped(shape) ? mend(given, shape.edge) : given;
    mended.push(mask);
    if (!isShaped(shape)) continue;
    const { edge, neighbours } = shape;
    const area = areaOf(mask, Math.ceil(edge.steady) + shapeMargin(edge));
    if (area === undefined) continue;
    const moved = edge.steady > 0 ? movedNeighbours(mask, mendAll(neighbours, edge)) : undefined;
    const next = masks.length + beside.length;
    if (moved) beside.push(moved.before, moved.after);
    works.push({ mask: number, area, edge, beside: moved && [next, next + 1] });
  }
  return { works, made: [...mended, ...beside] };
}
