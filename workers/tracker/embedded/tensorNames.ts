/**
 * The tensors that the embedded model's graphs give, as the source of its weights names them. `tools/graphs` makes the graphs
 * give these.
 */

/** [1, 256, 64, 64]: the encoder's output, for the decoder. */
export const EMBEDDING = 'output';
/** [1, 4096, 160]: the encoder's third stage, one token for each of its 64×64 cells. */
export const STAGE_2 = '/layers.2/blocks.5/Add_1_output_0';
/** [1, 16384, 128]: the encoder's second stage, one token for each of its 128×128 cells. */
export const STAGE_1 = '/layers.1/blocks.1/Add_1_output_0';

/** [1, 4, 256, 256]: logits of the decoder's four masks. */
export const MASKS = '/Reshape_9_output_0';
/** [1, 4]: their predicted IoU. */
export const IOUS = '/iou_prediction_head/layers.2/Gemm_output_0';
