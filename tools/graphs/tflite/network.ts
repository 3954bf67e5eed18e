import { toHalves } from '../half.ts';
import { PADDING, writeTflite, type TfliteOp, type TfliteOperator, type TfliteTensor } from './tfliteFile.ts';

/** A value of the network: the index of its tensor, and its dims. */
export interface Value {
  readonly index: number;
  readonly dims: readonly number[];
}

/** Constant numbers, row-major. */
export interface Numbers {
  readonly values: Float32Array;
  readonly dims: readonly number[];
  /** Whether networks for inputs of other shapes do not have them. */
  readonly isOfShape?: boolean;
}

/** How a convolution goes over a picture, which zeros surround. */
export interface Convolution {
  readonly stride?: number;
  /** The axis along which the picture's last line takes the place of the zeros: 1, its last row, or 2, its last column. */
  readonly bordered?: 1 | 2 | undefined;
}

/** How a network keeps its constants. It computes in float32 either way. */
export type Weights = 'float32' | 'float16';

/**
 * A network that is put together layer by layer and written as a `.tflite` file. Pictures are [1, height, width, channels].
 */
export class Network {
  readonly #tensors: TfliteTensor[] = [];
  readonly #operators: TfliteOperator[] = [];
  readonly #inputs: number[] = [];
  readonly #outputs: number[] = [];
  readonly #weights: Weights;

  constructor(weights: Weights) {
    this.#weights = weights;
  }

  input(name: string, dims: readonly number[]): Value {
    const value = this.#tensor({ name, type: 'float32', dims });
    this.#inputs.push(value.index);
    return value;
  }

  output(name: string, { index }: Value): void {
    const tensor = this.#tensors[index];
    if (tensor) this.#tensors[index] = { ...tensor, name };
    this.#outputs.push(index);
  }

  write(): Uint8Array<ArrayBuffer> {
    return writeTflite({
      tensors: this.#tensors,
      operators: this.#operators,
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
  }

  /** @param weights [channels out, height, width, channels in] */
  convolution(x: Value, weights: Numbers, bias: Numbers, how?: Convolution): Value {
    const [channels = 0, side = 1] = weights.dims;
    return this.#convolve('CONV_2D', x, weights, bias, { channels, side, ...how }, {});
  }

  /** One kernel for each channel. @param weights [1, height, width, channels] */
  depthwise(x: Value, weights: Numbers, bias: Numbers, how?: Convolution): Value {
    const [, side = 1, , channels = 0] = weights.dims;
    return this.#convolve('DEPTHWISE_CONV_2D', x, weights, bias, { channels, side, ...how }, DEPTHWISE);
  }

  /** @param weights [channels out, channels in], of the last dimension */
  linear(x: Value | Numbers, weights: Numbers, bias: Numbers): Value {
    const dims = x.dims.with(-1, weights.dims[0] ?? 0);
    return this.#do(
      'FULLY_CONNECTED',
      [this.#valueOf(x), this.#constant(weights), this.#constant(bias)],
      dims,
      {
        keepDims: 1,
      },
    );
  }

  /** Products of matrices, which are the last two dimensions, the second transposed if so said. */
  product(a: Value, b: Value, { transposed = false } = {}): Value {
    const columns = b.dims.at(transposed ? -2 : -1) ?? 0;
    return this.#do('BATCH_MATMUL', [a, b], a.dims.with(-1, columns), {
      transposeSecond: Number(transposed),
    });
  }

  add(a: Value, b: Value | Numbers): Value {
    return this.#do('ADD', [a, this.#valueOf(b)], a.dims);
  }

  multiply(a: Value, b: Value | Numbers): Value {
    return this.#do('MUL', [a, this.#valueOf(b)], a.dims);
  }

  /** The exact one, of the error function. */
  gelu(x: Value): Value {
    return this.#do('GELU', [x], x.dims);
  }

  /** Over the last dimension. */
  softmax(x: Value): Value {
    return this.#do('SOFTMAX', [x], x.dims, { beta: 1 });
  }

  /** A layer norm over the last dimension, without its factors and offsets. */
  normalise(x: Value, epsilon: number): Value {
    const mean = this.#mean(x);
    const variance = this.#mean(this.#do('SQUARED_DIFFERENCE', [x, mean], x.dims));
    const raised = this.add(variance, this.#floats(Float32Array.of(epsilon), [1]));
    const factor = this.#do('RSQRT', [raised], raised.dims);
    return this.multiply(this.#do('SUB', [x, mean], x.dims), factor);
  }

  reshape(x: Value, dims: readonly number[]): Value {
    return this.#do('RESHAPE', [x, this.#integers(dims, [dims.length])], dims);
  }

  transpose(x: Value, order: readonly number[]): Value {
    const dims = order.map((from) => x.dims[from] ?? 0);
    return this.#do('TRANSPOSE', [x, this.#integers(order, [order.length])], dims);
  }

  /** Adds zeros around a picture. */
  pad(x: Value, [top, bottom, left, right]: readonly [number, number, number, number]): Value {
    const [, height = 0, width = 0, channels = 0] = x.dims;
    const around = this.#integers([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
    return this.#do('PAD', [x, around], [1, height + top + bottom, width + left + right, channels]);
  }

  /** Pictures one below the other, or, along axis 2, beside each other. */
  join(a: Value, b: Value, axis: 1 | 2): Value {
    const dims = a.dims.with(axis, (a.dims[axis] ?? 0) + (b.dims[axis] ?? 0));
    return this.#do('CONCATENATION', [a, b], dims, { axis });
  }

  /** The upper left part of a picture. */
  crop(x: Value, height: number, width: number): Value {
    const dims = [1, height, width, x.dims[3] ?? 0];
    return this.#do('SLICE', [x, this.#integers([0, 0, 0, 0], [4]), this.#integers(dims, [4])], dims);
  }

  #convolve(
    op: 'CONV_2D' | 'DEPTHWISE_CONV_2D',
    x: Value,
    weights: Numbers,
    bias: Numbers,
    { channels, side, stride = 1, bordered }: Convolution & { channels: number; side: number },
    options: Readonly<Record<string, number>>,
  ): Value {
    // With a stride, the format’s own padding lies elsewhere than ONNX’s. The format has none on three sides only.
    const before = (side - 1) / 2;
    const isPadded = stride > 1 || bordered !== undefined;
    const [below, beside] = [bordered === 1 ? 0 : before, bordered === 2 ? 0 : before];
    const padded = isPadded ? this.pad(x, [before, below, before, beside]) : x;
    const [, height = 0, width = 0] = padded.dims;
    const along = (length: number) => (isPadded ? Math.floor((length - side) / stride) + 1 : length);
    return this.#do(
      op,
      [padded, this.#constant(weights), this.#constant(bias)],
      [1, along(height), along(width), channels],
      {
        ...{ padding: isPadded ? PADDING.valid : PADDING.same, strideWidth: stride, strideHeight: stride },
        ...options,
      },
    );
  }

  #mean(x: Value): Value {
    const last = this.#integers([x.dims.length - 1], [1]);
    return this.#do('MEAN', [x, last], x.dims.with(-1, 1), { keepDims: 1 });
  }

  #valueOf(given: Value | Numbers): Value {
    return 'index' in given ? given : this.#constant(given);
  }

  /** XNNPACK takes a layer whose weights are in float16 only where its bias is too. */
  #constant({ values, dims, isOfShape = false }: Numbers): Value {
    if (this.#weights === 'float32') return this.#floats(values, dims, !isOfShape);
    const data = bytesOf(toHalves(values));
    const halves = this.#tensor({ ...NAMELESS, type: 'float16', dims, data, isShared: !isOfShape });
    return this.#do('DEQUANTIZE', [halves], dims);
  }

  #floats(values: Float32Array, dims: readonly number[], isShared = false): Value {
    return this.#tensor({ ...NAMELESS, type: 'float32', dims, data: bytesOf(values), isShared });
  }

  #integers(values: readonly number[], dims: readonly number[]): Value {
    return this.#tensor({ ...NAMELESS, type: 'int32', dims, data: bytesOf(Int32Array.from(values)) });
  }

  #do(
    op: TfliteOp,
    inputs: readonly Value[],
    dims: readonly number[],
    options: Readonly<Record<string, number>> = {},
  ): Value {
    const output = this.#tensor({ ...NAMELESS, type: 'float32', dims });
    this.#operators.push({ op, inputs: inputs.map(({ index }) => index), output: output.index, options });
    return output;
  }

  #tensor(tensor: TfliteTensor): Value {
    return { index: this.#tensors.push(tensor) - 1, dims: tensor.dims };
  }
}

const NAMELESS = { name: '' };
const DEPTHWISE = { depthMultiplier: 1 };

/** Little-endian, on whatever machine. */
function bytesOf(values: Float32Array | Uint16Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
