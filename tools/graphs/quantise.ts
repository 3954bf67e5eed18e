import { floatValues, newNode, TYPE, type ModelNode, type OnnxModel, type OnnxTensor } from './onnxModel.ts';

/**
 * The weights are uint8 round this zero point. Products of uint8 with uint8 are exact everywhere; those with int8 overflow on
 * CPUs that add two of them in 16 bits, unless a bit is left unused.
 */
const ZERO_POINT = 128;
const LARGEST = 127;
const ZERO_POINT_NAME = 'weights/zero_point';

/**
 * Replaces products with constant matrices by products of 8-bit integers: the weights with one scale for each output channel,
 * the other factor with a scale and zero point that are found anew at each run. ONNX Runtime fuses what stands here for one
 * product into one operator.
 *
 * @param chosen whether a product is replaced, by the name of its result; all where left out
 */
export function quantiseMatMuls(model: OnnxModel, chosen: (product: string) => boolean = () => true): void {
  model.initializers.set(ZERO_POINT_NAME, {
    name: ZERO_POINT_NAME,
    type: TYPE.uint8,
    dims: [],
    raw: Uint8Array.of(ZERO_POINT),
  });
  const quantised = new Set<string>();
  model.nodes = model.nodes.flatMap((node) => {
    const [input, weightName] = node.inputs;
    const [output] = node.outputs;
    const weight = weightName === undefined ? undefined : model.initializers.get(weightName);
    if (node.op !== 'MatMul' || weight?.type !== TYPE.float || weight.dims.length !== 2) return node;
    if (input === undefined || output === undefined || !chosen(output)) return node;

    const { values, scales } = quantiseColumns(weight);
    model.initializers.set(values.name, values).set(scales.name, scales);
    const part = (name: string) => `${input}/${name}`;
    const result = (name: string) => `${output}/${name}`;
    const nodes: ModelNode[] = [];
    if (!quantised.has(input)) {
      quantised.add(input);
      const outputs = [part('uint8'), part('scale'), part('zero_point')];
      nodes.push(newNode({ op: 'DynamicQuantizeLinear', inputs: [input], outputs }));
    }
    nodes.push(
      ...[
        {
          op: 'MatMulInteger',
          inputs: [part('uint8'), values.name, part('zero_point'), ZERO_POINT_NAME],
          outputs: [result('int32')],
        },
        {
          op: 'Cast',
          inputs: [result('int32')],
          outputs: [result('unscaled')],
          attributes: { to: TYPE.float },
        },
        { op: 'Mul', inputs: [part('scale'), scales.name], outputs: [result('scale')] },
        { op: 'Mul', inputs: [result('unscaled'), result('scale')], outputs: [output] },
      ].map(newNode),
    );
    return nodes;
  });
  model.dropUnused();
}

/**
 * A matrix [rows, columns] as uint8, with one scale for each column: weight = (integer − 128) · scale, and the largest
 * absolute value of a column is 127 steps from zero.
 */
export function quantiseColumns(matrix: OnnxTensor): { values: OnnxTensor; scales: OnnxTensor } {
  const { name, dims } = matrix;
  const weights = floatValues(matrix);
  const columns = dims[1] ?? 0;
  const scales = new Float32Array(columns);
  for (let i = 0; i < weights.length; i++)
    scales[i % columns] = Math.max(scales[i % columns] ?? 0, Math.abs(weights[i] ?? 0));
  scales.forEach((largest, column) => (scales[column] = (largest || LARGEST) / LARGEST));
  const values = Uint8Array.from(
    weights,
    (weight, i) => ZERO_POINT + Math.round(weight / (scales[i % columns] ?? 1)),
  );
  return {
    values: { name: `${name}/uint8`, type: TYPE.uint8, dims, raw: values },
    scales: {
      name: `${name}/scale`,
      type: TYPE.float,
      dims: [columns],
      raw: new Uint8Array(scales.buffer),
    },
  };
}
