import { watchForAnnouncements } from './page/announcements.ts';
import { watchPrompts } from './work/decoding.ts';
import { removeExports } from './work/exportFile.ts';
import { watchPlayhead } from './clip/frames.ts';
import { watchForHints } from './page/hintStore.ts';
import { watchForErrors } from './page/noticesStore.ts';
import { watchVisibility } from './clip/playbackStore.ts';
import { watchTimeline } from './clip/timelineStore.ts';
import { keepForOffline } from './page/offline.ts';
import { stayAwakeWhileWorking } from './page/wakeLock.ts';
import { watchForLeaving } from './page/leaving.ts';
import { loadModel } from './model/modelStore.ts';
import { watchForPreparing } from './model/preparing.ts';
import { restoreKeepsVideos } from './project/keptVideo.ts';
import { startProjects } from './project/projects.ts';
import { watchProject } from './project/saving.ts';
import { watchWorkers } from './workers/recovery.ts';
import { watchEdges } from './stage/edgeRequests.ts';
import { watchPreview } from './stage/preview.ts';
import { watchProposals } from './work/proposals.ts';
import { startStage } from './stage/stageStore.ts';
import { restoreTheme } from './page/uiStore.ts';

/** Connects the stores with each other and with the workers, and loads the model. To be called once. */
export function startStores(): void {
  watchForErrors();
  restoreTheme();
  watchWorkers();
  watchPlayhead();
  watchVisibility();
  watchTimeline();
  watchPrompts();
  watchForPreparing();
  watchPreview();
  watchEdges();
  watchProposals();
  watchForAnnouncements();
  watchForLeaving();
  watchForHints();
  restoreKeepsVideos();
  watchProject();
  void removeExports();
  void startStage();
  void loadModel();
  void startProjects();
  stayAwakeWhileWorking();
  keepForOffline();
}
