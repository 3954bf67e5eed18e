import { elements } from '../../../workers/models/graph.ts';
import { floatValues, type OnnxModel } from '../onnxModel.ts';
import type { Numbers } from './network.ts';

export interface Linear {
  /** [channels out, channels in] */
  readonly weights: Numbers;
  readonly bias: Numbers;
}

/** By channel. */
export interface Norm {
  readonly factors: Numbers;
  readonly offsets: Numbers;
}

/** The product of a layer norm and what follows it, as one product with what is only normalised. */
export function normThenLinear({ factors, offsets }: Norm, { weights, bias }: Linear): Linear {
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
export function partOfHeads(
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
export class Source {
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
export function permute(
  values: Float32Array,
  dims: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = dims.map((_, i) => elements(dims.slice(i + 1)));
  const [a = 1, b = 1, c = 1] = order.map((from) => dims[from] ?? 1);
  const [x = 0, y = 0, z = 0] = order.map((from) => strides[from] ?? 0);
  const out = new Float32Array(values.length);
  let to = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) for (let k = 0; k < c; k++) out[to++] = values[i * x + j * y + k * z] ?? 0;
  return out;
}
