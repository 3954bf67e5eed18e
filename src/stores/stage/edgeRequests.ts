import { isPlain } from '../../core/edges/edgeSettings.ts';
import { toMaskletError } from '../../core/errors.ts';
import { playbackStore } from '../clip/playbackStore.ts';
import { notifyError } from '../page/noticesStore.ts';
import { brushStore } from '../work/brushStore.ts';
import { edgeStore } from '../work/edgeStore.ts';
import { objectsStore } from '../work/objectsStore.ts';
import { player } from '../workers/workers.ts';
import { shownMasks } from './drawnMasks.ts';
import { edgedMasks, edgedMasksStore } from './edgedMasks.ts';

let isWorking = false;

/**
 * Has the edges of the frame that is shown made by a worker, one frame at a time and the latest next. Not while a clip plays: a frame with its
 * edges would come among others without.
 */
export function watchEdges(): () => void {
  const stores = [objectsStore, brushStore, edgeStore, playbackStore];
  const ends = stores.map((store) => store.subscribe(() => void update()));
  return () => ends.forEach((end) => end());
}

async function update(): Promise<void> {
  if (isWorking) return;
  const { shownFrame, playing } = playbackStore.getState();
  if (shownFrame === undefined || playing) return;
  const of = shownMasks(shownFrame).map(({ entry, edge, neighbours }) => ({ entry, edge, neighbours }));
  if (of.every(({ edge }) => isPlain(edge))) {
    if (edgedMasksStore.getState().edged) edgedMasksStore.setState({ edged: undefined });
    return;
  }
  if (edgedMasks(shownFrame, of)) return;
  isWorking = true;
  try {
    const masks = of.map(({ entry, edge, neighbours }) => ({ mask: entry.mask, edge, neighbours }));
    const made = await player.edges(shownFrame, masks);
    edgedMasksStore.setState({ edged: { frame: shownFrame, of, ...made } });
  } catch (thrown) {
    // Another clip was opened, or the worker is started again: the masks are shown as they are.
    const { code } = toMaskletError(thrown);
    if (code !== 'worker-crashed' && code !== 'superseded' && code !== 'not-ready') notifyError(thrown);
    return;
  } finally {
    isWorking = false;
  }
  void update();
}
