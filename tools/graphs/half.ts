import {
  floatValues,
  integerAttribute,
  newNode,
  tensorAttribute,
  TYPE,
  withTensorAttribute,
  type ModelNode,
  type OnnxModel,
  type OnnxTensor,
} from './onnxModel.ts';

/** Sums over many values, squares and their roots: with ten bits, or up to 65504 only, they are too coarse or overflow. */
const DELICATE = ['ReduceMean', 'Pow', 'Sqrt', 'Softmax', 'Resize'];
/** What stands between them in a written-out layer norm; it stays float32 where a float32 value comes in. */
const BETWEEN = ['Sub', 'Add', 'Div'];

/**
 * Makes constants and inner values float16. Inputs and outputs stay float32, and so do the operations of layer norms and
 * softmaxes. Nothing but float32 and integers may be in the graph, and no subgraph.
 */
export function toHalf(model: OnnxModel): void {
  const halves = new Halves(model);
  model.nodes = model.nodes.flatMap((node) => halves.convert(node));
  model.nodes.push(...halves.finish());
  model.dropUnused();
}

/** Where each value is on the way through the graph: it can exist as float32, as float16, or, cast, as both. */
class Halves {
  readonly #model: OnnxModel;
  readonly #outputs: ReadonlySet<string>;
  /** Type of each value that has been made, under its own name. */
  readonly #types = new Map<string, number>();
  /** Names of values that have been cast to the other type. */
  readonly #casts = new Map<string, string>();

  constructor(model: OnnxModel) {
    this.#model = model;
    this.#outputs = new Set(model.outputs.map(({ name }) => name));
    for (const { name } of model.inputs) this.#types.set(name, TYPE.float);
    for (const { name, type } of model.initializers.values()) this.#types.set(name, type);
  }

  convert(node: ModelNode): ModelNode[] {
    const type = this.#precision(node);
    const casts: ModelNode[] = [];
    const inputs = node.inputs.map((name) => {
      const [cast, castName] = this.#as(name, type);
      casts.push(...cast);
      return castName;
    });
    for (const name of node.outputs) this.#types.set(name, this.#resultType(node, type));
    return [...casts, { ...this.#retype(node, type), inputs }];
  }

  /** Gives outputs that are float16 back as float32, under their names. */
  finish(): ModelNode[] {
    const halves = [...this.#outputs].filter((name) => this.#types.get(name) === TYPE.half);
    const rename = (name: string) => (halves.includes(name) ? `${name}/inner` : name);
    for (const node of this.#model.nodes) {
      node.inputs = node.inputs.map(rename);
      node.outputs = node.outputs.map(rename);
    }
    return halves.map((name) => castNode(rename(name), name, TYPE.float));
  }

  #precision({ op, inputs }: ModelNode): number {
    if (DELICATE.includes(op)) return TYPE.float;
    const afterDelicate =
      BETWEEN.includes(op) &&
      inputs.some((name) => this.#types.get(name) === TYPE.float && !this.#isGiven(name));
    return afterDelicate ? TYPE.float : TYPE.half;
  }

  /** Constants and inputs are float32 at first, but say nothing of where they are used. */
  #isGiven(name: string): boolean {
    return this.#model.initializers.has(name) || this.#model.inputs.some((input) => input.name === name);
  }

  /** The value's name in float32 or float16, and the node that makes it where there is none yet. */
  #as(name: string, type: number): [ModelNode[], string] {
    const own = this.#types.get(name);
    if (own === type || (own !== TYPE.float && own !== TYPE.half)) return [[], name];
    const known = this.#casts.get(name);
    if (known !== undefined) return [[], known];
    const other = `${name}/${type === TYPE.half ? 'half' : 'float'}`;
    this.#casts.set(name, other);
    const constant = this.#model.initializers.get(name);
    if (!constant) return [[castNode(name, other, type)], other];
    this.#model.initializers.set(other, { ...halfTensor(constant), name: other });
    return [[], other];
  }

  #resultType(node: ModelNode, type: number): number {
    switch (node.op) {
      case 'Shape':
        return TYPE.int64;
      case 'Cast': {
        const to = integerAttribute(node, 'to') ?? TYPE.float;
        return to === TYPE.float ? type : to;
      }
      case 'ConstantOfShape': {
        const of = tensorAttribute(node)?.type ?? TYPE.float;
        return of === TYPE.float ? type : of;
      }
      default: {
        const first = this.#types.get(node.inputs[0] ?? '');
        return first === TYPE.float || first === TYPE.half ? type : (first ?? TYPE.float);
      }
    }
  }

  #retype(node: ModelNode, type: number): ModelNode {
    if (type !== TYPE.half) return node;
    if (node.op === 'Cast' && integerAttribute(node, 'to') === TYPE.float) {
      return castNode(node.inputs[0] ?? '', node.outputs[0] ?? '', TYPE.half);
    }
    const value = node.op === 'ConstantOfShape' ? tensorAttribute(node) : undefined;
    return value?.type === TYPE.float ? withTensorAttribute(node, halfTensor(value)) : node;
  }
}

function castNode(from: string, to: string, type: number): ModelNode {
  return newNode({ op: 'Cast', inputs: [from], outputs: [to], attributes: { to: type } });
}

function halfTensor(tensor: OnnxTensor): OnnxTensor {
  return { ...tensor, type: TYPE.half, raw: new Uint8Array(toHalves(floatValues(tensor)).buffer) };
}

/** The bits of the nearest float16 of each number. */
export function toHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  // Quicker than `from`, which takes numbers one by one.
  for (let i = 0; i < values.length; i++) halves[i] = toHalfBits(values[i] ?? 0);
  return halves;
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The nearest float16, ties to even, as its 16 bits. Beyond its range the largest finite one: −∞ in masks becomes −65504. */
export function toHalfBits(value: number): number {
  single[0] = Math.min(65504, Math.max(-65504, value));
  const bits = singleBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 255) - 127;
  if (exponent < -14) {
    // Subnormal: a multiple of 2^-24. 1024 of them are the smallest normal number, whose bits follow on.
    return sign | roundToEven(Math.abs(single[0] ?? 0) * 2 ** 24);
  }
  const mantissa = bits & 0x7fffff;
  return sign | (((exponent + 15) << 10) + roundToEven(mantissa / 2 ** 13));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
