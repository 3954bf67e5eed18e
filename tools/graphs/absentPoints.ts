import { floatTensor, integerTensor, newNode, TYPE, type OnnxModel } from './onnxModel.ts';

/** As in workers/tracker/embedded/decoder.ts. */
const ABSENT_LABEL = -2;
/** Added to scores of what takes no part: its share in the softmax is nothing. */
const FORBIDDEN = -1e9;
/** The decoder's tokens before those of the points: one for the predicted IoU, four for the masks. */
const OWN_TOKENS = 5;
/** The attentions in which points are keys. */
const POINTS_AS_KEYS = /layers\.\d\/(self_attn|cross_attn_image_to_token)\/Softmax_output_0$/;

/**
 * Gives SAM's decoder points that are not there: those with label −2 change nothing, however many there are. So the number of
 * points can be the same in every run, and known when the graph is loaded. (A padding point, label −1, is a token that takes part.)
 *
 * @throws RangeError if the decoder has no attention from or to points
 */
export function leaveOutAbsentPoints(model: OnnxModel): void {
  const bias = 'absent_points/bias';
  const attending = model.nodes.filter(({ outputs: [name = ''] }) => POINTS_AS_KEYS.test(name));
  if (attending.length === 0) throw new RangeError('The decoder has no attention that points take part in.');
  for (const constant of [
    floatTensor('absent_points/label', [1], [ABSENT_LABEL]),
    floatTensor('absent_points/forbidden', [1], [FORBIDDEN]),
    integerTensor('absent_points/before', [0, OWN_TOKENS, 0, 0]),
    integerTensor('absent_points/heads_and_queries', [1, 2]),
  ])
    model.initializers.set(constant.name, constant);
  model.nodes = [
    newNode({ op: 'Equal', inputs: ['point_labels', 'absent_points/label'], outputs: ['absent_points/are'] }),
    newNode({
      op: 'Cast',
      inputs: ['absent_points/are'],
      outputs: ['absent_points/shares'],
      attributes: { to: TYPE.float },
    }),
    newNode({
      op: 'Mul',
      inputs: ['absent_points/shares', 'absent_points/forbidden'],
      outputs: ['absent_points/of_points'],
    }),
    newNode({
      op: 'Pad',
      inputs: ['absent_points/of_points', 'absent_points/before'],
      outputs: ['absent_points/of_tokens'],
    }),
    newNode({
      op: 'Unsqueeze',
      inputs: ['absent_points/of_tokens', 'absent_points/heads_and_queries'],
      outputs: [bias],
    }),
    ...model.nodes.flatMap((node) => {
      const [scores = ''] = node.inputs;
      if (!attending.includes(node)) return [node];
      const biased = `${scores}/present`;
      node.inputs = [biased];
      return [newNode({ op: 'Add', inputs: [scores, bias], outputs: [biased] }), node];
    }),
  ];
}
