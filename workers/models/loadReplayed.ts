import { isGpuFailure } from '../gpu/gpuFailure.ts';
import type { GraphRuntime, GraphSession, LoadOptions } from './graph.ts';

/**
 * A graph of which a GPU replays a recorded run, beside a session that does the same work more slowly. Nothing where it is not replayed, or
 * cannot be loaded once more; the console then says so.
 *
 * @throws MaskletError `gpu-…`: a GPU that has failed does nothing more
 */
export async function loadReplayed(
  runtime: Pick<GraphRuntime, 'load'>,
  name: string,
  file: Uint8Array,
  sizes: NonNullable<LoadOptions['sizes']>,
): Promise<GraphSession | undefined> {
  const session = await runtime
    .load(name, file, { replay: true, sizes })
    .catch((cause: unknown): undefined => {
      if (isGpuFailure(cause)) throw cause;
      console.warn(`The graph “${name}” is not replayed: it could not be loaded.`, cause);
    });
  if (!session || session.isReplayed) return session;
  await session.dispose();
  return undefined;
}
