import { cutOut } from '../../../src/core/edges/cutOut.ts';
import { shapedMask } from '../../../src/core/edges/edges.ts';
import { objectsAlpha, softArea, type ShapedMask } from '../../../src/core/edges/objectsAlpha.ts';
import type { Neighbours } from '../../../src/core/edges/steady.ts';
import type { RgbaImage } from '../../../src/core/frames.ts';
import { Drawing } from '../drawing.ts';
import { MaskBits } from '../maskBits.ts';
import type { MaskShapes } from './maskShapes.ts';
import { readBack } from './readBack.ts';
import type { SoftEdges } from './softEdges.ts';

/** How far what the GPU makes of soft edges is from what the CPU makes, at most, in steps of 8 bits. */
export interface EdgeDifference {
  readonly alpha: number;
  /** Of the colours of the objects alone, premultiplied. */
  readonly colors: number;
}

/** What makes edges on the GPU. */
export interface EdgeMakers {
  readonly shapes: MaskShapes;
  readonly soft: SoftEdges;
}

/** A mask with an edge, and the object's masks on the frames beside. */
export interface MaskToCompare extends ShapedMask {
  readonly neighbours?: Neighbours;
}

/** A row of a texture that is copied begins at a multiple of this. */
const ROW_BYTES = 256;

/** Makes the objects of a frame alone on the GPU and on the CPU. @param picture opaque */
export async function compareEdges(
  device: GPUDevice,
  makers: EdgeMakers,
  picture: RgbaImage,
  given: readonly MaskToCompare[],
): Promise<EdgeDifference> {
  const made = await madeOnGpu(device, makers, picture, given);
  const masks = given.map(({ mask, edge, neighbours }) => ({
    mask: shapedMask(mask, edge, neighbours),
    edge,
  }));
  const alpha = objectsAlpha(masks, picture, picture);
  const objects = cutOut(picture, alpha, softArea(masks));
  let [alphaOff, colorsOff] = [0, 0];
  alpha.forEach((share, at) => {
    alphaOff = Math.max(alphaOff, Math.abs(share - 255 * (made.alpha[at] ?? NaN)));
    for (let channel = 4 * at; channel < 4 * at + 3; channel++) {
      const expected = ((objects[channel] ?? 0) * share) / 255;
      colorsOff = Math.max(colorsOff, Math.abs(expected - (made.objects[channel] ?? NaN)));
    }
  });
  return { alpha: Math.round(alphaOff), colors: colorsOff };
}

/** The alpha of each pixel, 0 to 1, and the objects alone, RGBA, row by row. */
async function madeOnGpu(
  device: GPUDevice,
  { shapes, soft }: EdgeMakers,
  { data, width, height }: RgbaImage,
  given: readonly MaskToCompare[],
): Promise<{ readonly alpha: Float32Array; readonly objects: Uint8Array }> {
  const { COPY_DST, COPY_SRC, TEXTURE_BINDING, STORAGE_BINDING } = GPUTextureUsage;
  const size = { width, height };
  const textureFor = (usage: number) => device.createTexture({ size, format: 'rgba8unorm', usage });
  const frame = textureFor(COPY_DST | TEXTURE_BINDING);
  const objects = textureFor(STORAGE_BINDING | COPY_SRC);
  const bits = new MaskBits(device);
  device.queue.writeTexture({ texture: frame }, Uint8Array.from(data), { bytesPerRow: 4 * width }, size);
  const masks = given.map(({ mask, edge, neighbours = {} }) => ({
    ...{ mask, edge },
    ...(edge && { shape: { edge, neighbours } }),
  }));
  const unfolding = new Drawing(device);
  const shaped = shapes.unfold(unfolding, bits, masks);
  unfolding.submit();
  const drawing = new Drawing(device);
  soft.make(drawing, frame.createView(), shaped, masks, objects, await shapes.bounds(masks));
  drawing.submit();
  const alphaBytes = 4 * width * height;
  const bytesPerRow = Math.ceil((4 * width) / ROW_BYTES) * ROW_BYTES;
  const [alpha, rows] = await Promise.all([
    readBack(device, alphaBytes, (commands, buffer) =>
      commands.copyBufferToBuffer(soft.alpha, 0, buffer, 0, alphaBytes),
    ),
    readBack(device, bytesPerRow * height, (commands, buffer) =>
      commands.copyTextureToBuffer({ texture: objects }, { buffer, bytesPerRow }, size),
    ),
  ]);
  frame.destroy();
  objects.destroy();
  bits.dispose();
  const pixels = new Uint8Array(alphaBytes);
  for (let y = 0; y < height; y++)
    pixels.set(new Uint8Array(rows, y * bytesPerRow, 4 * width), y * 4 * width);
  return { alpha: new Float32Array(alpha), objects: pixels };
}
