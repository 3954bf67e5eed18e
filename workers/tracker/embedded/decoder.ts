import type { ModelBox, ModelPoint, Size } from '../../../src/core/geometry.ts';
import type { PointLabel } from '../../../src/core/prompts.ts';
import { tensor, type GraphSession } from '../../models/graph.ts';
import type { Grid } from '../masks/grid.ts';
import { INPUT_SIDE, type EmbeddedFeatures } from './features.ts';
import { IOUS, MASKS } from './tensorNames.ts';

/** Side of the decoder's mask grid, and model pixels for each of its cells. */
export const MASK_SIDE = 256;
export const MASK_CELL = INPUT_SIDE / MASK_SIDE;
/** Of one mask's logits. */
export const MASK_DIMS = [1, 1, MASK_SIDE, MASK_SIDE] as const;

/** Of a point that takes no part: the rest are decoded as if it were not given. */
export const ABSENT_LABEL = -2;
const PADDING_LABEL = -1;
export const TOP_LEFT_LABEL = 2;
export const BOTTOM_RIGHT_LABEL = 3;

/** The bound of logits that go back into the decoder as mask prompt. */
export const MASK_PROMPT_BOUND = 10;

export interface DecoderPrompts {
  readonly points: readonly (ModelPoint & { readonly label: PointLabel })[];
  readonly box?: ModelBox | undefined;
  /** Logits on the mask grid. */
  readonly mask?: Float32Array | undefined;
}

export interface DecodedMask {
  /** 256×256, over the model's whole input; surely background beside the frame. */
  readonly logits: Grid;
  readonly predictedIou: number;
}

/** SAM's answer: token 0 to all prompts together, tokens 1 to 3 as the readings of an ambiguous click. */
export interface Decoded {
  readonly single: DecodedMask;
  readonly readings: readonly DecodedMask[];
}

/** SAM's prompt encoder and mask decoder. */
export class EmbeddedDecoder {
  readonly session: GraphSession;

  constructor(session: GraphSession) {
    this.session = session;
  }

  async decode(features: EmbeddedFeatures, { points, box, mask }: DecoderPrompts): Promise<Decoded> {
    const coords = points.flatMap(({ x, y }) => [x, y]);
    const labels: number[] = points.map(({ label }) => label);
    if (box) {
      coords.push(box.x0, box.y0, box.x1, box.y1);
      labels.push(TOP_LEFT_LABEL, BOTTOM_RIGHT_LABEL);
    } else {
      // SAM was trained with a padding point wherever there is no box.
      coords.push(0, 0);
      labels.push(PADDING_LABEL);
    }
    const { [MASKS]: masks, [IOUS]: ious } = await this.session.run(
      {
        image_embeddings: features.imageEmbedding,
        point_coords: tensor(Float32Array.from(coords), [1, labels.length, 2]),
        point_labels: tensor(Float32Array.from(labels), [1, labels.length]),
        mask_input: tensor(mask ?? new Float32Array(MASK_SIDE * MASK_SIDE), MASK_DIMS),
        has_mask_input: tensor(Float32Array.of(mask ? 1 : 0), [1]),
      },
      [MASKS, IOUS],
    );
    const token = (index: number): DecodedMask => ({
      logits: clearPadding(
        masks.data.subarray(index * MASK_SIDE ** 2, (index + 1) * MASK_SIDE ** 2),
        features,
      ),
      predictedIou: asIou(ious.data[index] ?? 0),
    });
    return { single: token(0), readings: [token(1), token(2), token(3)] };
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

/** A predicted IoU as one that can be. */
export function asIou(predicted: number): number {
  return Math.min(1, Math.max(0, predicted));
}

/** The part of the mask grid that the frame covers. */
export function maskContent({ letterbox: { content } }: Pick<EmbeddedFeatures, 'letterbox'>): Size {
  return { width: Math.round(content.width / MASK_CELL), height: Math.round(content.height / MASK_CELL) };
}

/** Sets the logits beside the frame to background. */
function clearPadding(data: Float32Array, features: EmbeddedFeatures): Grid {
  const content = maskContent(features);
  for (let y = 0; y < content.height; y++)
    data.fill(-MASK_PROMPT_BOUND, y * MASK_SIDE + content.width, (y + 1) * MASK_SIDE);
  data.fill(-MASK_PROMPT_BOUND, content.height * MASK_SIDE);
  return { width: MASK_SIDE, height: MASK_SIDE, data };
}
