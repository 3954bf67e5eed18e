import { logToCsv, logToJson, type LogEntry } from '../../core/workLog.ts';
import { stemOf } from '../../formats/files.ts';
import { videoStore } from '../clip/videoStore.ts';
import { notify, notifyError } from '../page/noticesStore.ts';
import { download } from '../work/exportFile.ts';
import { waitingLog } from '../work/workLog.ts';
import { project } from '../workers/workers.ts';
import { currentProject, flush } from './saving.ts';

/** All that was done with the clip, the oldest entry first: of all visits where there is a project, else of this one. */
export async function readWorkLog(): Promise<readonly LogEntry[]> {
  const id = currentProject();
  if (id === undefined) return waitingLog();
  await flush();
  const saved = await project.log(id);
  // Where saving fails, what is not saved yet is there all the same.
  const byTime = new Map([...saved, ...waitingLog()].map((entry) => [entry.at, entry]));
  return [...byTime.values()];
}

/** Hands the log to the browser's downloads, as a file. */
export async function saveWorkLog(format: 'csv' | 'json'): Promise<void> {
  const { clip } = videoStore.getState();
  try {
    const log = await readWorkLog();
    const name = `${stemOf(clip?.name ?? '') || 'clip'}-log.${format}`;
    const [text, type] =
      format === 'csv' ? [logToCsv(log), 'text/csv'] : [logToJson(log), 'application/json'];
    download(new Blob([text], { type }), name);
    notify(`“${name}” is on its way to your downloads.`);
  } catch (thrown) {
    notifyError(thrown);
  }
}
