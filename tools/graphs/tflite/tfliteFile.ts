import { Builder, type Offset } from 'flatbuffers';

/** Element types by their numbers in the schema. */
const TYPE = { float32: 0, float16: 1, int32: 2 } as const;
export type TfliteType = keyof typeof TYPE;

export interface TfliteTensor {
  readonly name: string;
  readonly type: TfliteType;
  readonly dims: readonly number[];
  /** Little-endian values of a constant, row-major. */
  readonly data?: Uint8Array;
  /** Whether other graphs have this constant too: these come last in the file, in the order of the tensors. */
  readonly isShared?: boolean;
}

/**
 * The operators that are written: the number of each, the number of its table of options where it has one, and the options by
 * their places in that table. Source: tensorflow/lite/schema/schema.fbs.
 */
const OPERATORS = {
  ADD: { code: 0 },
  CONCATENATION: { code: 2, table: 10, options: { axis: [0, 'int32'] } },
  CONV_2D: {
    code: 3,
    table: 1,
    options: { padding: [0, 'int8'], strideWidth: [1, 'int32'], strideHeight: [2, 'int32'] },
  },
  DEPTHWISE_CONV_2D: {
    code: 4,
    table: 2,
    options: {
      ...{ padding: [0, 'int8'], strideWidth: [1, 'int32'], strideHeight: [2, 'int32'] },
      depthMultiplier: [3, 'int32'],
    },
  },
  DEQUANTIZE: { code: 6 },
  FULLY_CONNECTED: { code: 9, table: 8, options: { keepDims: [2, 'int8'] } },
  MUL: { code: 18 },
  RESHAPE: { code: 22 },
  SOFTMAX: { code: 25, table: 9, options: { beta: [0, 'float32'] } },
  PAD: { code: 34 },
  TRANSPOSE: { code: 39 },
  MEAN: { code: 40, table: 27, options: { keepDims: [0, 'int8'] } },
  SUB: { code: 41 },
  SLICE: { code: 65 },
  RSQRT: { code: 76 },
  SQUARED_DIFFERENCE: { code: 99 },
  BATCH_MATMUL: { code: 126, table: 101, options: { transposeSecond: [1, 'int8'] } },
  GELU: { code: 150, table: 116 },
} as const satisfies Record<string, OperatorKind>;
export type TfliteOp = keyof typeof OPERATORS;

type Scalar = 'int8' | 'int32' | 'float32';

interface OperatorKind {
  readonly code: number;
  readonly table?: number;
  readonly options?: Readonly<Record<string, readonly [place: number, type: Scalar]>>;
}

/** How a convolution treats its borders. */
export const PADDING = { same: 0, valid: 1 } as const;

export interface TfliteOperator {
  readonly op: TfliteOp;
  /** Indices of tensors. */
  readonly inputs: readonly number[];
  readonly output: number;
  /** Those that are left out are 0. */
  readonly options?: Readonly<Record<string, number>>;
}

export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  /** Indices of tensors, which are given and found by their names. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Values of constants begin at multiples of this many bytes. */
const ALIGNMENT = 16;
const SCHEMA_VERSION = 3;

/**
 * Writes a `.tflite` file. The same graph gives the same bytes.
 *
 * @throws RangeError if an operator has an option that it does not know
 */
export function writeTflite({ tensors, operators, inputs, outputs }: TfliteGraph): Uint8Array<ArrayBuffer> {
  const size = tensors.reduce((sum, { data }) => sum + (data?.length ?? 0) + ALIGNMENT, 1 << 16);
  const builder = new Builder(size);
  const write = new TableWriter(builder);

  // Buffer 0 is that of tensors without values. What is written first lies at the end of the file.
  const constants = tensors
    .filter(({ data }) => data !== undefined)
    .toSorted((a, b) => Number(b.isShared ?? false) - Number(a.isShared ?? false));
  const buffers = [undefined, ...constants].map((tensor) =>
    write.table(tensor?.data ? [[0, 'offset', write.bytes(tensor.data)]] : []),
  );
  const bufferList = write.offsets(buffers);
  const bufferOf = new Map(constants.map((tensor, index) => [tensor, index + 1]));

  const tensorList = write.offsets(
    tensors.map((tensor) =>
      write.table([
        [0, 'offset', write.integers(tensor.dims)],
        [1, 'int8', TYPE[tensor.type]],
        [2, 'int32', bufferOf.get(tensor) ?? 0],
        [3, 'offset', write.text(tensor.name)],
      ]),
    ),
  );

  const used = Array.from(new Set(operators.map(({ op }) => op)));
  const operatorList = write.offsets(
    operators.map(({ op, inputs: taken, output, options = {} }) => {
      const kind: OperatorKind = OPERATORS[op];
      const given = Object.entries(options).map(([name, value]): TableField => {
        const place = kind.options?.[name];
        if (!place) throw new RangeError(`${op} has no option ${name}.`);
        return [...place, value];
      });
      return write.table([
        [0, 'int32', used.indexOf(op)],
        [1, 'offset', write.integers(taken)],
        [2, 'offset', write.integers([output])],
        ...(kind.table === undefined
          ? []
          : ([
              [3, 'int8', kind.table],
              [4, 'offset', write.table(given)],
            ] as const)),
      ]);
    }),
  );

  const subgraph = write.table([
    [0, 'offset', tensorList],
    [1, 'offset', write.integers(inputs)],
    [2, 'offset', write.integers(outputs)],
    [3, 'offset', operatorList],
  ]);
  const codes = used.map((op) => {
    const { code } = OPERATORS[op];
    // The first field is that of older readers, which know operators up to 127.
    return write.table([
      [0, 'int8', Math.min(code, 127)],
      [3, 'int32', code],
    ]);
  });
  const named = (indices: readonly number[]) =>
    write.offsets(
      indices.map((index) =>
        write.table([
          [0, 'offset', write.text(tensors[index]?.name ?? '')],
          [1, 'int32', index],
        ]),
      ),
    );
  const signature = write.table([
    [0, 'offset', named(inputs)],
    [1, 'offset', named(outputs)],
    [2, 'offset', write.text('run')],
  ]);
  const model = write.table([
    [0, 'int32', SCHEMA_VERSION],
    [1, 'offset', write.offsets(codes)],
    [2, 'offset', write.offsets([subgraph])],
    [4, 'offset', bufferList],
    [7, 'offset', write.offsets([signature])],
  ]);
  builder.finish(model, 'TFL3');
  return builder.asUint8Array().slice();
}

/** A field of a table: its place, its type and its value. A field that is 0 is left out, which means the same. */
type TableField = readonly [place: number, type: Scalar | 'offset', value: number];

/** Writes the parts of which a flatbuffer consists; what a part names is written before it. */
class TableWriter {
  readonly #builder: Builder;

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  table(fields: readonly TableField[]): Offset {
    const builder = this.#builder;
    builder.startObject(Math.max(0, ...fields.map(([place]) => place + 1)));
    for (const [place, type, value] of fields) {
      if (type === 'int8') builder.addFieldInt8(place, value, 0);
      else if (type === 'int32') builder.addFieldInt32(place, value, 0);
      else if (type === 'float32') builder.addFieldFloat32(place, value, 0);
      else builder.addFieldOffset(place, value, 0);
    }
    return builder.endObject();
  }

  bytes(data: Uint8Array): Offset {
    this.#builder.prep(ALIGNMENT, data.length);
    return this.#builder.createByteVector(data);
  }

  text(value: string): Offset {
    return this.#builder.createString(value);
  }

  integers(values: readonly number[]): Offset {
    this.#builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) this.#builder.addInt32(value);
    return this.#builder.endVector();
  }

  offsets(values: readonly Offset[]): Offset {
    this.#builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) this.#builder.addOffset(value);
    return this.#builder.endVector();
  }
}
