import type { ClipInfo } from '../../../src/core/clip.ts';
import type { Frame, FrameSource, RgbaImage } from '../../../src/core/frames.ts';
import { encodeRle, type MaskRle } from '../../../src/core/rle.ts';
import { writeOnnx, type OnnxNode } from '../../../workers/models/onnxFile.ts';
import type { EmbeddedWeights } from '../../../workers/tracker/embedded/embeddedModel.ts';
import { IOUS, MASKS } from '../../../workers/tracker/embedded/decoder.ts';

/** Brightness as an inner layer: one token for each square of `side` model pixels, of `channels` (a power of two, or 160). */
function layer(name: string, side: number, channels: number): OnnxNode[] {
  const of = (width: number) => `${name}_${width}`;
  const square = [side, side];
  const doubled = [4, 8, 16, 32, 64].map((width): OnnxNode => {
    const inputs = [of(width), of(width)];
    return { op: 'Concat', inputs, outputs: [of(2 * width)], attributes: { axis: 1 } };
  });
  return [
    {
      op: 'AveragePool',
      inputs: ['gray'],
      outputs: [of(1)],
      attributes: { kernel_shape: square, strides: square },
    },
    ...['Sin', 'Cos', 'Tanh'].map((op) => ({ op, inputs: [of(1)], outputs: [`${name}_${op}`] })),
    {
      op: 'Concat',
      inputs: [of(1), `${name}_Sin`, `${name}_Cos`, `${name}_Tanh`],
      outputs: [of(4)],
      attributes: { axis: 1 },
    },
    ...doubled,
    ...(channels === 160
      ? [{ op: 'Concat', inputs: [of(128), of(32)], outputs: [of(160)], attributes: { axis: 1 } }]
      : []),
    {
      op: 'Transpose',
      inputs: [of(channels)],
      outputs: [`${name}_tokens`],
      attributes: { perm: [0, 2, 3, 1] },
    },
    { op: 'Flatten', inputs: [`${name}_tokens`], outputs: [name], attributes: { axis: 3 } },
  ];
}

const STAGE_2 = '/layers.2/blocks.5/Add_1_output_0';
const STAGE_1 = '/layers.1/blocks.1/Add_1_output_0';

/**
 * Graphs with the embedded model's inputs and outputs, but without weights: the encoder only sees how bright a place is, and the
 * decoder answers every prompt with the mask that it was given. With them a run is quick even on an emulated GPU.
 */
export const PAINTED_MODEL: EmbeddedWeights = {
  encoder: writeOnnx({
    name: 'encoder',
    inputs: [{ name: 'input', dims: [1, 3, 1024, 1024] }],
    nodes: [
      { op: 'ReduceMean', inputs: ['input'], outputs: ['gray'], attributes: { axes: [1] } },
      ...layer(STAGE_2, 16, 160),
      ...layer(STAGE_1, 8, 128),
      {
        op: 'Concat',
        inputs: [`${STAGE_2}_128`, `${STAGE_2}_128`],
        outputs: ['output'],
        attributes: { axis: 1 },
      },
    ],
    outputs: [
      { name: 'output', dims: [1, 256, 64, 64] },
      { name: STAGE_2, dims: [4096, 160] },
      { name: STAGE_1, dims: [16384, 128] },
    ],
  }),
  decoder: writeOnnx({
    name: 'decoder',
    inputs: [
      { name: 'image_embeddings', dims: [1, 256, 64, 64] },
      { name: 'point_coords', dims: [1, 'num_points', 2] },
      { name: 'point_labels', dims: [1, 'num_points'] },
      { name: 'mask_input', dims: [1, 1, 256, 256] },
      { name: 'has_mask_input', dims: [1] },
    ],
    nodes: [
      {
        op: 'Concat',
        inputs: new Array<string>(4).fill('mask_input'),
        outputs: [MASKS],
        attributes: { axis: 1 },
      },
      {
        op: 'ReduceMax',
        inputs: ['mask_input'],
        outputs: ['most'],
        attributes: { axes: [2, 3], keepdims: 0 },
      },
      { op: 'Sigmoid', inputs: ['most'], outputs: ['iou'] },
      { op: 'Concat', inputs: new Array<string>(4).fill('iou'), outputs: [IOUS], attributes: { axis: 1 } },
    ],
    outputs: [
      { name: MASKS, dims: [1, 4, 256, 256] },
      { name: IOUS, dims: [1, 4] },
    ],
  }),
};

/** Flat, so that few cells are compared. */
const [WIDTH, HEIGHT, RADIUS] = [320, 48, 18];
const ROW = HEIGHT / 2;
/** Where a bright disc is that moves right over a grey ground and is gone on one frame; and a dark one that moves left. */
const BRIGHT = [80, 88, 96, null, 112] as const;
const DARK = [240, 234, 228, 222, 216] as const;

function isIn(centre: number | null | undefined, x: number, y: number): boolean {
  return typeof centre === 'number' && Math.hypot(x - centre, y - ROW) < RADIUS;
}

function paint(frame: number): RgbaImage {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 4) {
      const ground = 120 + 12 * Math.sin(x / 9) + 8 * Math.cos(y / 7);
      const gray = isIn(BRIGHT[frame], x, y) ? 245 : isIn(DARK[frame], x, y) ? 10 : ground;
      data.set([gray, gray, gray, 255], at);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** The masks of the bright and the dark disc on a frame. */
export function paintedMasks(frame: number): MaskRle[] {
  const maskOf = (inside: (x: number, y: number) => boolean) => {
    const mask = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      inside(i % WIDTH, Math.floor(i / WIDTH)) ? 1 : 0,
    );
    return encodeRle(mask, { width: WIDTH, height: HEIGHT });
  };
  return [BRIGHT, DARK].map((centres) => maskOf((x, y) => isIn(centres[frame], x, y)));
}

/** The clip that they move in. */
export class PaintedClip implements FrameSource {
  readonly info: ClipInfo = {
    ...{ kind: 'video', width: WIDTH, height: HEIGHT, frameCount: BRIGHT.length },
    timestamps: Float64Array.from(BRIGHT, (_, i) => i / 25),
    duration: BRIGHT.length / 25,
    codec: 'painted',
  };

  frame(index: number): Promise<Frame> {
    return Promise.resolve({ index, pixels: () => Promise.resolve(paint(index)), close: () => undefined });
  }

  async *frames(first: number, last: number): AsyncGenerator<Frame, void, undefined> {
    const step = Math.sign(last - first) || 1;
    for (let index = first; index !== last + step; index += step) yield this.frame(index);
  }

  dispose(): void {
    // Nothing is held.
  }
}
