import { PLAIN_EDGE } from '../../../src/core/edges/edgeSettings.ts';
import type { FrameMask } from '../../../src/core/frameMask.ts';
import { MaskTrack } from '../../../src/core/maskTrack.ts';
import { EMPTY_DOCUMENT, withNewObject } from '../../../src/document/document.ts';
import { exportScope, framesBetween } from '../../../src/document/exportScope.ts';
import { openFile } from '../../../src/stores/clip/openClip.ts';
import { videoStore } from '../../../src/stores/clip/videoStore.ts';
import { closeVideoExport, saveVideo, videoExportStore } from '../../../src/stores/work/videoExport.ts';
import { swingMasks, type VideoOrderOfBench, type VideoProgress } from '../longClip.ts';

const input = document.querySelector('input');
input?.addEventListener('change', () => {
  const [file] = input.files ?? [];
  if (file) void openFile(file);
});

/** Frames that were looked through, of all; nothing until the clip is open. */
function scanned(): number {
  const { clip, scannedFrames } = videoStore.getState();
  return clip ? scannedFrames / clip.info.frameCount : 0;
}

/** Begins to export all frames with masks of the square as a video. */
function startVideo({ look, isSoft }: VideoOrderOfBench): void {
  const { clip } = videoStore.getState();
  if (clip === undefined) throw new Error('No clip is open.');
  const { frameCount } = clip.info;
  const swing = swingMasks();
  const masks = framesBetween(0, frameCount - 1).flatMap((frame): [number, FrameMask][] => {
    const mask = swing[frame % swing.length];
    return mask ? [[frame, { mask, status: 'tracked', score: 0.9 }]] : [];
  });
  const { document } = withNewObject(EMPTY_DOCUMENT);
  const objects = document.objects.map((object) => ({
    ...object,
    track: MaskTrack.EMPTY.with(masks),
    ...(isSoft && { edge: { ...PLAIN_EDGE, detail: 4, feather: 2, smooth: 2, steady: 2 } }),
  }));
  closeVideoExport();
  const scope = exportScope({ ...document, objects }, framesBetween(0, frameCount - 1), frameCount);
  void saveVideo({ clip, scope, look });
}

function videoProgress(): VideoProgress {
  const state = videoExportStore.getState();
  return { ...{ done: 0, total: 0, bytes: 0 }, ...state };
}

Object.assign(window, { scanned, startVideo, videoProgress });
