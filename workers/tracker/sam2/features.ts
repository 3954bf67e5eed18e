import type { Size } from '../../../src/core/geometry.ts';
import type { DeviceTensor } from '../../models/graph.ts';

/** What the image encoder says of a frame. S: side of the input; C: hidden size. */
export interface Sam2Features {
  /** The clip's frame size. */
  readonly video: Size;
  /** [1, C/8, S/4, S/4] and [1, C/4, S/8, S/8]: fine features for the decoder. */
  readonly fine: DeviceTensor;
  readonly middle: DeviceTensor;
  /** [1, C, S/16, S/16], and the same with the no-memory embedding, for frames that no memory conditions. */
  readonly image: DeviceTensor;
  readonly imageWithoutMemory: DeviceTensor;
}

/** Mean or deviation of red, green and blue, given for values from 0 to 1, for bytes. */
export function inBytes([red = 0, green = 0, blue = 0]: Float32Array): readonly [number, number, number] {
  return [red * 255, green * 255, blue * 255];
}
