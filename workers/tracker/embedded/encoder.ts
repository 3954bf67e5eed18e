import { MaskletError } from '../../../src/core/errors.ts';
import { letterbox, type ModelFit, type Size } from '../../../src/core/geometry.ts';
import { oneAtATime } from '../../../src/core/oneAtATime.ts';
import type { DeviceTensor, GraphRuntime, GraphSession } from '../../models/graph.ts';
import { readShapes, type ShapedGraphs } from '../../models/shapedFile.ts';
import { fitFrame, shapeName } from './encoderShapes.ts';
import { INPUT_SIDE } from './features.ts';
import { EMBEDDING, STAGE_1, STAGE_2 } from './tensorNames.ts';
import type { EncoderOutputs } from './tracking.ts';

/** Most films are of this shape: the encoder is ready for them when it is loaded. */
const LIKELY: Size = { width: 16, height: 9 };
/** Shapes that the CPU has a graph for at once: that of the clip, and the square that the detail pass looks at. */
const MOST_ON_CPU = 2;

/**
 * The image encoder. Its file has a graph for each shape of input, which is loaded when the first frame of its shape comes. On the CPU, the
 * one that was not used for longest makes room for a third. On a GPU all stay, for what they have given lies in memory of theirs.
 */
export class EmbeddedEncoder {
  readonly #runtime: GraphRuntime;
  readonly #graphs: ShapedGraphs;
  readonly #inTurn = oneAtATime();
  /** By the shape's name, the last used one last. */
  readonly #sessions = new Map<string, GraphSession>();
  #isDisposed = false;

  private constructor(runtime: GraphRuntime, file: Uint8Array) {
    this.#runtime = runtime;
    this.#graphs = readShapes(file);
  }

  /** @throws MaskletError `model-failed` if the graph cannot be loaded */
  static async load(runtime: GraphRuntime, file: Uint8Array): Promise<EmbeddedEncoder> {
    const encoder = new EmbeddedEncoder(runtime, file);
    await encoder.#sessionFor(encoder.fit(LIKELY).input);
    return encoder;
  }

  /** How a frame lies in the square, and the part of that which `encode` wants. */
  fit(video: Size): ModelFit {
    const fit = fitFrame(video);
    return this.#graphs.parts.has(shapeName(fit.input)) ? fit : letterbox(video, INPUT_SIDE);
  }

  /**
   * @param input [1, 3, rows, columns], as `fit` says
   * @throws MaskletError as `GraphRuntime.load` and `GraphSession.runInPlace` do; `disposed` after `dispose()`
   */
  encode(input: DeviceTensor): Promise<EncoderOutputs> {
    const [, , height = INPUT_SIDE, width = INPUT_SIDE] = input.dims;
    return this.#inTurn(async () => {
      const session = await this.#sessionFor({ width, height });
      const outputs = await session.runInPlace({ input }, [EMBEDDING, STAGE_2, STAGE_1]);
      return { embedding: outputs[EMBEDDING], stage2: outputs[STAGE_2], stage1: outputs[STAGE_1] };
    });
  }

  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isDisposed = true;
      for (const session of this.#sessions.values()) await session.dispose();
    });
  }

  async #sessionFor(input: Size): Promise<GraphSession> {
    const shape = shapeName(input);
    const known = this.#sessions.get(shape);
    const session = known ?? (await this.#load(shape));
    this.#sessions.delete(shape);
    this.#sessions.set(shape, session);
    return session;
  }

  async #load(shape: string): Promise<GraphSession> {
    if (this.#isDisposed)
      throw new MaskletError('disposed', 'The image encoder was run after it was disposed.');
    const [oldest] = this.#sessions;
    if (oldest && !this.#runtime.gpu && this.#sessions.size >= MOST_ON_CPU) {
      this.#sessions.delete(oldest[0]);
      await oldest[1].dispose();
    }
    const part = this.#graphs.parts.get(shape);
    return this.#runtime.load('image encoder', part ? part() : this.#graphs.whole, { replay: true });
  }
}
