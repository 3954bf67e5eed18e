import { watchForAnnouncements } from './announcements.ts';
import { watchPrompts } from './decoding.ts';
import { removeExports } from './exportFile.ts';
import { watchPlayhead } from './frames.ts';
import { watchForLeaving } from './leaving.ts';
import { loadModel } from './modelStore.ts';
import { watchForPreparing } from './preparing.ts';
import { watchWorkers } from './recovery.ts';
import { watchPreview } from './preview.ts';
import { watchProposals } from './proposals.ts';
import { startStage } from './stageStore.ts';
import { restoreTheme } from './uiStore.ts';

/** Connects the stores with each other and with the workers, and loads the model. To be called once. */
export function startStores(): void {
  restoreTheme();
  watchWorkers();
  watchPlayhead();
  watchPrompts();
  watchForPreparing();
  watchPreview();
  watchProposals();
  watchForAnnouncements();
  watchForLeaving();
  void removeExports();
  void startStage();
  void loadModel();
}
