import { EMBEDDING, STAGE_1, STAGE_2 } from '../../../workers/tracker/embedded/tensorNames.ts';
import { floatValues, type OnnxModel } from '../onnxModel.ts';
import { Network, type Numbers, type Value, type Weights } from './network.ts';

/** Rows and columns of the input. */
const SIDE = 1024;
const IMAGE = [1, 3, SIDE, SIDE];

/** The stages of attention: blocks, heads, the side of a window, and the stride of the layers between this stage and the next. */
const STAGES = [
  { blocks: 2, heads: 4, window: 7, stride: 2 },
  { blocks: 6, heads: 5, window: 14, stride: 1 },
  { blocks: 2, heads: 10, window: 7, stride: undefined },
] as const;

/**
 * The embedded model’s encoder as a `.tflite` file, with the weights, the input and the outputs of its ONNX file. The network is TinyViT
 * (Wu et al., 2022) with the neck of Segment Anything. Channels come last inside, as XNNPACK computes. The factors and offsets of
 * layer norms are part of the products that follow, and the scale of attention is part of its queries.
 *
 * @param source with constants as initializers
 * @throws RangeError if a weight is not there under its name
 */
export function writeEncoder(source: OnnxModel, weights: Weights): Uint8Array<ArrayBuffer> {
  return new Encoder(source, weights).write();
}

class Encoder {
  readonly #source: Source;
  readonly #net: Network;

  constructor(source: OnnxModel, weights: Weights) {
    this.#source = new Source(source);
    this.#net = new Network(weights);
  }

  write(): Uint8Array<ArrayBuffer> {
    const net = this.#net;
    const image = net.transpose(net.input('input', IMAGE), [0, 2, 3, 1]);
    let x = net.gelu(this.#convolution(image, '/patch_embed/seq/seq.0/c', 2));
    x = this.#convolution(x, '/patch_embed/seq/seq.2/c', 2);
    for (const block of [0, 1]) x = this.#convolutionBlock(x, `/layers.0/blocks.${block}`);
    x = this.#between(x, '/layers.0/downsample', 2);
    for (const [index, { blocks, heads, window, stride }] of STAGES.entries()) {
      const stage = `/layers.${index + 1}`;
      for (let block = 0; block < blocks; block++)
        x = this.#attentionBlock(x, `${stage}/blocks.${block}`, heads, window);
      const name = OUTPUT_OF_STAGE[index];
      const [, height = 0, width = 0, channels = 0] = x.dims;
      if (name !== undefined) net.output(name, net.reshape(x, [1, height * width, channels]));
      if (stride !== undefined) x = this.#between(x, `${stage}/downsample`, stride);
    }
    x = this.#norm(this.#convolution(x, '/neck/neck.0'), '/neck/neck.1');
    x = this.#norm(this.#convolution(x, '/neck/neck.2'), '/neck/neck.3');
    net.output(EMBEDDING, net.transpose(x, [0, 3, 1, 2]));
    return net.write();
  }

  #convolution(x: Value, name: string, stride = 1): Value {
    const { weights, bias, isDepthwise } = this.#source.convolution(name);
    return isDepthwise
      ? this.#net.depthwise(x, weights, bias, stride)
      : this.#net.convolution(x, weights, bias, stride);
  }

  #convolutionBlock(x: Value, name: string): Value {
    const wide = this.#net.gelu(this.#convolution(x, `${name}/conv1/c`));
    const inner = this.#net.gelu(this.#convolution(wide, `${name}/conv2/c`));
    return this.#net.gelu(this.#net.add(this.#convolution(inner, `${name}/conv3/c`), x));
  }

  #between(x: Value, name: string, stride: number): Value {
    const wide = this.#net.gelu(this.#convolution(x, `${name}/conv1/c`));
    const small = this.#net.gelu(this.#convolution(wide, `${name}/conv2/c`, stride));
    return this.#convolution(small, `${name}/conv3/c`);
  }

  #attentionBlock(x: Value, name: string, heads: number, window: number): Value {
    const net = this.#net;
    const attended = net.add(x, this.#attention(x, `${name}/attn`, heads, window));
    const local = this.#convolution(attended, `${name}/local_conv/c`);
    const mlp = `${name}/mlp`;
    const first = normThenLinear(this.#source.norm(`${mlp}/norm`), this.#source.linear(`${mlp}/fc1`));
    const second = this.#source.linear(`${mlp}/fc2`);
    const normal = net.normalise(local, this.#source.epsilon(`${mlp}/norm`));
    const wide = net.gelu(net.linear(normal, first.weights, first.bias));
    return net.add(local, net.linear(wide, second.weights, second.bias));
  }

  /** Attention within windows, which zeros fill up to whole ones. */
  #attention(x: Value, name: string, heads: number, window: number): Value {
    const net = this.#net;
    const [, height = 0, width = 0, channels = 0] = x.dims;
    const [rows, columns] = [Math.ceil(height / window), Math.ceil(width / window)];
    const [more, wider] = [rows * window - height, columns * window - width];
    const size = channels / heads;
    const normal = net.normalise(x, this.#source.epsilon(`${name}/norm`));
    const padded = more + wider > 0 ? net.pad(normal, [0, more, 0, wider]) : normal;

    const joint = normThenLinear(this.#source.norm(`${name}/norm`), this.#source.linear(`${name}/qkv`));
    const scale = this.#source.number(`${name}/Constant_4_output_0`);
    const [queries, keys, values] = [scale, 1, 1].map((factor, part) => {
      const { weights, bias } = partOfHeads(joint, { heads, size, part, factor });
      const all = net.linear(padded, weights, bias);
      const apart = net.reshape(all, [rows, window, columns, window, heads, size]);
      return net.reshape(net.transpose(apart, [0, 2, 4, 1, 3, 5]), [
        rows * columns,
        heads,
        window ** 2,
        size,
      ]);
    }) as [Value, Value, Value];

    const place = this.#source.numbers(`${name}/Constant_5_output_0`);
    const scores = net.add(net.product(queries, keys, { transposed: true }), place);
    const found = net.product(net.softmax(scores), values);
    const windows = net.reshape(found, [rows, columns, heads, window, window, size]);
    const whole = net.reshape(net.transpose(windows, [0, 3, 1, 4, 2, 5]), [
      ...[1, rows * window, columns * window, channels],
    ]);
    const { weights, bias } = this.#source.linear(`${name}/proj`);
    return net.linear(more + wider > 0 ? net.crop(whole, height, width) : whole, weights, bias);
  }

  #norm(x: Value, name: string): Value {
    const { factors, offsets } = this.#source.pictureNorm(name);
    return this.#net.add(
      this.#net.multiply(this.#net.normalise(x, this.#source.epsilon(name)), factors),
      offsets,
    );
  }
}

const OUTPUT_OF_STAGE: readonly (string | undefined)[] = [STAGE_1, STAGE_2];

interface Linear {
  /** [channels out, channels in] */
  readonly weights: Numbers;
  readonly bias: Numbers;
}

/** By channel. */
interface Norm {
  readonly factors: Numbers;
  readonly offsets: Numbers;
}

/** The product of a layer norm and what follows it, as one product with what is only normalised. */
function normThenLinear({ factors, offsets }: Norm, { weights, bias }: Linear): Linear {
  const [, channels = 0] = weights.dims;
  const scaled = weights.values.map((weight, i) => weight * (factors.values[i % channels] ?? 0));
  const moved = bias.values.map((value, row) => {
    let sum = value;
    for (let i = 0; i < channels; i++)
      sum += (weights.values[row * channels + i] ?? 0) * (offsets.values[i] ?? 0);
    return sum;
  });
  return { weights: { ...weights, values: scaled }, bias: { ...bias, values: moved } };
}

/** The rows of a product that make the queries, keys or values of all heads: they come head by head, each with all three. */
function partOfHeads(
  { weights, bias }: Linear,
  { heads, size, part, factor }: { heads: number; size: number; part: number; factor: number },
): Linear {
  const [, channels = 0] = weights.dims;
  const rowOf = (row: number) => (3 * Math.floor(row / size) + part) * size + (row % size);
  const values = Float32Array.from({ length: heads * size * channels }, (_, i) => {
    const row = Math.floor(i / channels);
    return factor * (weights.values[rowOf(row) * channels + (i % channels)] ?? 0);
  });
  const moved = Float32Array.from(
    { length: heads * size },
    (_, row) => factor * (bias.values[rowOf(row)] ?? 0),
  );
  return {
    weights: { values, dims: [heads * size, channels] },
    bias: { values: moved, dims: [heads * size] },
  };
}

/** The weights in the ONNX file, by the paths of their layers. */
class Source {
  readonly #model: OnnxModel;

  constructor(model: OnnxModel) {
    this.#model = model;
  }

  /** @throws RangeError if there is no such constant */
  numbers(name: string): Numbers {
    const found = this.#model.initializers.get(name);
    if (!found) throw new RangeError(`The encoder has no constant ${name}.`);
    return { values: floatValues(found), dims: found.dims };
  }

  number(name: string): number {
    return this.numbers(name).values[0] ?? 0;
  }

  epsilon(norm: string): number {
    return this.number(`${norm}/Constant_1_output_0`);
  }

  convolution(name: string): Linear & { readonly isDepthwise: boolean } {
    const [, weightName = '', biasName] = this.#inputs(`${name}/Conv_output_0`);
    const { values, dims } = this.numbers(weightName);
    const [out = 0, inner = 0, height = 0, width = 0] = dims;
    const bias =
      biasName === undefined ? { values: new Float32Array(out), dims: [out] } : this.numbers(biasName);
    const isDepthwise = inner === 1;
    const weights = {
      values: isDepthwise
        ? permute(values, [out, height * width], [1, 0])
        : permute(values, [out, inner, height * width], [0, 2, 1]),
      dims: isDepthwise ? [1, height, width, out] : [out, height, width, inner],
    };
    return { weights, bias, isDepthwise };
  }

  linear(name: string): Linear {
    const [, weightName = ''] = this.#inputs(`${name}/MatMul_output_0`);
    const { values, dims } = this.numbers(weightName);
    return {
      weights: { values: permute(values, dims, [1, 0]), dims: dims.toReversed() },
      bias: this.numbers(`${dotted(name)}.bias`),
    };
  }

  norm(name: string): Norm {
    return {
      factors: this.numbers(`${dotted(name)}.weight`),
      offsets: this.numbers(`${dotted(name)}.bias`),
    };
  }

  /** A norm over the channels of a picture. */
  pictureNorm(name: string): Norm {
    const scaled = `${name}/Mul_output_0`;
    const last = this.#model.nodes.find(({ inputs }) => inputs.includes(scaled));
    const constantOf = (inputs: readonly string[] = []): Numbers => {
      const { values } = this.numbers(inputs.find((each) => this.#model.initializers.has(each)) ?? '');
      return { values, dims: [values.length] };
    };
    return { factors: constantOf(this.#inputs(scaled)), offsets: constantOf(last?.inputs) };
  }

  #inputs(output: string): readonly string[] {
    const node = this.#model.nodes.find(({ outputs }) => outputs.includes(output));
    if (!node) throw new RangeError(`The encoder has no value ${output}.`);
    return node.inputs;
  }
}

/** `/layers.1/mlp` as the names of weights have it: `layers.1.mlp`. */
function dotted(path: string): string {
  return path.slice(1).replaceAll('/', '.');
}

/** Values in another order of their dimensions. */
function permute(values: Float32Array, dims: readonly number[], order: readonly number[]): Float32Array {
  const strides = dims.map((_, i) => dims.slice(i + 1).reduce((product, dim) => product * dim, 1));
  const [a = 1, b = 1, c = 1] = order.map((from) => dims[from] ?? 1);
  const [x = 0, y = 0, z = 0] = order.map((from) => strides[from] ?? 0);
  const out = new Float32Array(values.length);
  let to = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) out[to++] = values[i * x + j * y + k * z] ?? 0;
  return out;
}
