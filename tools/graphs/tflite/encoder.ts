import type { Size } from '../../../src/core/geometry.ts';
import { elements } from '../../../workers/models/graph.ts';
import { SIDE } from '../../../workers/tracker/embedded/features.ts';
import { EMBEDDING, STAGE_1, STAGE_2 } from '../../../workers/tracker/embedded/tensorNames.ts';
import type { OnnxModel } from '../onnxModel.ts';
import { missingBeyond, TERMS, type Padding, type Paddings } from '../shapes/padding.ts';
import { normThenLinear, partOfHeads, permute, Source } from './encoderWeights.ts';
import { Network, type Numbers, type Value, type Weights } from './network.ts';

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
 * @param input the part of the square that is the input; what it lacks is filled in as in the ONNX file (`fitShape`)
 * @throws RangeError if a weight is not there under its name
 */
export function writeEncoder(
  source: OnnxModel,
  weights: Weights,
  input: Size,
  paddings: Paddings,
): Uint8Array<ArrayBuffer> {
  const missing = missingBeyond(input, paddings);
  const axis = missing?.lines === 'rows' ? 1 : 2;
  return new Encoder(source, weights, missing && { axis, padding: missing.padding }).write(input);
}

/** What the input lacks of the square. */
interface Missing {
  /** Along which lines are missing: 1, rows, or 2, columns. */
  readonly axis: 1 | 2;
  readonly padding: Padding;
}

class Encoder {
  readonly #source: Source;
  readonly #net: Network;
  readonly #missing: Missing | undefined;

  constructor(source: OnnxModel, weights: Weights, missing: Missing | undefined) {
    this.#source = new Source(source);
    this.#net = new Network(weights);
    this.#missing = missing;
  }

  write({ width: columns, height: rows }: Size): Uint8Array<ArrayBuffer> {
    const net = this.#net;
    const image = net.transpose(net.input('input', [1, 3, rows, columns]), [0, 2, 3, 1]);
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
    net.output(EMBEDDING, net.transpose(this.#wholeSquare(x), [0, 3, 1, 2]));
    return net.write();
  }

  #convolution(x: Value, name: string, stride = 1): Value {
    const { weights, bias, isDepthwise } = this.#source.convolution(name);
    const border = this.#missing?.padding.borders.get(name);
    const bordered = border && this.#missing?.axis;
    const given = border && bordered ? this.#withBorder(x, border, bordered) : x;
    const how = { stride, bordered };
    return isDepthwise
      ? this.#net.depthwise(given, weights, bias, how)
      : this.#net.convolution(given, weights, bias, how);
  }

  /** With one more line, which is the same everywhere. */
  #withBorder(x: Value, border: Float32Array, axis: 1 | 2): Value {
    const dims = x.dims.with(axis, 1).with(-1, 1);
    const ones = new Float32Array(elements(dims)).fill(1);
    return this.#net.join(x, this.#padding({ values: ones, dims }, border), axis);
  }

  /** The output, with the cells that are missing. */
  #wholeSquare(x: Value): Value {
    if (!this.#missing) return x;
    const { axis, padding } = this.#missing;
    const dims = x.dims.with(axis, SIDE - (x.dims[axis] ?? 0)).with(-1, TERMS);
    return this.#net.join(x, this.#padding({ values: padding.cells, dims }, padding.channels), axis);
  }

  /** Padding as the product of cells, [1, rows, columns, terms], and channels, [terms, channels]: it would be many times as large itself. */
  #padding(cells: Numbers, channels: Float32Array): Value {
    const terms = cells.dims.at(-1) ?? 1;
    const count = channels.length / terms;
    const weights = { values: permute(channels, [terms, count], [1, 0]), dims: [count, terms] };
    const none = { values: new Float32Array(count), dims: [count] };
    const ofShape = [cells, weights, none].map((numbers) => ({ ...numbers, isOfShape: true }));
    return this.#net.linear(...(ofShape as [Numbers, Numbers, Numbers]));
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
