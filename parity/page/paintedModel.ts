import type { RgbaImage } from '../../src/core/frames.ts';
import { encodeRle, type MaskRle } from '../../src/core/rle.ts';
import { writeOnnx, type OnnxNode } from '../../workers/models/onnxFile.ts';
import type { EmbeddedWeights } from '../../workers/tracker/embedded/embeddedModel.ts';
import { EMBEDDING, IOUS, MASKS, STAGE_1, STAGE_2 } from '../../workers/tracker/embedded/tensorNames.ts';
import { PaintedClip } from '../../workers/tracker/testing/paintedClip.ts';

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

/** Whole numbers as float32. */
function numbers(name: string, values: number | readonly number[]): OnnxNode[] {
  const attributes = typeof values === 'number' ? { value_int: values } : { value_ints: values };
  return [
    { op: 'Constant', inputs: [], outputs: [`${name}_whole`], attributes },
    { op: 'Cast', inputs: [`${name}_whole`], outputs: [name], attributes: { to: 1 } },
  ];
}

/** Logits of a disc round the first point, [1, 1, 256, 256], 14 cells wide and high from its middle. */
function disc(name: string): OnnxNode[] {
  const cells = Array.from({ length: 256 }, (_, cell) => cell);
  const axes = (['x', 'y'] as const).flatMap((axis, i): OnnxNode[] => {
    const [line, at, off] = [`${axis}_line`, `${axis}_at`, `${axis}_off`];
    return [
      ...numbers(`${axis}_cells`, cells),
      {
        op: 'Constant',
        inputs: [],
        outputs: [`${axis}_shape`],
        attributes: { value_ints: i === 0 ? [1, 256] : [256, 1] },
      },
      { op: 'Reshape', inputs: [`${axis}_cells`, `${axis}_shape`], outputs: [line] },
      { op: 'Constant', inputs: [], outputs: [`${axis}_index`], attributes: { value_int: i } },
      { op: 'Gather', inputs: ['first_point', `${axis}_index`], outputs: [at], attributes: { axis: 1 } },
      { op: 'Div', inputs: [at, 'mask_cell'], outputs: [`${at}_cell`] },
      { op: 'Sub', inputs: [line, `${at}_cell`], outputs: [off] },
      { op: 'Mul', inputs: [off, off], outputs: [`${off}_squared`] },
    ];
  });
  return [
    { op: 'Constant', inputs: [], outputs: ['first'], attributes: { value_int: 0 } },
    { op: 'Gather', inputs: ['point_coords', 'first'], outputs: ['first_point'], attributes: { axis: 1 } },
    ...numbers('mask_cell', 4),
    ...axes,
    { op: 'Add', inputs: ['x_off_squared', 'y_off_squared'], outputs: ['distance'] },
    ...numbers('radius_squared', 14 ** 2),
    ...numbers('softness', 20),
    { op: 'Sub', inputs: ['radius_squared', 'distance'], outputs: ['inside'] },
    { op: 'Div', inputs: ['inside', 'softness'], outputs: ['disc_logits'] },
    { op: 'Constant', inputs: [], outputs: ['plane'], attributes: { value_ints: [1, 1, 256, 256] } },
    { op: 'Reshape', inputs: ['disc_logits', 'plane'], outputs: [name] },
  ];
}

/** The first where the flag is 1, the second where it is 0. */
function choice(flag: string, first: string, second: string, out: string): OnnxNode[] {
  return [
    ...numbers('one', 1),
    { op: 'Sub', inputs: ['one', flag], outputs: ['otherwise'] },
    { op: 'Mul', inputs: [first, flag], outputs: ['chosen'] },
    { op: 'Mul', inputs: [second, 'otherwise'], outputs: ['left'] },
    { op: 'Add', inputs: ['chosen', 'left'], outputs: [out] },
  ];
}

/**
 * Graphs with the embedded model's inputs and outputs, but without weights: the encoder only sees how bright a place is, and the
 * decoder answers every prompt with the mask that it was given, or without one with a disc round the first point. With them a run is
 * quick even on an emulated GPU.
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
        outputs: [EMBEDDING],
        attributes: { axis: 1 },
      },
    ],
    outputs: [
      { name: EMBEDDING, dims: [1, 256, 64, 64] },
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
      ...disc('disc'),
      ...choice('has_mask_input', 'mask_input', 'disc', 'mask'),
      {
        op: 'Concat',
        inputs: new Array<string>(4).fill('mask'),
        outputs: [MASKS],
        attributes: { axis: 1 },
      },
      {
        op: 'ReduceMax',
        inputs: ['mask'],
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
/** Where a bright disc is that moves right over a grey ground, and a dark one that moves left. */
const BRIGHT = [80, 88, 96, 104, 112, 120, 128, 136] as const;
const DARK = [260, 254, 248, 242, 236, 230, 224, 218] as const;
/** Where another bright one is, darker towards its edge, in a clip with a twin: it comes near the first. */
const TWIN = [150, 148, 146, 144, 142] as const;
/** Where one like the first is in a clip with a late twin. */
const LATE = [undefined, undefined, undefined, undefined, 190, 187, 184, 181] as const;
/** Without a twin the bright disc is gone on this frame. */
const GONE = 3;

/** What happens in a clip. */
export type Painted = 'gone' | 'twin' | 'late';

const FRAMES: Readonly<Record<Painted, number>> = { gone: 5, twin: 5, late: 8 };

function discsOn(frame: number, painted: Painted) {
  const bright = painted === 'gone' && frame === GONE ? undefined : BRIGHT[frame];
  const twin = painted === 'twin' ? TWIN[frame] : undefined;
  return { bright, dark: DARK[frame], twin, late: painted === 'late' ? LATE[frame] : undefined };
}

function isIn(centre: number | undefined, x: number, y: number): boolean {
  return centre !== undefined && Math.hypot(x - centre, y - ROW) < RADIUS;
}

function paint(frame: number, painted: Painted): RgbaImage {
  const { bright, dark, twin, late } = discsOn(frame, painted);
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 4) {
      const ground = 120 + 12 * Math.sin(x / 9) + 8 * Math.cos(y / 7);
      const gray =
        isIn(bright, x, y) || isIn(late, x, y)
          ? 245
          : isIn(twin, x, y)
            ? 185 - Math.hypot(x - (twin ?? 0), y - ROW)
            : isIn(dark, x, y)
              ? 10
              : ground;
      data.set([gray, gray, gray, 255], at);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** The masks of the bright and the dark disc on the first frame. */
export function paintedMasks(): MaskRle[] {
  const maskOf = (inside: (x: number, y: number) => boolean) => {
    const mask = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      inside(i % WIDTH, Math.floor(i / WIDTH)) ? 1 : 0,
    );
    return encodeRle(mask, { width: WIDTH, height: HEIGHT });
  };
  return [BRIGHT[0], DARK[0]].map((centre) => maskOf((x, y) => isIn(centre, x, y)));
}

/** The clip that they move in. */
export function paintedClip(painted: Painted): PaintedClip {
  return new PaintedClip({ width: WIDTH, height: HEIGHT }, FRAMES[painted], (frame) => paint(frame, painted));
}
