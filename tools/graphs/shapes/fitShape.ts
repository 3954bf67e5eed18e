import type { Size } from '../../../src/core/geometry.ts';
import type { OnnxNode } from '../../../workers/models/onnxFile.ts';
import { CELL, INPUT_SIDE, SIDE } from '../../../workers/tracker/embedded/features.ts';
import { EMBEDDING } from '../../../workers/tracker/embedded/tensorNames.ts';
import {
  floatTensor,
  integerTensor,
  newNode,
  TYPE,
  type ModelNode,
  type OnnxModel,
  type OnnxTensor,
} from '../onnxModel.ts';
import {
  BORDERED,
  EMBEDDING_CHANNELS,
  missingBeyond,
  TERMS,
  type Padding,
  type Paddings,
} from './padding.ts';

/** The encoder's stages with attention: model pixels for each of their cells, and cells along a window's side. */
const STAGES = [
  { stage: 1, blocks: 2, cell: 8, window: 7 },
  { stage: 2, blocks: 6, cell: CELL, window: 14 },
  { stage: 3, blocks: 2, cell: CELL, window: 7 },
] as const;

/** Names of constants that are those of one shape begin with this. */
const OWN = 'shape/';

/** Whether a constant is of one shape, so that graphs of other shapes do not have it. */
export function isOfShape(name: string): boolean {
  return name.startsWith(OWN);
}

/**
 * Makes the encoder take a part of the square: as many columns and rows as are whole windows of its attention, all of the square's
 * along one side. What the part lacks is what the encoder makes of padding: each convolution of 3×3 sees it beyond the last line, and the
 * output, which keeps its size, has it in the cells that are missing.
 *
 * @throws RangeError if the graph is not the one that this was written for
 */
export function fitShape(model: OnnxModel, input: Size, paddings: Paddings): void {
  const { width, height } = input;
  model.setInput({ name: 'input', dims: [1, 3, height, width] });
  for (const { stage, blocks, cell, window } of STAGES) {
    const [square, down, across] = [INPUT_SIDE, height, width].map((length) =>
      lineOf(length, cell, window),
    ) as [Line, Line, Line];
    for (let block = 0; block < blocks; block++) {
      const constant = (number: number) => `/layers.${stage}/blocks.${block}/Constant_${number}_output_0`;
      const excess = (y: Line, x: Line) => [0, 0, 0, x.excess, 0, y.excess];
      replace(model, constant(6), excess(square, square), excess(down, across));
      for (const [first, second, role] of [
        [3, 4, 'cells'],
        [13, 15, 'windows'],
        [17, 18, 'windows'],
        [20, 21, 'windows'],
        [24, 25, 'padded'],
        [28, 32, 'cells'],
        [34, 35, 'cells'],
      ] as const) {
        replace(model, constant(first), [square[role]], [down[role]]);
        replace(model, constant(second), [square[role]], [across[role]]);
      }
    }
    if (stage < STAGES.length) {
      const image = (y: Line, x: Line) => [1, y.cells, x.cells, -1];
      replace(
        model,
        `/layers.${stage}/downsample/Constant_output_0`,
        image(square, square),
        image(down, across),
      );
    } else {
      replace(model, '/Constant_2_output_0', [square.cells], [down.cells]);
      replace(model, '/Constant_3_output_0', [square.cells], [across.cells]);
    }
  }
  const missing = missingBeyond(input, paddings);
  if (missing) fillIn(model, missing.padding, missing.lines === 'rows' ? 2 : 3);
}

/** Along one side of a stage's grid: cells, windows, cells of all windows, and those of them that are beyond the grid. */
interface Line {
  readonly cells: number;
  readonly windows: number;
  readonly padded: number;
  readonly excess: number;
}

function lineOf(length: number, cell: number, window: number): Line {
  const cells = length / cell;
  const windows = Math.ceil(cells / window);
  return { cells, windows, padded: windows * window, excess: windows * window - cells };
}

/** Puts integers in the place of a constant. @throws RangeError if its values are not those that are expected */
function replace(
  model: OnnxModel,
  name: string,
  expected: readonly number[],
  values: readonly number[],
): void {
  const found = model.initializers.get(name);
  const before = integersIn(found);
  if (!found || before.join() !== expected.join())
    throw new RangeError(`${name} is [${before.join()}] in the encoder, not [${expected.join()}].`);
  const own = { ...integerTensor(`${OWN}${name}`, values), dims: found.dims };
  model.initializers.set(own.name, own);
  for (const node of model.nodes)
    node.inputs = node.inputs.map((input) => (input === name ? own.name : input));
  model.initializers.delete(name);
}

function integersIn(tensor: OnnxTensor | undefined): number[] {
  if (tensor?.type !== TYPE.int64) return [];
  return Array.from(new BigInt64Array(new Uint8Array(tensor.raw).buffer), Number);
}

/** @param axis along which lines are missing: 2, rows, or 3, columns */
function fillIn(model: OnnxModel, { borders, cells, channels }: Padding, axis: 2 | 3): void {
  const numbers = (name: string, dims: readonly number[], values: Float32Array) => {
    const own = floatTensor(`${OWN}${name}`, dims, Array.from(values));
    model.initializers.set(own.name, own);
    return own.name;
  };
  const integers = (name: string, values: readonly number[]) => {
    const own = integerTensor(`${OWN}${name}`, values);
    model.initializers.set(own.name, own);
    return own.name;
  };
  const bordered = new Set<string>();
  model.nodes = model.nodes.flatMap((node): ModelNode[] => {
    const path = node.outputs[0]?.replace(/\/Conv_output_0$/, '') ?? '';
    const border = node.op === 'Conv' ? borders.get(path) : undefined;
    const kernel = model.initializers.get(node.inputs[1] ?? '');
    if (!border || !kernel) return [node];
    bordered.add(path);
    const [given = '', ...constants] = node.inputs;
    const [line, whole] = [`${OWN}${path}/line`, `${OWN}${path}/whole`];
    const { channels: depth, cells: length } = BORDERED.get(path) ?? { channels: 0, cells: 0 };
    const [, perGroup = 0, height = 0, width = 0] = kernel.dims;
    return nodes(
      {
        op: 'Expand',
        inputs: [
          numbers(`${path}/border`, [1, depth, 1, 1], border),
          integers(`${path}/line_dims`, [1, depth, ...(axis === 2 ? [1, length] : [length, 1])]),
        ],
        outputs: [line],
      },
      { op: 'Concat', inputs: [given, line], outputs: [whole], attributes: { axis } },
      {
        op: 'Conv',
        inputs: [whole, ...constants],
        outputs: node.outputs,
        attributes: {
          group: depth / perGroup,
          kernel_shape: [height, width],
          pads: axis === 2 ? [1, 1, 0, 1] : [1, 1, 1, 0],
        },
      },
    );
  });
  const missing = [...borders.keys()].filter((path) => !bordered.has(path));
  if (missing.length > 0) throw new RangeError(`The encoder has no convolution ${missing.join(', ')}.`);

  for (const node of model.nodes)
    node.outputs = node.outputs.map((name) => (name === EMBEDDING ? `${EMBEDDING}/part` : name));
  const count = cells.length / TERMS / SIDE;
  const dims = axis === 2 ? [count, SIDE] : [SIDE, count];
  model.nodes.push(
    ...nodes(
      {
        op: 'MatMul',
        inputs: [
          numbers('channels', [EMBEDDING_CHANNELS, TERMS], transposed(channels, TERMS)),
          numbers('cells', [TERMS, cells.length / TERMS], transposed(cells, cells.length / TERMS)),
        ],
        outputs: ['padding/list'],
      },
      {
        op: 'Reshape',
        inputs: ['padding/list', integers('padding_dims', [1, EMBEDDING_CHANNELS, ...dims])],
        outputs: ['padding'],
      },
      { op: 'Concat', inputs: [`${EMBEDDING}/part`, 'padding'], outputs: [EMBEDDING], attributes: { axis } },
    ),
  );
}

function nodes(...given: readonly OnnxNode[]): ModelNode[] {
  return given.map(newNode);
}

/** [columns, rows] of [rows, columns]. */
function transposed(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}
