import type { ModelBox } from '../../../src/core/geometry.ts';
import { FIRST_WIDER_READING } from '../../../src/core/prompts.ts';
import { readNarrower, readWider, type BoxReader } from '../masks/boxReadings.ts';
import type { Grid } from '../masks/grid.ts';
import type { Tensor } from '../../models/graph.ts';
import { GIVEN_LOGIT, type Sam2Contract } from './contract.ts';
import { freeRead, readDecoded, type ReadDecoded } from './decoded.ts';
import type { Sam2Features } from './features.ts';
import { scalar } from './maskTensors.ts';
import { boxCorners, type LabelledPoint } from './promptTokens.ts';

/**
 * One reading of a click: the decoder's own as far as it has any, else what it answers to the click in a narrower or wider box
 * than that of the most likely one.
 *
 * @param reading as in `FramePrompts`
 * @param side of the model's input, S
 */
export async function readClick(
  contract: Sam2Contract,
  features: Sam2Features,
  click: LabelledPoint,
  reading: number,
  side: number,
): Promise<ReadDecoded> {
  const { tensors } = contract;
  const found = await contract.readings(features, click);
  const ranked = [...found].sort((a, b) => valueOf(b.predictedIou) - valueOf(a.predictedIou));
  const own = reading < FIRST_WIDER_READING ? ranked[reading] : undefined;
  const start = own ?? ranked[0];
  if (!start) throw new RangeError('The decoder has no reading of a click.');
  for (const each of found) if (each !== start) freeRead(tensors, each);
  // Whoever chooses a mask says that the object is there.
  if (own) return valueOf(own.objectScore) > 0 ? own : { ...own, objectScore: scalar(GIVEN_LOGIT) };

  const gridded = (decoded: ReadDecoded): Gridded => {
    const { maskSide } = contract;
    return { decoded, logits: { width: maskSide, height: maskSide, data: decoded.logits.data } };
  };
  let held = start;
  const reader: BoxReader<Gridded> = {
    cell: side / contract.maskSide,
    content: { width: side, height: side },
    decode: async (box: ModelBox) => {
      const points = [...boxCorners(box), click];
      const decoded = await readDecoded(
        tensors,
        await contract.decode(features, features.imageWithoutMemory, points),
      );
      freeRead(tensors, held);
      held = decoded;
      return gridded(decoded);
    },
  };
  const { decoded } =
    reading < FIRST_WIDER_READING
      ? await readNarrower(reader, gridded(start), reading, click)
      : await readWider(reader, gridded(start), reading - FIRST_WIDER_READING + 1);
  return decoded;
}

interface Gridded {
  readonly decoded: ReadDecoded;
  readonly logits: Grid;
}

function valueOf({ data: [value = 0] }: Tensor): number {
  return value;
}
