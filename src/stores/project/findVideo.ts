import { project } from '../workers/workers.ts';
import type { VideoState } from './projectStore.ts';
import { mayRead, recallHandle } from './videoHandles.ts';

export interface FoundVideo {
  readonly file: Blob | undefined;
  readonly handle?: FileSystemFileHandle;
  readonly video: VideoState;
}

/** The video of a project: the copy that is kept with it, else from where it was opened. */
export async function findVideo(id: string): Promise<FoundVideo> {
  const kept = await project.video(id);
  if (kept) return { file: kept, video: { kind: 'here' } };
  const handle = await recallHandle(id);
  if (handle === undefined) return { file: undefined, video: { kind: 'missing' } };
  if (!(await mayRead(handle))) return { file: undefined, video: { kind: 'asks', handle } };
  const file = await handle.getFile().catch(() => undefined);
  return file ? { file, handle, video: { kind: 'here' } } : { file: undefined, video: { kind: 'missing' } };
}
