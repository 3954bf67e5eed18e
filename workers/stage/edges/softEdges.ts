import { blurRadius, MEANS } from '../../../src/core/edges/boxMean.ts';
import { CAUTION, NOISE, STRICTNESS } from '../../../src/core/edges/colorAlpha.ts';
import { alphaMargin, guideRadius, REGULARIZATION } from '../../../src/core/edges/edges.ts';
import { PLAIN_EDGE } from '../../../src/core/edges/edgeSettings.ts';
import { joinSoftAreas, type ShapedMask } from '../../../src/core/edges/objectsAlpha.ts';
import { areaRound, type Area } from '../../../src/core/edges/patch.ts';
import { CELL } from '../../../src/core/edges/sideColors.ts';
import type { Size, VideoBox } from '../../../src/core/geometry.ts';
import { rleBounds } from '../../../src/core/rle.ts';
import { computeShader } from '../computeShader.ts';
import type { Drawing } from '../drawing.ts';
import { areaBytes, columnsOf, type AreaOptions } from './area.ts';
import { cellBytes, cellCount, ColorCells } from './colorCells.ts';
import { ScratchBuffers } from './scratchBuffers.ts';
import alphaByColorCode from './alphaByColor.wgsl?raw';
import areaCode from './area.wgsl?raw';
import cellsCode from './cells.wgsl?raw';
import coverCode from './cover.wgsl?raw';
import cutOutCode from './cutOut.wgsl?raw';
import distancesCode from './distances.wgsl?raw';
import factorsAcrossCode from './factorsAcross.wgsl?raw';
import factorsCode from './factors.wgsl?raw';
import guidedCode from './guided.wgsl?raw';
import layCode from './lay.wgsl?raw';
import maskCode from './mask.wgsl?raw';
import meanAcrossCode from './meanAcross.wgsl?raw';
import meanDownCode from './meanDown.wgsl?raw';
import momentsCode from './moments.wgsl?raw';
import sampleCode from './sampleColors.wgsl?raw';
import sidesCode from './sides.wgsl?raw';
import trustCode from './trust.wgsl?raw';

/** Bytes of a pixel in the largest of the buffers. */
const PIXEL_BYTES = 16;

/** What is made of an object, and where. */
interface Work {
  /** The mask's number among those of the frame. */
  readonly mask: number;
  readonly area: Area;
  readonly detail: number;
  /** In percent. */
  readonly strength: number;
  readonly feather: number;
}

/** Of masks, by their numbers: nothing where one is empty. */
export type Bounds = ReadonlyMap<number, VideoBox | null>;

type BufferName =
  | 'alpha'
  | 'soft'
  | 'spare'
  | 'trust'
  | 'colors'
  | 'squares'
  | 'moreSquares'
  | 'factors'
  | 'cells';

/** Makes the alpha of soft edges, and the objects of a frame alone, on the GPU. Its twin on the CPU: core/edges. */
export class SoftEdges {
  readonly #shaders: ReturnType<typeof shadersOf>;
  readonly #colors: ColorCells;
  readonly #buffers: ScratchBuffers<BufferName>;

  constructor(device: GPUDevice) {
    this.#shaders = shadersOf(device);
    this.#colors = new ColorCells(device);
    this.#buffers = new ScratchBuffers(device);
  }

  /** The most pixels of a frame that a device has room for. */
  static mostPixels({ limits }: GPUDevice): number {
    return Math.floor(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / PIXEL_BYTES);
  }

  /** Bytes of the buffers. */
  get bytes(): number {
    return this.#buffers.bytes;
  }

  /** How much of each pixel of the last frame is of the objects, 0 to 1 in steps of 8 bits, as 32-bit floats row by row. */
  get alpha(): GPUBuffer {
    return this.#buffers.get('alpha');
  }

  /**
   * @param picture the frame, of the masks' size
   * @param bits of the masks, as `MaskBits` unfolds them, in their shapes
   * @param bounds of the masks that got their shape on the GPU, by their numbers
   * @param into gets the objects alone, premultiplied: `rgba8unorm`, of the frame's size
   */
  make(
    drawing: Drawing,
    picture: GPUTextureView,
    bits: GPUTextureView,
    masks: readonly ShapedMask[],
    into: GPUTexture,
    bounds: Bounds = new Map(),
  ): void {
    const { width, height } = into;
    const frame = { width, height };
    const bounded = masks.map(({ mask, edge }, at) => {
      const given = bounds.get(at);
      return { box: given === undefined ? rleBounds(mask) : given, edge };
    });
    const works = worksOf(bounded, frame);
    const near = joinSoftAreas(bounded, ({ box }, margin) => areaRound(box, frame, margin)) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    };
    this.#reserve(frame, works, near);
    drawing.clear(this.alpha);
    for (const work of works) this.#addAlpha(drawing, frame, work, picture, bits);
    const area = drawing.uniform(cellArea(near, { frame, isOfFrame: true }));
    const { alpha, cells } = this.#bindings();
    if (near.width > 0) this.#colors.fill(drawing, area, near, { picture, alpha, cells });
    drawing.computeFor(this.#shaders.cutOut, [area, picture, cells, alpha, into.createView()], frame);
  }

  #addAlpha(drawing: Drawing, frame: Size, work: Work, picture: GPUTextureView, bits: GPUTextureView): void {
    const { area: place, detail, strength, feather, mask } = work;
    const shaders = this.#shaders;
    const { alpha, soft, spare, trust, colors, squares, moreSquares, factors, cells } = this.#bindings();
    const columns = columnsOf(place);
    const area = drawing.uniform(
      cellArea(place, { frame, mask, reach: detail, strength: strength / 100, radius: guideRadius(detail) }),
    );
    if (detail > 0) {
      drawing.computeFor(shaders.distances, [area, bits, spare], place);
      drawing.computeFor(shaders.trust, [area, bits, spare, trust], place);
      drawing.computeFor(shaders.moments, [area, bits, picture, colors, squares, moreSquares], place);
      drawing.computeFor(shaders.factors, [area, colors, squares, moreSquares, factors], columns);
      // The sums of colours have been used.
      drawing.computeFor(shaders.factorsAcross, [area, factors, colors], place);
      drawing.computeFor(shaders.guided, [area, bits, picture, colors, trust, soft], columns);
      this.#colors.fill(drawing, area, place, { picture, alpha: soft, cells });
      drawing.computeFor(shaders.alphaByColor, [area, bits, picture, cells, trust, soft], place);
    } else drawing.computeFor(shaders.cover, [area, bits, soft], place);
    if (feather > 0) {
      const blur = drawing.uniform(areaBytes(place, { frame, radius: blurRadius(feather / 2) }));
      for (let i = 0; i < MEANS; i++) {
        drawing.computeFor(shaders.meanAcross, [blur, soft, spare], place);
        drawing.computeFor(shaders.meanDown, [blur, spare, soft], columns);
      }
    }
    drawing.computeFor(shaders.lay, [area, soft, alpha], place);
  }

  #reserve({ width, height }: Size, works: readonly Work[], near: Area): void {
    const detailed = works.filter(({ detail }) => detail > 0);
    const pixels = (of: readonly Work[]) =>
      of.reduce((most, { area }) => Math.max(most, area.width * area.height), 0);
    const [all, guided] = [pixels(works), pixels(detailed)];
    const grids = [near, ...detailed.map(({ area }) => area)];
    this.#buffers.reserve({
      alpha: 4 * width * height,
      soft: 4 * all,
      spare: 4 * all,
      trust: 4 * guided,
      colors: PIXEL_BYTES * guided,
      squares: PIXEL_BYTES * guided,
      moreSquares: 8 * guided,
      factors: PIXEL_BYTES * guided,
      cells: Math.max(...grids.map(cellBytes)),
    });
  }

  #bindings(): Record<BufferName, GPUBindingResource> {
    const binding = (name: BufferName) => ({ buffer: this.#buffers.get(name) });
    return {
      ...{ alpha: binding('alpha'), soft: binding('soft'), spare: binding('spare'), trust: binding('trust') },
      ...{ colors: binding('colors'), squares: binding('squares'), moreSquares: binding('moreSquares') },
      ...{ factors: binding('factors'), cells: binding('cells') },
    };
  }
}

function shadersOf(device: GPUDevice) {
  const shader = (label: string, code: string, constants?: Record<string, number>) =>
    computeShader(device, label, areaCode + code, constants);
  const colorCode = cellsCode + sampleCode + sidesCode;
  return {
    cover: shader('cover', maskCode + coverCode),
    distances: shader('distances', maskCode + distancesCode),
    trust: shader('trust', maskCode + trustCode),
    moments: shader('moments', maskCode + momentsCode),
    factors: shader('factors', factorsCode, { regularization: REGULARIZATION }),
    factorsAcross: shader('factorsAcross', factorsAcrossCode),
    guided: shader('guided', maskCode + guidedCode),
    alphaByColor: shader('alphaByColor', maskCode + colorCode + alphaByColorCode, {
      ...{ cellSide: CELL, noise: NOISE, caution: CAUTION, strictness: STRICTNESS },
    }),
    meanAcross: shader('meanAcross', meanAcrossCode),
    meanDown: shader('meanDown', meanDownCode),
    lay: shader('lay', layCode),
    cutOut: shader('cutOut', colorCode + cutOutCode, { cellSide: CELL }),
  };
}

/** A mask by its bounds: nothing where it is empty. */
interface BoundedMask {
  readonly box: VideoBox | null;
  readonly edge: ShapedMask['edge'];
}

function worksOf(masks: readonly BoundedMask[], frame: Size): Work[] {
  return masks.flatMap(({ box, edge }, at) => {
    const { detail, strength, feather } = edge ?? PLAIN_EDGE;
    const area = areaRound(box, frame, alphaMargin({ detail, feather }));
    return area ? [{ mask: at, area, detail, strength, feather }] : [];
  });
}

/** A rectangle in which colours are gathered. */
function cellArea(area: Area, options: AreaOptions): ArrayBuffer {
  return areaBytes(area, { ...options, lastCell: cellCount(area) - 1 });
}
