import { integerTensor, newNode, type ModelNode, type OnnxModel } from './onnxModel.ts';

const INPUTS = [
  // Not 1: where ONNX Runtime's CPU provider knows that there are as many pictures as objects, it joins two additions and layer norms to a
  // kernel that takes several times their time.
  { name: 'image_embeddings', dims: ['num_pictures', 256, 64, 64] },
  { name: 'point_coords', dims: ['num_objects', 'num_points', 2] },
  { name: 'point_labels', dims: ['num_objects', 'num_points'] },
  { name: 'mask_input', dims: ['num_objects', 1, 256, 256] },
] as const;
/** What the decoder brings into another shape, by name, and that shape: 0 keeps a dimension, −1 takes what is left. */
const SHAPES: readonly (readonly [name: RegExp, shape: readonly number[]])[] = [
  [/attn[^/]*\/Reshape(_[12])?_output_0$/, [0, 0, 8, -1]],
  [/attn[^/]*\/Reshape_3_output_0$/, [0, 0, -1]],
  [/^\/transformer\/Reshape(_1)?_output_0$/, [0, 0, -1]],
  [/^\/Reshape_7_output_0$/, [0, 0, 64, 64]],
  [/^\/Reshape_8_output_0$/, [0, 0, -1]],
  [/^\/Reshape_9_output_0$/, [0, 0, 256, 256]],
];
/** Copies that are added or compared, where one serves all objects or channels, and what they are copies of. */
const COPIES: Readonly<Record<string, string>> = {
  '/Reshape_3_output_0': 'image_embeddings',
  // The positions of the picture's cells.
  '/Reshape_6_output_0': '/Unsqueeze_1_output_0',
  // The labels of points.
  '/Expand_output_0': '/Unsqueeze_output_0',
};
/** The decoder's own tokens, [1, 5, 256], copied for each object: they are joined with those of its points. */
const OWN_TOKENS = '/Expand_1_output_0';
const OWN_DIMS = [5, 256];

/**
 * Lets SAM's decoder take the prompts of any number of objects in one picture at once: `point_coords` [objects, points, 2],
 * `point_labels` [objects, points], `mask_input` [objects, 1, 256, 256]. The export computes every shape from those of other tensors; here
 * all that is known of a shape is a constant, so that only the number of objects is left to be found in a run.
 *
 * @throws RangeError if the decoder has not the shapes that this was written for
 */
export function allowObjectBatches(model: OnnxModel): void {
  for (const input of INPUTS) model.setInput(input);
  const own = integerTensor('objects/own_dims', OWN_DIMS);
  model.initializers.set(own.name, own);
  const found = new Set<RegExp | string>();
  const nodes = model.nodes.map((node) => {
    const [output = ''] = node.outputs;
    for (const name of node.inputs) if (name in COPIES) found.add(name);
    node.inputs = node.inputs.map((name) => COPIES[name] ?? name);
    if (output === OWN_TOKENS) {
      found.add(output);
      return withShape(node, 'objects/own_tokens');
    }
    const [name, shape] = SHAPES.find(([each]) => node.op === 'Reshape' && each.test(output)) ?? [];
    if (!name || !shape) return node;
    found.add(name);
    const constant = integerTensor(`objects/${shape.join('_')}`, shape);
    model.initializers.set(constant.name, constant);
    return withShape(node, constant.name);
  });
  const missing = [OWN_TOKENS, ...Object.keys(COPIES), ...SHAPES.map(([name]) => name)].filter(
    (name) => !found.has(name),
  );
  if (missing.length > 0) throw new RangeError(`The decoder has no ${missing.join(', ')}.`);
  model.nodes = [
    newNode({
      op: 'Shape',
      inputs: ['point_labels'],
      outputs: ['objects/number'],
      attributes: { start: 0, end: 1 },
    }),
    newNode({
      op: 'Concat',
      inputs: ['objects/number', own.name],
      outputs: ['objects/own_tokens'],
      attributes: { axis: 0 },
    }),
    ...nodes,
  ];
}

/** A Reshape or Expand to a shape of another name. */
function withShape({ inputs: [given = ''], ...node }: ModelNode, shape: string): ModelNode {
  return { ...node, inputs: [given, shape] };
}
